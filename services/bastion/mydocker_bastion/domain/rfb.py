"""The opening words of VNC (RFB, RFC 6143), as far as signing in needs them."""

import re
from collections.abc import Sequence
from enum import IntEnum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.modes import ECB

GREETING_LENGTH = 12
NEWEST = b"RFB 003.008\n"
CHALLENGE_LENGTH = 16
GOOD = b"\0\0\0\0"
"""A SecurityResult."""
OFFERED = bytes([1, 1])
"""One way to sign in: none is needed."""
_GREETING = re.compile(rb"RFB (\d{3})\.(\d{3})\n")
_KEY_LENGTH = 8


class NotVnc(Exception):
    """What answers there speaks something else."""


class Security(IntEnum):
    """The ways to sign in that we know how to go."""

    NONE = 1
    PASSWORD = 2


class Minor(IntEnum):
    """The three versions there are; every other number counts as the one below it."""

    THREE = 3
    SEVEN = 7
    EIGHT = 8

    @property
    def greeting(self) -> bytes:
        return b"RFB 003.%03d\n" % self


def spoken(greeting: bytes) -> Minor:
    """The newest version that a server with this greeting and we both speak."""
    found = _GREETING.fullmatch(greeting)
    if found is None:
        raise NotVnc("no greeting")
    major, minor = int(found[1]), int(found[2])
    if (major, minor) < (3, 3):
        raise NotVnc("too old")
    return max(one for one in Minor if (3, one) <= (major, minor))


def way_in(offered: Sequence[int], *, has_password: bool) -> Security | None:
    """The way we take among those a server offers; None: one that only a person can go."""
    if has_password and Security.PASSWORD in offered:
        return Security.PASSWORD
    return Security.NONE if Security.NONE in offered else None


def answer(challenge: bytes, password: str) -> bytes:
    """What proves the password's first eight characters: DES, each byte of the key mirrored."""
    if len(challenge) != CHALLENGE_LENGTH:
        raise NotVnc("no challenge")
    key = password.encode("latin-1", "replace")[:_KEY_LENGTH].ljust(_KEY_LENGTH, b"\0")
    mirrored = bytes(int(f"{one:08b}"[::-1], 2) for one in key)
    # Three times the same key: Triple DES is then DES, which no library offers by itself.
    cipher = Cipher(TripleDES(mirrored * 3), ECB()).encryptor()  # noqa: S305 - the protocol's own
    return cipher.update(challenge) + cipher.finalize()
