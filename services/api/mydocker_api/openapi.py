"""The OpenAPI description, made without settings or services."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from mydocker_kit.contracts.events import ChangeEvent

from .routes import api_application

STREAMED = (ChangeEvent,)
"""Data of event streams: no route answers with it, and the browser needs its type."""
_NAMES = {
    "413": "Request Entity Too Large",
    "414": "Request-URI Too Long",
    "416": "Requested Range Not Satisfiable",
    "422": "Unprocessable Entity",
}


@asynccontextmanager
async def _nothing(app: object) -> AsyncIterator[None]:
    yield


async def _ready() -> None:
    return


def openapi_json() -> str:
    """The description of all `/api` routes, in a stable order."""
    description = api_application(_nothing, _ready).openapi()
    description["paths"] = {
        path: _named(item)
        for path, item in description["paths"].items()
        if path.startswith("/api/")
    }
    for streamed in STREAMED:
        schema = streamed.model_json_schema(ref_template="#/components/schemas/{model}")
        named = {**schema.pop("$defs", {}), streamed.__name__: schema}
        description["components"]["schemas"] |= named
    return json.dumps(description, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _named(item: dict[str, Any]) -> dict[str, Any]:
    """Replace status texts that Python 3.13 renamed: the description is the same everywhere."""
    for operation in item.values():
        for status, response in operation["responses"].items():
            response["description"] = _NAMES.get(status, response["description"])
    return item
