"""Parses a login name: an environment, and which of its SSH ports."""

import re
from dataclasses import dataclass

_SHAPE = re.compile(r"([a-z][a-z0-9_]{2,31})(?:\+([1-9][0-9]{0,4}))?")


@dataclass(frozen=True)
class Login:
    """`strange_mcclintock`, or `strange_mcclintock+2222` for another port than the first."""

    name: str
    port: int | None

    def __str__(self) -> str:
        return self.name if self.port is None else f"{self.name}+{self.port}"


def login(text: str) -> Login | None:
    """The parsed login name; None when it is invalid."""
    match = _SHAPE.fullmatch(text)
    if match is None:
        return None
    port = int(match[2]) if match[2] else None
    return None if port is not None and port > 65535 else Login(match[1], port)
