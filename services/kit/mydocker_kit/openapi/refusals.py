"""The refusals of each operation: `refusals.json` of a service, written by `make openapi`.

The file is derived from the code (`deploy/refusals`). It is read when the application is made, so
that the description that a running service serves names the same codes as the one in the
repository, without reading source code at start.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ..problems import MEDIA_TYPE

Refusals = Mapping[str, Mapping[str, list[str]]]
"""Codes by status, by operation id."""
DESCRIPTIONS = {
    "400": "The request is malformed",
    "401": "No valid proof of who calls",
    "403": "Not allowed",
    "404": "Not there, or not open to the caller",
    "409": "Not possible in the current state",
    "410": "Not there any more",
    "412": "Changed meanwhile, or there already",
    "413": "Too large",
    "415": "Of an unknown content type",
    "422": "Values that are not valid",
    "428": "The version to change is not named",
    "429": "Too many or too often; `Retry-After` says when to come back",
    "503": "Part of the platform does not answer; `Retry-After` says when to come back",
}
_RETRY_AFTER = {"Retry-After": {"$ref": "#/components/headers/RetryAfter"}}


def load(path: Path) -> Refusals:
    """The file of a service; empty where it has not been written yet."""
    if not path.exists():
        return {}
    refusals: Refusals = json.loads(path.read_text(encoding="utf-8"))
    return refusals


def describe(operation: dict[str, Any], codes: Mapping[str, list[str]]) -> None:
    """Replace the refusals of an operation by those that it can answer, each code named."""
    responses = {
        status: response
        for status, response in operation["responses"].items()
        if not status.startswith(("4", "5"))
        or status.endswith("XX")  # pages for people
        or not response.get("content")  # an answer without a body, hence without a code
    }
    operation["responses"] = responses | {
        status: _response(status, names) for status, names in codes.items()
    }


def _response(status: str, codes: list[str]) -> dict[str, Any]:
    narrowed = {"properties": {"code": {"enum": codes}, "status": {"const": int(status)}}}
    schema = {"allOf": [{"$ref": "#/components/schemas/Problem"}, narrowed]}
    response: dict[str, Any] = {
        "description": DESCRIPTIONS[status],
        "content": {MEDIA_TYPE: {"schema": schema}},
    }
    if status in ("429", "503"):
        response["headers"] = _RETRY_AFTER
    return response
