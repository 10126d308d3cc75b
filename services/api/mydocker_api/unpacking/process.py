"""The parent's side: runs the child and takes what it hands over.

The upload is read where it is stored, a piece at a time, as the child asks for it; chunks are
stored as they come, several at once. So neither process holds an archive, whatever its size.
"""

import asyncio
import contextlib
import json
import sys
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .limits import MIB, Limits
from .refusal import ArchiveRefused, Refusal

ReadUpload = Callable[[int, int], Awaitable[bytes]]
"""Bytes of the upload: offset and length."""
StoreChunks = Callable[[Mapping[str, bytes]], Awaitable[None]]
"""Takes chunks by their digest."""
_BATCH_BYTES = 4 * MIB
_BATCH_CHUNKS = 200
_HEADER_BYTES = 64 * MIB
"""Of the JSON of one frame: the last one lists every entry."""


@dataclass(frozen=True)
class Unpacked:
    """The entries of an upload, as `collector.Entry` writes them."""

    entries: list[dict[str, Any]]
    peak_bytes: int
    """Most memory that the child held."""


@dataclass
class Unpacker:
    """Unpacks uploads, a few at once."""

    limits: Limits
    seconds: float
    """Time of one upload."""
    at_once: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))

    async def unpack(
        self, size: int, read: ReadUpload, store: StoreChunks, name: str | None = None
    ) -> Unpacked:
        """The entries of an archive, or of the one file `name`; raises `ArchiveRefused`."""
        async with self.at_once:
            child = await self._start(size, name)
            try:
                async with asyncio.timeout(self.seconds):
                    return await _take(child, read, store)
            except TimeoutError as error:
                raise ArchiveRefused(Refusal.TOO_SLOW) from error
            finally:
                with contextlib.suppress(ProcessLookupError):
                    child.kill()
                await asyncio.shield(child.wait())

    async def _start(self, size: int, name: str | None) -> asyncio.subprocess.Process:
        command = [sys.executable, "-I", "-m", __package__, self.limits.to_json(), str(size)]
        return await asyncio.create_subprocess_exec(
            *command,
            *([] if name is None else [name]),
            env={},
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=_HEADER_BYTES,
        )


async def _take(
    child: asyncio.subprocess.Process, read: ReadUpload, store: StoreChunks
) -> Unpacked:
    if child.stdout is None or child.stdin is None:
        raise RuntimeError("the child was started without pipes")
    batch: dict[str, bytes] = {}
    while header := await child.stdout.readline():
        frame = json.loads(header)
        match frame["kind"]:
            case "read":
                child.stdin.write(await read(frame["at"], frame["length"]))
                with contextlib.suppress(ConnectionError):
                    await child.stdin.drain()
            case "chunk":
                batch[frame["digest"]] = await child.stdout.readexactly(frame["size"])
                full = sum(map(len, batch.values())) >= _BATCH_BYTES
                if full or len(batch) >= _BATCH_CHUNKS:
                    await store(batch)
                    batch = {}
            case "refused":
                raise ArchiveRefused(Refusal(frame["code"]), frame["path"])
            case "end":
                if batch:
                    await store(batch)
                return Unpacked(frame["entries"], frame["peak_bytes"])
    # It ended without a word: the kernel took it, for its memory or its processor time.
    raise ArchiveRefused(Refusal.TOO_SLOW)
