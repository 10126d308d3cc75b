"""Puts a file into a work folder that programs may use meanwhile, and deletes files of it.

The content is written beside and renamed at the end: a program sees the old file or the new one,
and an upload that breaks off leaves nothing. No link is followed on the way.
"""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from mydocker_kit.contracts.orchestrator.work_files import FileWritten
from mydocker_kit.errors import FileExists, FileMissing, FilePathInvalid, FolderFull

from .tree import FOLDER, folder_at, open_below, parts_of

_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_OTHERS_WRITE = stat.S_IWGRP | stat.S_IWOTH
_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_IN_THE_WAY = frozenset({errno.ENOTDIR, errno.ELOOP, errno.EEXIST, errno.EISDIR})
"""A file or a link where the path needs a folder."""
_UNUSABLE = frozenset({errno.ENAMETOOLONG, errno.EINVAL, errno.EILSEQ})


class IncomingFile:
    """A file that arrives. `write` its parts, then `finish`; `discard` is always safe."""

    def __init__(self, root: Path, path: str, *, replace: bool) -> None:
        """Open it beside its name, making missing folders.

        `FileExists` where a file is and `replace` is false, or where a folder or a link is in the
        way; `FilePathInvalid`; `FolderFull`.
        """
        self._parts = parts_of(path)
        if not self._parts:
            raise FilePathInvalid
        self._replace, self._size = replace, 0
        self._beside = f".mydocker-{secrets.token_hex(8)}"
        self._file = -1
        with _refusals(), folder_at(root) as top:
            self._parent = _made_below(top, self._parts[:-1])
        try:
            with _refusals():
                self._check_name()
                self._file = os.open(self._beside, _WRITE, 0o600, dir_fd=self._parent)
        except BaseException:
            self.discard()
            raise

    def write(self, data: bytes) -> None:
        """Append these bytes; `FolderFull`."""
        with _refusals():
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        self._size += len(data)

    def finish(self) -> FileWritten:
        """Give it its name; `FileExists` for what came there meanwhile."""
        with _refusals():
            above = os.fstat(self._parent)
            # Whoever works there must be able to change it: it is as the folder that it lies in.
            os.fchown(self._file, above.st_uid, above.st_gid)
            os.fchmod(self._file, 0o644 | (above.st_mode & _OTHERS_WRITE))
            os.fsync(self._file)
            replaced = self._check_name()
            os.rename(
                self._beside, self._parts[-1], src_dir_fd=self._parent, dst_dir_fd=self._parent
            )
            os.fsync(self._parent)
        return FileWritten(bytes=self._size, replaced=replaced)

    def discard(self) -> None:
        """Close it; what was not finished is deleted."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1
        if self._parent >= 0:
            with suppress(OSError):
                os.unlink(self._beside, dir_fd=self._parent)
            os.close(self._parent)
            self._parent = -1

    def _check_name(self) -> bool:
        """Whether a file is there that is replaced."""
        try:
            there = os.stat(self._parts[-1], dir_fd=self._parent, follow_symlinks=False)
        except FileNotFoundError:
            return False
        if not self._replace or stat.S_ISDIR(there.st_mode):
            raise FileExists
        return True


def remove(root: Path, paths: Sequence[str]) -> int:
    """Delete these entries, folders with what is in them; how many were there.

    `FilePathInvalid` for the folder itself, before anything is deleted. Links are not followed.
    """
    wanted = [parts_of(path) for path in paths]
    if () in wanted:
        raise FilePathInvalid
    with folder_at(root) as top:
        return sum(_removed(top, parts) for parts in wanted)


def _removed(top: int, parts: tuple[str, ...]) -> bool:
    with suppress(FileNotFoundError, NotADirectoryError):
        try:
            parent = open_below(top, parts[:-1])
        except OSError as error:
            if error.errno == errno.ELOOP:
                return False
            raise
        try:
            status = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                shutil.rmtree(parts[-1], dir_fd=parent)
            else:
                os.unlink(parts[-1], dir_fd=parent)
            return True
        finally:
            os.close(parent)
    return False


def _made_below(top: int, parts: tuple[str, ...]) -> int:
    """Open a folder below `top`, to be closed by the caller; missing ones are made."""
    folder = os.open(".", FOLDER, dir_fd=top)
    for part in parts:
        try:
            below = _opened_or_made(folder, part)
        finally:
            os.close(folder)
        folder = below
    return folder


def _opened_or_made(parent: int, name: str) -> int:
    with suppress(FileNotFoundError):
        return os.open(name, FOLDER, dir_fd=parent)
    above = os.fstat(parent)
    os.mkdir(name, 0o700, dir_fd=parent)
    made = os.open(name, FOLDER, dir_fd=parent)
    os.fchown(made, above.st_uid, above.st_gid)
    os.fchmod(made, 0o755 | (above.st_mode & _OTHERS_WRITE))
    return made


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in _FULL:
            raise FolderFull from error
        if error.errno in _IN_THE_WAY:
            raise FileExists from error
        if error.errno in _UNUSABLE:
            raise FilePathInvalid from error
        if error.errno == errno.ENOENT:
            raise FileMissing from error
        raise
