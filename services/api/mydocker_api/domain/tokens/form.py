"""The form of an API token: prefix, random part, checksum.

The prefix lets secret scanners recognise a leaked token; the checksum lets them, and this service,
discard a mistyped one without a look-up. The random part holds 178 bits, so a plain SHA-256 at
rest is enough: nothing can be guessed from it.
"""

import hashlib
import secrets
import string
import zlib

PREFIX = "mydocker_pat_"
_ALPHABET = string.digits + string.ascii_uppercase + string.ascii_lowercase
_RANDOM = 30
_CHECKSUM = 6
SHOWN = 4
"""Last characters that lists show, so that a person recognises which token it is."""


def new_token() -> str:
    """A fresh token; it is shown once and never stored."""
    body = PREFIX + "".join(secrets.choice(_ALPHABET) for _ in range(_RANDOM))
    return body + _checksum(body)


def is_well_formed(token: str) -> bool:
    """Whether prefix, length and checksum are right; says nothing about whether it exists."""
    if not token.startswith(PREFIX) or len(token) != len(PREFIX) + _RANDOM + _CHECKSUM:
        return False
    body, checksum = token[:-_CHECKSUM], token[-_CHECKSUM:]
    return token.isascii() and secrets.compare_digest(_checksum(body), checksum)


def digest(token: str) -> bytes:
    """What is stored and looked up: SHA-256, 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


def _checksum(body: str) -> str:
    number, text = zlib.crc32(body.encode()), ""
    for _ in range(_CHECKSUM):
        number, rest = divmod(number, len(_ALPHABET))
        text = _ALPHABET[rest] + text
    return text
