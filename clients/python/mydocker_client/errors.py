"""What can go wrong with a call, each with an exit code of the command line."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Any


class Exit(IntEnum):
    """Exit codes of `mydocker`; 2 is click's own, for a command line that cannot be read."""

    OK = 0
    FAILED = 1
    """Anything else, a build that failed among it."""
    USAGE = 2
    SIGNED_OUT = 3
    """No token, or one that is unknown, expired or revoked."""
    FORBIDDEN = 4
    NOT_FOUND = 5
    CONFLICT = 6
    INVALID = 7
    UNAVAILABLE = 8
    """The platform cannot be reached or asks to come back later."""
    DIFFERS = 9
    """`apply --check`: the file and the platform differ."""


_EXITS: Mapping[int, Exit] = {
    400: Exit.INVALID,
    401: Exit.SIGNED_OUT,
    403: Exit.FORBIDDEN,
    404: Exit.NOT_FOUND,
    409: Exit.CONFLICT,
    410: Exit.CONFLICT,
    412: Exit.CONFLICT,
    422: Exit.INVALID,
    429: Exit.UNAVAILABLE,
    502: Exit.UNAVAILABLE,
    503: Exit.UNAVAILABLE,
}


class ClientError(Exception):
    """A failure that a person reads as one sentence."""

    exit = Exit.FAILED


class SignedOut(ClientError):
    """There is no token."""

    exit = Exit.SIGNED_OUT


class Unreachable(ClientError):
    """The platform does not answer."""

    exit = Exit.UNAVAILABLE


class FileInvalid(ClientError):
    """A file of `apply` cannot be used; the text names the field."""

    exit = Exit.INVALID


class ApiError(ClientError):
    """A refusal of the API (RFC 9457), with its stable `code`."""

    def __init__(self, status: int, problem: Mapping[str, Any]) -> None:
        self.status = status
        self.code = str(problem.get("code", f"status_{status}"))
        self.parameters: Mapping[str, Any] = problem.get("parameters") or {}
        self.fields: list[Mapping[str, Any]] = list(problem.get("fields") or [])
        self.exit = _EXITS.get(status, Exit.FAILED)
        super().__init__(self._text(str(problem.get("title", "The request was refused"))))

    def _text(self, title: str) -> str:
        known = ", ".join(f"{name}: {value}" for name, value in self.parameters.items())
        wrong = [f"  {field.get('field')}: {field.get('message')}" for field in self.fields]
        return "\n".join([f"{title} ({self.code}{', ' + known if known else ''})", *wrong])
