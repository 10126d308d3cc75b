"""Keys by which a creation may be repeated: their form, and what a repetition must have in common.

Source: IETF draft "The Idempotency-Key HTTP Header Field". A key belongs to a person; the same key
with the same request gets the answer of the first one, and with another request is refused.
"""

import hashlib
import re
from datetime import timedelta

from mydocker_kit.errors import Conflict, Invalid, ProblemError

HEADER = "Idempotency-Key"
REMEMBERED = timedelta(hours=24)
"""How long an answer is repeated."""
ABANDONED_AFTER = timedelta(minutes=2)
"""A first request without an answer after this time has died: its statements end in 15 s."""
_KEY = re.compile(r"[\x21-\x7e]{1,255}")


class IdempotencyKeyMalformed(ProblemError):
    """The key is empty, longer than 255 characters, or not of visible ASCII characters."""

    status, code, title = 400, "idempotency_key_malformed", "Idempotency-Key is not a key"


class IdempotencyKeyReused(Invalid):
    """The key was used for another request; every creation needs a key of its own."""

    code, title = "idempotency_key_reused", "This Idempotency-Key was used for another request"


class IdempotencyKeyInUse(Conflict):
    """The first request with this key has no answer yet; a repetition waits a second."""

    code, title = "idempotency_key_in_use", "The first request with this key is still at work"
    retry_after = 1


def checked_key(values: list[str]) -> str:
    """The key of the header's values; raises `IdempotencyKeyMalformed`."""
    if len(values) != 1 or not _KEY.fullmatch(values[0]):
        raise IdempotencyKeyMalformed
    return values[0]


def fingerprint(method: str, path: str, query: str, body: bytes) -> bytes:
    """What two requests with one key must have in common, as 32 bytes."""
    digest = hashlib.sha256()
    for part in (method.encode(), path.encode(), query.encode(), body):
        digest.update(len(part).to_bytes(8) + part)
    return digest.digest()
