"""Archives inside the archive: nothing here opens them for the build, but a bomb is recognized.

A zip of zips may unpack to petabytes, or to itself (a quine). Zips inside are read one into the
other to a depth of `DEPTH` within a budget of memory; deeper ones, and those whose declared sizes
break the limits of the archive, are refused. Office documents and wheels are zips and pass.
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from .limits import MIB, RATIO_FLOOR_BYTES, Limits
from .refusal import ArchiveRefused, Refusal

DEPTH = 3
_ZIP = b"PK\x03\x04"
_LARGEST = 16 * MIB
"""Larger archives inside are not looked into: their content is bound by the build's disk."""
_BUDGET = 64 * MIB
"""Bytes that are unpacked to look into archives inside, per upload."""


@dataclass
class Watch:
    """The content of one file, kept while it may be a small zip."""

    data: bytearray = field(default_factory=bytearray)
    is_open: bool = True

    def feed(self, data: bytes) -> None:
        if not self.data and not data.startswith(_ZIP):
            self.is_open = False
        if self.is_open and len(self.data) + len(data) <= _LARGEST:
            self.data += data
        else:
            self.is_open = False
            self.data.clear()


@dataclass
class NestedArchives:
    """Looks into the zips of one upload."""

    limits: Limits
    budget: int = _BUDGET

    @contextmanager
    def watch(self, path: str) -> Iterator[Watch]:
        """Look into the file when its content has been fed."""
        watch = Watch()
        yield watch
        if watch.is_open and watch.data:
            self._look(path, bytes(watch.data), 1)

    def _look(self, path: str, data: bytes, depth: int) -> None:
        if depth > DEPTH:
            raise ArchiveRefused(Refusal.NESTED_BOMB, path)
        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                entries = archive.infolist()
                self._check(path, len(data), entries)
                for entry in entries:
                    if inner := self._inner(archive, entry):
                        self._look(path, inner, depth + 1)
        except (
            zipfile.BadZipFile,
            zlib.error,
            OSError,
            ValueError,
            NotImplementedError,
            RuntimeError,
            EOFError,
        ):
            return  # no zip after all, or encrypted: a file like others

    def _check(self, path: str, size: int, entries: list[zipfile.ZipInfo]) -> None:
        declared = sum(entry.file_size for entry in entries)
        most = min(self.limits.unpacked_bytes, max(RATIO_FLOOR_BYTES, size * self.limits.ratio))
        if declared > most:
            raise ArchiveRefused(Refusal.NESTED_BOMB, path)

    def _inner(self, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
        """The content of a zip inside; empty for other files and beyond the budget."""
        if entry.file_size > _LARGEST or entry.compress_type not in (0, 8):
            return b""
        with archive.open(entry) as content:
            begin = content.read(len(_ZIP))
            if begin != _ZIP:
                return b""
            self.budget -= entry.file_size
            if self.budget < 0:
                raise ArchiveRefused(Refusal.NESTED_BOMB, entry.filename)
            return begin + content.read(_LARGEST)
