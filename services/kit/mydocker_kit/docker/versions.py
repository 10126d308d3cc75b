"""Which version of the Docker Engine API to speak with an engine. Pure; every program asks here.

An engine names the newest and the oldest version it speaks (`GET /version`, a path that needs no
version itself). `negotiate` picks the newest that both sides know. Never a fixed one: Docker 29
refuses clients below 1.44, and Docker 20.10 refuses those above 1.41. Never below `OLDEST`
either: to an older version an engine answers 201 and silently drops capabilities, pids and limits.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

_VERSION = re.compile(r"\s*(\d{1,4})\.(\d{1,4})\s*", re.ASCII)
_MAJOR = re.compile(r"\s*v?(\d{1,4})\b", re.ASCII)


@dataclass(frozen=True, order=True)
class ApiVersion:
    """A version of the Engine API: `1.41`."""

    major: int
    minor: int

    @classmethod
    def parse(cls, text: str) -> "ApiVersion":
        """`1.41`; anything else is a ValueError."""
        match = _VERSION.fullmatch(text)
        if match is None:
            raise ValueError(f"not an API version: {text!r}")
        return cls(int(match[1]), int(match[2]))

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}"

    @property
    def path(self) -> str:
        """As the first part of a request's path."""
        return f"v{self}"


OLDEST = ApiVersion(1, 41)
"""Docker 20.10's, which first knows CapabilityDrop, Pids and Ulimits of a service."""
NEWEST = ApiVersion(1, 51)
"""Docker 28.5's, the newest that the code was tested with."""
CONFINES = ApiVersion(1, 44)
"""Docker 25's, the first with no-new-privileges, seccomp and AppArmor as fields of a service."""
_CONFINING_ENGINE = 25
_UNNAMED = ApiVersion(1, 12)
"""The oldest version of engines that do not name one."""


class Mismatch(StrEnum):
    """Why no version is spoken; also codes of problems, which the page translates."""

    TOO_OLD = "engine_too_old"
    TOO_NEW = "engine_too_new"
    UNREADABLE = "engine_unreadable"


class UnusableEngine(Exception):
    """No version that both sides know; the text is one sentence that says what to do."""

    def __init__(self, mismatch: Mismatch, engine: str, message: str) -> None:
        super().__init__(message)
        self.mismatch, self.engine = mismatch, engine


@dataclass(frozen=True)
class Negotiated:
    """What was agreed with an engine."""

    engine: str
    """Its own version, `28.5.2`; empty: it does not say."""
    api: ApiVersion

    def __str__(self) -> str:
        return f"Docker {self.engine or 'of an unknown version'}, API {self.api}"


def negotiate(body: bytes, where: str) -> Negotiated:
    """The version to speak, by the engine's answer to `GET /version`; `where` names the engine."""
    answer = _parsed(body)
    engine = str(answer.get("Version") or "")[:40]
    name = f"the Docker engine at {where}" + (f" ({engine})" if engine else "")
    newest, oldest = (
        _said(answer, "ApiVersion", name),
        _said(answer, "MinAPIVersion", name, _UNNAMED),
    )
    if newest < OLDEST:
        raise UnusableEngine(
            Mismatch.TOO_OLD,
            engine,
            f"{name} speaks API {newest} at most, and MyDocker needs {OLDEST}: install Docker 20.10"
            " or newer there.",
        )
    if oldest > NEWEST:
        raise UnusableEngine(
            Mismatch.TOO_NEW,
            engine,
            f"{name} speaks no API below {oldest}, and this MyDocker knows {NEWEST} at most: update"
            f" MyDocker, or start dockerd with DOCKER_MIN_API_VERSION={NEWEST} in its environment.",
        )
    return Negotiated(engine, min(newest, NEWEST))


def _parsed(body: bytes) -> Mapping[str, Any]:
    try:
        parsed = json.loads(body)
    except ValueError:
        return {}
    return parsed if isinstance(parsed, dict) else {}


def _said(
    answer: Mapping[str, Any], field: str, name: str, otherwise: ApiVersion | None = None
) -> ApiVersion:
    value = answer.get(field)
    if not value and otherwise is not None:
        return otherwise
    try:
        return ApiVersion.parse(str(value or ""))
    except ValueError:
        shown = str(value or "")[:40]
        raise UnusableEngine(
            Mismatch.UNREADABLE,
            str(answer.get("Version") or "")[:40],
            f"{name} does not say which API versions it speaks ({field} is {shown!r}): check that a"
            " Docker engine listens there.",
        ) from None


def engine_major(version: str) -> int | None:
    """28 of `28.5.2`; None where there is no number."""
    match = _MAJOR.match(version)
    return int(match[1]) if match else None


def engine_confines(version: str) -> bool:
    """Whether an engine of this version acts on no-new-privileges of a service (since 25)."""
    major = engine_major(version)
    return major is not None and major >= _CONFINING_ENGINE
