"""Reads tar archives, plain or compressed with gzip, bzip2, xz or zstd, as a stream."""

import bz2
import gzip
import io
import lzma
import tarfile
import zlib
from typing import BinaryIO, cast

import zstandard

from .collector import Collector
from .limits import HEADER_BYTES, MIB
from .refusal import ArchiveRefused, Refusal

GZIP, BZIP2, XZ, ZSTD = b"\x1f\x8b", b"BZh", b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd"
COMPRESSED = (GZIP, BZIP2, XZ, ZSTD)
_ZSTD_WINDOW = 128 * MIB
_EXTENDED = (
    tarfile.GNUTYPE_LONGNAME,
    tarfile.GNUTYPE_LONGLINK,
    tarfile.XHDTYPE,
    tarfile.XGLTYPE,
    tarfile.SOLARIS_XHDTYPE,
)
_DAMAGED = (
    tarfile.TarError,
    zlib.error,
    lzma.LZMAError,
    zstandard.ZstdError,
    EOFError,
    OSError,
    ValueError,
    RecursionError,
)


def read_tar(archive: BinaryIO, begin: bytes, collector: Collector) -> None:
    """Hand every entry to the collector; `ArchiveRefused` for a hostile or damaged archive."""
    try:
        stream = _Counted(_decompressed(archive, begin), collector)
        if begin.startswith(COMPRESSED) and stream.peek().startswith((*COMPRESSED, b"PK\x03\x04")):
            raise ArchiveRefused(Refusal.NESTED_BOMB)
        with tarfile.open(
            fileobj=cast(BinaryIO, stream),
            mode="r|",
            tarinfo=_Header,
            encoding="utf-8",
            errors="surrogateescape",
        ) as opened:
            for member in opened:
                _read_member(opened, member, collector)
                opened.members.clear()  # type: ignore[attr-defined]
        stream.drain()
    except _DAMAGED as error:
        is_tar = bool(collector.entries)
        raise ArchiveRefused(Refusal.DAMAGED if is_tar else _of_begin(begin, error)) from error


def _of_begin(begin: bytes, error: Exception) -> Refusal:
    """Before the first entry: damaged if it looks like an archive, else of an unknown format."""
    looks_right = begin.startswith(COMPRESSED) or begin[257:262] == b"ustar"
    return Refusal.DAMAGED if looks_right else Refusal.UNSUPPORTED


def _decompressed(archive: BinaryIO, begin: bytes) -> BinaryIO:
    if begin.startswith(GZIP):
        return cast(BinaryIO, gzip.GzipFile(fileobj=archive))
    if begin.startswith(BZIP2):
        return cast(BinaryIO, bz2.BZ2File(archive))
    if begin.startswith(XZ):
        return cast(BinaryIO, lzma.LZMAFile(archive))
    if begin.startswith(ZSTD):
        decompressor = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW)
        return cast(BinaryIO, decompressor.stream_reader(archive, read_across_frames=True))
    return archive


class _Counted:
    """The decompressed stream; what tar itself adds counts towards the limits, too."""

    def __init__(self, stream: BinaryIO, collector: Collector) -> None:
        self._stream, self._collector = stream, collector
        self._begin = b""
        self._read = 0

    def peek(self) -> bytes:
        self._begin = self._stream.read(8)
        return self._begin

    def read(self, length: int) -> bytes:
        begin, self._begin = self._begin[:length], self._begin[length:]
        data = begin + self._stream.read(length - len(begin))
        self._read += len(data)
        limits = self._collector.limits
        if self._read > 2 * limits.unpacked_bytes:
            raise ArchiveRefused(Refusal.TOO_LARGE)
        return data

    def drain(self) -> None:
        """Read to the end: a checksum at the end of the stream must be right."""
        while data := self.read(io.DEFAULT_BUFFER_SIZE):
            if data.strip(b"\0"):
                raise ArchiveRefused(Refusal.DAMAGED)


class _Header(tarfile.TarInfo):
    """A header; extended ones are bounded, and one that cannot be read ends the archive loudly."""

    @classmethod
    def fromtarfile(cls, archive: tarfile.TarFile) -> "_Header":
        """`tarfile` takes a broken or missing header for the end of the archive."""
        try:
            return super().fromtarfile(archive)
        except (
            tarfile.InvalidHeaderError,  # type: ignore[attr-defined]
            tarfile.TruncatedHeaderError,  # type: ignore[attr-defined]
            tarfile.EmptyHeaderError,  # type: ignore[attr-defined]
        ) as error:
            raise tarfile.ReadError(str(error)) from error

    def _proc_member(self, archive: tarfile.TarFile) -> tarfile.TarInfo:
        if self.type in _EXTENDED and self.size > HEADER_BYTES:
            raise ArchiveRefused(Refusal.NAME_TOO_LONG)
        return super()._proc_member(archive)  # type: ignore[misc,no-any-return]


def _read_member(opened: tarfile.TarFile, member: tarfile.TarInfo, collector: Collector) -> None:
    if member.isdir():
        collector.folder(member.name)
    elif member.issym():
        collector.link(member.name, member.linkname)
    elif member.islnk():
        collector.hard_link(member.name, member.linkname)
    elif member.isfile() and not member.issparse():
        content = opened.extractfile(member)
        if content is None:
            raise ArchiveRefused(Refusal.DAMAGED, member.name)
        is_executable = bool(member.mode & 0o100)
        collector.file(member.name, is_executable, member.size, cast(BinaryIO, content))
    else:
        raise ArchiveRefused(Refusal.SPECIAL_FILE, member.name)
