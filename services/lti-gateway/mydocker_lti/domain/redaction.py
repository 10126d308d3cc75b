"""Claims of a refused launch for operators: codes, ids and times; no names, no secrets.

Addresses lose their query (Moodle puts its `sesskey` there), custom parameters their values. The
person is a short digest, which shows whether two refusals are of the same person.
"""

import hashlib
from collections.abc import Mapping
from typing import Any

from mydocker_kit.contracts.values import external_text

from .launches.claims import DEEP_LINKING, LTI
from .services.service_urls import GRADES_CLAIM, ROSTER_CLAIM

_LONGEST = 255
_MOST = 20
_SAME = {
    "issuer": "iss",
    "authorized_party": "azp",
    "message": f"{LTI}message_type",
    "version": f"{LTI}version",
    "deployment": f"{LTI}deployment_id",
}
_TIMES = {"issued": "iat", "expires": "exp", "not_before": "nbf"}
_PRESENT = {
    "custom": f"{LTI}custom",
    "deep_linking": f"{DEEP_LINKING}deep_linking_settings",
    "grades": GRADES_CLAIM,
    "roster": ROSTER_CLAIM,
    "name": "name",
    "email": "email",
}


def redacted(payload: object) -> dict[str, Any] | None:
    """The redacted claims; None when the payload is no object."""
    if not isinstance(payload, Mapping):
        return None
    codes = {name: _short(payload.get(claim)) for name, claim in _SAME.items()}
    times = {name: _number(payload.get(claim)) for name, claim in _TIMES.items()}
    presentation = _part(payload, "launch_presentation")
    known = {
        **codes,
        **times,
        "audience": _texts(payload.get("aud")),
        "roles": _texts(payload.get(f"{LTI}roles")),
        "target": _address(payload.get(f"{LTI}target_link_uri")),
        "context": _short(_part(payload, "context").get("id")),
        "resource_link": _short(_part(payload, "resource_link").get("id")),
        "locale": _short(presentation.get("locale")),
        "document_target": _short(presentation.get("document_target")),
        "person": _person(payload),
        "carries": [name for name, claim in _PRESENT.items() if payload.get(claim)],
    }
    return {name: value for name, value in known.items() if value not in (None, [])}


def _short(value: object) -> str | None:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    return external_text(str(value)[: _LONGEST * 2])


def _number(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return int(value) if abs(value) < 1e15 else None


def _texts(value: object) -> list[str]:
    entries = value if isinstance(value, list) else [value]
    return [text for entry in entries[:_MOST] if (text := _short(entry))]


def _address(value: object) -> str | None:
    text = _short(value)
    return text.partition("?")[0].partition("#")[0] if text else None


def _part(payload: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = payload.get(f"{LTI}{name}")
    return part if isinstance(part, Mapping) else {}


def _person(payload: Mapping[str, Any]) -> str | None:
    subject = payload.get("sub")
    if not isinstance(subject, str):
        return None
    text = f"{payload.get('iss')} {subject}"
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()[:12]
