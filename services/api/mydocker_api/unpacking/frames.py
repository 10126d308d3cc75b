"""The child's two pipes: it asks for bytes of the archive, and hands over chunks and entries.

Each frame of the child is a line of JSON; a `chunk` is followed by its bytes. The parent answers a
`read` with exactly the bytes that were asked for.
"""

import io
import json
from collections.abc import Mapping
from typing import BinaryIO


class RemoteArchive(io.RawIOBase):
    """The archive at the parent, as a file to read and to seek in."""

    def __init__(self, requests: BinaryIO, answers: BinaryIO, size: int) -> None:
        self._requests, self._answers, self._size, self._at = requests, answers, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: "memoryview") -> int:  # type: ignore[override]
        length = min(len(buffer), self._size - self._at)
        if length <= 0:
            return 0
        send(self._requests, {"kind": "read", "at": self._at, "length": length})
        data = self._answers.read(length)
        if len(data) != length:
            raise EOFError("the parent has ended")
        buffer[:length] = data
        self._at += length
        return length


def send(pipe: BinaryIO, header: Mapping[str, object], data: bytes = b"") -> None:
    """Write one frame."""
    pipe.write(json.dumps(header).encode() + b"\n")
    pipe.write(data)
    pipe.flush()
