"""Errors of calls to a Docker engine, and how its HTTP answers become them. Pure."""

import json

from .versions import Mismatch

_NAME_TAKEN = 409
_WRONG_VERSION = "client version "
"""Start of an engine's 400 to an unsupported API version."""


class EngineError(Exception):
    """A call to the engine failed; `status` is its HTTP status, None where it did not answer."""

    def __init__(self, message: str, status: int | None = None) -> None:
        super().__init__(message)
        self.status = status


class EngineUnavailable(EngineError):
    """The engine does not answer, or cannot at present; a retry may succeed."""


class EngineIncompatible(EngineUnavailable):
    """The engine supports no API version of ours; the text says what to do."""

    def __init__(self, message: str, mismatch: Mismatch, engine: str) -> None:
        super().__init__(message)
        self.mismatch, self.engine = mismatch, engine


class EngineRefused(EngineError):
    """The engine refused the request; a retry would be refused too."""

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message, status)


class NameTaken(EngineError):
    """An object of that name exists."""


def error_of(status: int, body: bytes) -> EngineError:
    """The error for a response with this status and body.

    409: the name is taken. Other 4xx: refused. 5xx is temporary: no leader, restarting.
    """
    message = _message(body)
    if status == _NAME_TAKEN:
        return NameTaken(message, status)
    if status == 400 and _WRONG_VERSION in message:
        return EngineUnavailable(message, status)
    if 400 <= status < 500:
        return EngineRefused(message, status)
    return EngineUnavailable(message, status)


def _message(body: bytes) -> str:
    """The engine's own text: `{"message": …}`, or the body as it is."""
    text = body.decode(errors="replace").strip()
    try:
        parsed = json.loads(text)
    except ValueError:
        return text
    return str(parsed.get("message") or text) if isinstance(parsed, dict) else text
