"""Host labels of ports of Environments: stable, and impossible to guess."""

import base64
import hashlib
import hmac
import re
from functools import lru_cache
from uuid import UUID

_SHAPE = re.compile(r"^e[a-z2-7]{25}$")


@lru_cache(maxsize=8192)
def label(key: bytes, environment_id: UUID, port: int) -> str:
    """First part of the host name of one port: `e` and 125 bits that only the key can make."""
    digest = hmac.new(key, f"label:{environment_id}:{port}".encode(), hashlib.sha256).digest()
    return "e" + base64.b32encode(digest).decode().lower()[:25]


def label_in(host: str, content_host: str) -> str | None:
    """The label in front of `content_host` in a Host header; None for any other host."""
    front, dot, rest = host.lower().partition(".")
    return front if dot and rest == content_host and _SHAPE.match(front) else None
