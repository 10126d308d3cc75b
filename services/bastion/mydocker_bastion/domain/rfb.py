"""The VNC handshake (RFB, RFC 6143), as far as authentication needs it."""

import re
from collections.abc import Sequence
from enum import IntEnum

GREETING_LENGTH = 12
NEWEST = b"RFB 003.008\n"
CHALLENGE_LENGTH = 16
SECURITY_OK = b"\0\0\0\0"
"""A SecurityResult."""
NO_AUTH_OFFER = bytes([1, 1])
"""Security types offered to the browser: one, without authentication."""
_GREETING = re.compile(rb"RFB (\d{3})\.(\d{3})\n")


class NotVnc(Exception):
    """The server speaks another protocol."""


class Security(IntEnum):
    """The supported security types."""

    NONE = 1
    PASSWORD = 2


class Minor(IntEnum):
    """The three protocol versions; every other number counts as the one below it."""

    THREE = 3
    SEVEN = 7
    EIGHT = 8

    @property
    def greeting(self) -> bytes:
        return b"RFB 003.%03d\n" % self


def negotiated_version(greeting: bytes) -> Minor:
    """The newest version that both the server with this greeting and we support."""
    match = _GREETING.fullmatch(greeting)
    if match is None:
        raise NotVnc("no greeting")
    major, minor = int(match[1]), int(match[2])
    if (major, minor) < (3, 3):
        raise NotVnc("too old")
    return max(version for version in Minor if (3, version) <= (major, minor))


def choose_security(offered: Sequence[int], *, has_password: bool) -> Security | None:
    """The security type to use; None when only the person can authenticate."""
    if has_password and Security.PASSWORD in offered:
        return Security.PASSWORD
    return Security.NONE if Security.NONE in offered else None
