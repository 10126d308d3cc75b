"""Archives of several folders, made while they are downloaded: tar.gz, zip, or one file.

Machines send tar streams without their end, which can follow each other. For zip they are read in
a thread, entry by entry, and written as zip; nothing is kept on a disk.
"""

import asyncio
import io
import stat
import tarfile
import time
import zipfile
import zlib
from collections.abc import AsyncIterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.work_files import ArchiveRequest
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.limits.rate_limits import ConcurrencyLimit
from mydocker_kit.web.streams import begun

from ..models.work_files import DownloadPart
from .schemas import ArchiveFormat

AT_ONCE = 4
"""Zip archives of one process: each takes a thread."""
_CHUNK = 256 * 1024
_AHEAD = 4
"""Chunks of a zip that wait for a slow browser."""
_LARGE = 2**31
_EARLIEST = (1980, 1, 1, 0, 0, 0)
_LEFT_OUT = "NOT-INCLUDED.txt"
_END = b"\0" * (2 * tarfile.BLOCKSIZE)
_zips = ConcurrencyLimit(AT_ONCE)
_threads = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="zip")


class DownloadsBusy(Unavailable):
    """As many downloads run as may at once."""

    code, title = "downloads_busy", "Too many downloads run at once"
    retry_after = 20


async def packed(
    orchestrator: OrchestratorClient, parts: Sequence[DownloadPart], kind: ArchiveFormat
) -> AsyncIterator[bytes]:
    """The bytes of the download. A single part that cannot be read is refused; of several, those
    that cannot be read are named in a file of the archive."""
    if kind is ArchiveFormat.FILE:
        [part] = parts
        [path] = part.paths
        async for data in orchestrator.file(part.volume, path, part.snapshot):
            yield data
        return
    tar = _tar(orchestrator, parts)
    async for data in _gzip(tar) if kind is ArchiveFormat.TAR_GZ else zipped(tar):
        yield data


async def _tar(
    orchestrator: OrchestratorClient, parts: Sequence[DownloadPart]
) -> AsyncIterator[bytes]:
    left_out = []
    for part in parts:
        request = ArchiveRequest(
            snapshot=part.snapshot, paths=part.paths, prefix=part.prefix, end=False
        )
        try:
            content = await begun(orchestrator.archive(part.volume, request))
        except ProblemError as error:
            if len(parts) == 1:
                raise
            left_out.append(f"{part.prefix}: {error.title} ({error.code})\n")
            continue
        async for data in content:
            yield data
    if left_out:
        yield _text_entry("".join(left_out))
    yield _END


def _text_entry(text: str) -> bytes:
    content = text.encode()
    entry = tarfile.TarInfo(_LEFT_OUT)
    entry.size, entry.mtime = len(content), int(time.time())
    padding = b"\0" * (-len(content) % tarfile.BLOCKSIZE)
    return entry.tobuf(tarfile.PAX_FORMAT) + content + padding


async def _gzip(tar: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    packer = zlib.compressobj(1, wbits=31)
    async for data in tar:
        if out := await asyncio.to_thread(packer.compress, data):
            yield out
    yield packer.flush()


async def zipped(tar: AsyncIterator[bytes], *, as_it_is: bool = False) -> AsyncIterator[bytes]:
    """A tar stream as zip. `as_it_is`: not compressed, and with symbolic links."""
    with _zips.hold("zip") as has_room:
        if not has_room:
            raise DownloadsBusy
        async for data in _converted(tar, as_it_is):
            yield data


async def _converted(tar: AsyncIterator[bytes], as_it_is: bool) -> AsyncIterator[bytes]:
    loop = asyncio.get_running_loop()
    chunks: asyncio.Queue[bytes | None] = asyncio.Queue(_AHEAD)
    bridge = _Bridge(loop, tar, chunks)
    work = loop.run_in_executor(_threads, _convert, bridge, as_it_is)
    try:
        while (data := await chunks.get()) is not None:
            yield data
        await work  # an error of the machines breaks the download off
    finally:
        bridge.is_over = True
        while not work.done():
            with suppress(asyncio.QueueEmpty):
                chunks.get_nowait()
            await asyncio.sleep(0.01)
        with suppress(Exception):
            await work


class _Bridge(io.RawIOBase):
    """Lets a thread read the tar stream and write to the queue, as fast as the browser takes it."""

    def __init__(
        self,
        loop: asyncio.AbstractEventLoop,
        tar: AsyncIterator[bytes],
        chunks: "asyncio.Queue[bytes | None]",
    ) -> None:
        super().__init__()
        self.is_over = False
        self._loop, self._tar, self._chunks = loop, tar, chunks
        self._unread, self._unsent = b"", bytearray()

    def read(self, size: int = -1) -> bytes:
        if not self._unread:
            self._check()
            self._unread = asyncio.run_coroutine_threadsafe(self._next(), self._loop).result()
        data, self._unread = self._unread[:size], self._unread[size:]
        return data

    def writable(self) -> bool:
        return True

    def write(self, data: object) -> int:
        view = memoryview(data)  # type: ignore[arg-type]
        self._unsent += view
        if len(self._unsent) >= _CHUNK:
            self.send()
        return len(view)

    def send(self) -> None:
        """Send what was written."""
        self._check()
        data, self._unsent = bytes(self._unsent), bytearray()
        self._put(data)

    def end(self) -> None:
        """Say that nothing more comes."""
        if not self.is_over:
            self._put(None)

    def _put(self, data: bytes | None) -> None:
        asyncio.run_coroutine_threadsafe(self._chunks.put(data), self._loop).result()

    async def _next(self) -> bytes:
        async for data in self._tar:
            if data:  # an empty read would be the end
                return data
        return b""

    def _check(self) -> None:
        if self.is_over:
            raise ConnectionAbortedError("the download was given up")


def _convert(bridge: _Bridge, as_it_is: bool) -> None:
    method = zipfile.ZIP_STORED if as_it_is else zipfile.ZIP_DEFLATED
    try:
        with (
            tarfile.open(fileobj=bridge, mode="r|") as archive,
            zipfile.ZipFile(bridge, "w", method, compresslevel=1) as packed_files,
        ):
            for entry in archive:
                if as_it_is or not entry.issym():
                    _convert_entry(archive, entry, packed_files, method)
        bridge.send()
    finally:
        bridge.end()


def _convert_entry(
    archive: tarfile.TarFile,
    entry: tarfile.TarInfo,
    packed_files: zipfile.ZipFile,
    method: int,
) -> None:
    moment = max(time.gmtime(entry.mtime)[:6], _EARLIEST)
    name = f"{entry.name}/" if entry.isdir() else entry.name
    info = zipfile.ZipInfo(name.encode("utf-8", "replace").decode(), moment)
    kind = stat.S_IFLNK if entry.issym() else 0
    info.external_attr = (kind | entry.mode & 0o777) << 16
    info.compress_type = method
    if entry.isdir():
        packed_files.writestr(info, b"")
    elif entry.issym():
        packed_files.writestr(info, entry.linkname)
    elif entry.isreg() and (content := archive.extractfile(entry)) is not None:
        info.file_size = entry.size
        with packed_files.open(info, "w", force_zip64=entry.size >= _LARGE) as target:
            while data := content.read(_CHUNK):
                target.write(data)
