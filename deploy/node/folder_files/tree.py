"""Opening and walking a folder whose owner may change it at any moment, without following links."""

import errno
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from heapq import nlargest
from itertools import islice
from pathlib import Path

from mydocker_kit.contracts.orchestrator.work_files import (
    FileEntry,
    FileKind,
    FolderListing,
    LargeFile,
)
from mydocker_kit.errors import (
    FileMissing,
    FilePathInvalid,
    FolderTooLarge,
)

FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
MOST_FILES = 200_000
_MOST_SHOWN = 2000
_MOST_DEPTH, _LONGEST = 64, 3000
_BLOCK = 512
"""Of `st_blocks`, whatever the file system's own is."""
_GONE = frozenset({errno.ENOENT, errno.ENOTDIR, errno.ELOOP, errno.ENXIO, errno.ENAMETOOLONG})
"""No entry, a part that is no folder, a link, a pipe or socket in the place of a file."""


@dataclass(frozen=True)
class Found:
    """An entry of a walk. `parent` is an open folder, until the walk goes on."""

    path: str
    name: str
    parent: int
    status: os.stat_result

    @property
    def kind(self) -> FileKind:
        return kind_of(self.status.st_mode)

    @property
    def taken(self) -> int:
        """Bytes of the disk."""
        return self.status.st_blocks * _BLOCK


def kind_of(mode: int) -> FileKind:
    if stat.S_ISREG(mode):
        return FileKind.FILE
    if stat.S_ISDIR(mode):
        return FileKind.FOLDER
    return FileKind.LINK if stat.S_ISLNK(mode) else FileKind.OTHER


def parts_of(path: str) -> tuple[str, ...]:
    """The names of a path below a folder; `FilePathInvalid` for one that leaves it."""
    parts = tuple(part for part in path.split("/") if part)
    if "\0" in path or len(parts) > _MOST_DEPTH or any(part in (".", "..") for part in parts):
        raise FilePathInvalid
    return parts


def open_below(root: int, parts: tuple[str, ...]) -> int:
    """Open a folder below `root`, to be closed by the caller; `OSError`."""
    folder = os.open(".", FOLDER, dir_fd=root)
    for part in parts:
        try:
            below = os.open(part, FOLDER, dir_fd=folder)
        finally:
            os.close(folder)
        folder = below
    return folder


@contextmanager
def folder_at(root: Path, parts: tuple[str, ...] = ()) -> Iterator[int]:
    """An open folder below `root`; `FileMissing`."""
    try:
        top = os.open(root, FOLDER)
        try:
            folder = open_below(top, parts)
        finally:
            os.close(top)
    except OSError as error:
        raise _missing(error) from error
    try:
        yield folder
    finally:
        os.close(folder)


def open_file(parent: int, name: str) -> int:
    """Open a regular file for reading, to be closed by the caller; `OSError`."""
    file = os.open(name, _FILE, dir_fd=parent)
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise OSError(errno.ENXIO, "no regular file")


@contextmanager
def file_at(root: Path, path: str) -> Iterator[int]:
    """An open file below `root`; `FileMissing`."""
    parts = parts_of(path)
    if not parts:
        raise FileMissing
    with folder_at(root, parts[:-1]) as folder:
        try:
            file = open_file(folder, parts[-1])
        except OSError as error:
            raise _missing(error) from error
    try:
        yield file
    finally:
        os.close(file)


def walk(root: int, most: int = MOST_FILES) -> Iterator[Found]:
    """Everything below an open folder, folders before what is in them.

    `FolderTooLarge` beyond `most` entries or too deep. What is removed meanwhile is left out.
    """
    device, seen, waiting = os.fstat(root).st_dev, 0, [""]
    while waiting:
        above = waiting.pop()
        try:
            folder = open_below(root, tuple(filter(None, above.split("/"))))
        except OSError:
            continue
        try:
            below = []
            for name in _names(folder, most):
                try:
                    status = os.stat(name, dir_fd=folder, follow_symlinks=False)
                except OSError:
                    continue
                seen += 1
                path = f"{above}/{name}" if above else name
                if seen > most or len(os.fsencode(path)) > _LONGEST:
                    raise FolderTooLarge
                yield Found(path, name, folder, status)
                if stat.S_ISDIR(status.st_mode) and status.st_dev == device:
                    below.append(path)
            waiting.extend(reversed(below))
            if below and above.count("/") + 2 > _MOST_DEPTH:
                raise FolderTooLarge
        finally:
            os.close(folder)


def listing(root: Path, path: str) -> FolderListing:
    """The entries of one folder; `FileMissing`."""
    with folder_at(root, parts_of(path)) as folder:
        names = _names(folder, MOST_FILES)
        entries = [entry for name in names[:_MOST_SHOWN] if (entry := _entry(folder, name))]
    entries.sort(key=lambda entry: (entry.kind is not FileKind.FOLDER, entry.name.casefold()))
    return FolderListing(path=path, entries=tuple(entries), truncated=len(names) > _MOST_SHOWN)


def largest(root: Path, count: int = 10) -> tuple[LargeFile, ...]:
    """The files that take most of the disk. A folder of very many files is walked in part."""
    sizes: list[tuple[int, str]] = []
    # What was seen until there were too many says enough about what to delete.
    with folder_at(root) as folder, suppress(FolderTooLarge):
        sizes.extend(
            (member.taken, member.path)
            for member in walk(folder)
            if member.kind is FileKind.FILE and member.taken
        )
    return tuple(LargeFile(path=shown(path), bytes=taken) for taken, path in nlargest(count, sizes))


def shown(name: str) -> str:
    """A name as text: bytes that are no UTF-8 become question marks."""
    return os.fsencode(name).decode("utf-8", "replace")


def _names(folder: int, most: int) -> list[str]:
    with os.scandir(folder) as entries:
        return sorted(entry.name for entry in islice(entries, most + 1))


def _entry(folder: int, name: str) -> FileEntry | None:
    try:
        status = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return None
    kind = kind_of(status.st_mode)
    size = status.st_size if kind is FileKind.FILE else 0
    return FileEntry(name=shown(name), kind=kind, bytes=size, modified_at=_moment(status))


def _moment(status: os.stat_result) -> datetime:
    """When it was changed; its owner may have written any number there."""
    seconds = min(max(status.st_mtime, 0.0), 253402300799.0)
    return datetime.fromtimestamp(seconds, tz=UTC)


def _missing(error: OSError) -> Exception:
    return FileMissing() if error.errno in _GONE else error
