"""Container output: Docker's multiplexed frames → readable text."""

import re

import aiohttp

_HEADER = 8
_ESCAPES = re.compile(r"\x1b\[[0-9;?]*[A-Za-z]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


def plain_text(raw: bytes) -> str:
    """The text of a multiplexed log: each frame is a kind, three zeros, a length, its bytes."""
    parts, at = [], 0
    while at + _HEADER <= len(raw):
        if raw[at] > 2 or raw[at + 1 : at + 4] != b"\0\0\0":
            return _clean(raw)  # a terminal's output has no frames
        size = int.from_bytes(raw[at + 4 : at + _HEADER], "big")
        parts.append(raw[at + _HEADER : at + _HEADER + size])
        at += _HEADER + size
    return _clean(b"".join(parts))


def _clean(raw: bytes) -> str:
    # PostgreSQL refuses NUL; colours and cursor moves mean nothing on a page.
    text = _ESCAPES.sub("", raw.decode(errors="replace").replace("\r\n", "\n"))
    return _CONTROL.sub("", text)


async def first_bytes(stream: aiohttp.StreamReader, limit: int) -> bytes:
    """The first `limit` bytes of the stream, or all of it."""
    received = bytearray()
    while len(received) < limit and (chunk := await stream.read(limit - len(received))):
        received += chunk
    return bytes(received)
