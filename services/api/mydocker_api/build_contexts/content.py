"""The content of stored files: chunks joined, and whole contexts as a tar stream."""

import asyncio
import tarfile
import zlib
from collections.abc import AsyncIterator, Sequence

from mydocker_kit.contracts.builder.build_contexts import ContextEntry, EntryKind
from mydocker_kit.errors import NotFound
from mydocker_kit.postgres.db import Sessions, transaction

from . import queries


async def file_content(sessions: Sessions, entry: ContextEntry) -> AsyncIterator[bytes]:
    """A file in parts of at most 1 MiB; no database session stays open in between."""
    for digest in entry.chunks:
        async with transaction(sessions) as db:
            data = await queries.chunk(db, digest)
        if data is None:
            raise NotFound(f"chunk {digest}")
        yield await asyncio.to_thread(zlib.decompress, data[1:]) if data[0] else data[1:]


async def tar_stream(sessions: Sessions, entries: Sequence[ContextEntry]) -> AsyncIterator[bytes]:
    """All entries as a tar archive; equal contexts give equal bytes."""
    for entry in entries:
        yield _header(entry).tobuf(tarfile.PAX_FORMAT, "utf-8")
        async for data in file_content(sessions, entry):
            yield data
        yield b"\0" * (-entry.size % tarfile.BLOCKSIZE)
    yield b"\0" * (2 * tarfile.BLOCKSIZE)


async def gzipped(stream: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    """The stream compressed with gzip, in a thread."""
    packer = zlib.compressobj(6, wbits=31)
    async for data in stream:
        if packed := await asyncio.to_thread(packer.compress, data):
            yield packed
    yield packer.flush()


def _header(entry: ContextEntry) -> tarfile.TarInfo:
    header = tarfile.TarInfo(entry.path)
    header.size = entry.size
    header.mode = 0o755 if entry.executable or entry.kind is EntryKind.FOLDER else 0o644
    match entry.kind:
        case EntryKind.FOLDER:
            header.type = tarfile.DIRTYPE
        case EntryKind.LINK:
            header.type, header.linkname = tarfile.SYMTYPE, entry.target
    return header
