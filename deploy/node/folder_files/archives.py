"""Tar streams of a work folder or a snapshot, made while they are read."""

import os
import tarfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from mydocker_kit.contracts.orchestrator.work_files import FileKind
from mydocker_kit.errors import FileMissing, FolderTooLarge

from .tree import Found, folder_at, open_below, open_file, parts_of, walk

_CHUNK = 256 * 1024
_MOST_BYTES = 128 * 1024**3
"""Of one archive: a sparse file of terabytes takes no room and would be sent as zeros."""


def tar_stream(
    root: Path, paths: Sequence[str] = (), prefix: str = "", *, end: bool = True
) -> Iterator[bytes]:
    """A tar archive of these files and folders, or of everything; `FileMissing`.

    A file that shrinks while it is read is filled with zeros; of one that grows, the beginning is
    packed. Sockets, pipes and devices are left out.
    """
    wanted = _outermost([parts_of(path) for path in paths])
    total = 0
    with folder_at(root) as top:
        for member in _entries(top, wanted):
            if member.kind is FileKind.FILE:
                total += member.status.st_size
                if total > _MOST_BYTES:
                    raise FolderTooLarge
            yield from _packed(member, prefix)
    if end:
        yield b"\0" * (2 * tarfile.BLOCKSIZE)


def _outermost(wanted: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """Without those that are in another one."""
    if not wanted or () in wanted:
        return [()]
    chosen: list[tuple[str, ...]] = []
    for parts in sorted(set(wanted)):
        if not any(parts[: len(above)] == above for above in chosen):
            chosen.append(parts)
    return chosen


def _entries(top: int, wanted: list[tuple[str, ...]]) -> Iterator[Found]:
    for parts in wanted:
        if not parts:
            yield from walk(top)
            continue
        try:
            parent = open_below(top, parts[:-1])
        except OSError as error:
            raise FileMissing from error
        try:
            path = "/".join(parts)
            try:
                status = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
            except OSError as error:
                raise FileMissing from error
            first = Found(path, parts[-1], parent, status)
            yield first
            if first.kind is FileKind.FOLDER:
                below = open_below(top, parts)
                try:
                    for member in walk(below):
                        full = f"{path}/{member.path}"
                        yield Found(full, member.name, member.parent, member.status)
                finally:
                    os.close(below)
        finally:
            os.close(parent)


def _packed(member: Found, prefix: str) -> Iterator[bytes]:
    status = member.status
    entry = tarfile.TarInfo(f"{prefix}/{member.path}" if prefix else member.path)
    entry.mode, entry.mtime = status.st_mode & 0o777, max(int(status.st_mtime), 0)
    entry.uid, entry.gid = status.st_uid, status.st_gid
    match member.kind:
        case FileKind.FOLDER:
            entry.type = tarfile.DIRTYPE
            yield _header(entry)
        case FileKind.LINK:
            try:
                entry.linkname = os.readlink(member.name, dir_fd=member.parent)
            except OSError:
                return
            entry.type = tarfile.SYMTYPE
            yield _header(entry)
        case FileKind.FILE:
            try:
                file = open_file(member.parent, member.name)
            except OSError:
                return
            try:
                entry.size = status.st_size
                yield _header(entry)
                yield from _content(file, entry.size)
            finally:
                os.close(file)


def _header(entry: tarfile.TarInfo) -> bytes:
    return entry.tobuf(tarfile.PAX_FORMAT, "utf-8", "surrogateescape")


def _content(file: int, size: int) -> Iterator[bytes]:
    left = size
    while left:
        data = os.read(file, min(_CHUNK, left)) or b"\0" * min(_CHUNK, left)
        left -= len(data)
        yield data
    if padding := -size % tarfile.BLOCKSIZE:
        yield b"\0" * padding
