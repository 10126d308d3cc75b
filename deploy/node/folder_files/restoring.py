"""Puts files of a snapshot back into a work folder that programs may use meanwhile.

Each file is written beside and renamed, so that a program sees the old one or the new one. Folders
are opened part by part without following links: a program that swaps one for a link gains nothing.
"""

import errno
import os
import secrets
import shutil
import stat
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from mydocker_kit.contracts.orchestrator.work_files import FileKind, Restored
from mydocker_kit.errors import FileMissing, FolderFull

from .copying import copy_content, give_attributes, sync_file_system
from .tree import FOLDER, Found, folder_at, kind_of, open_below, open_file, parts_of, walk

_WRITE = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC


def restore(snapshot: Path, folder: Path, paths: Sequence[str]) -> Restored:
    """Put back these files and folders; without any, make the folder what the snapshot is.

    `FileMissing` before anything is changed; `FolderFull` where room ends: what was done stays.
    """
    wanted = [parts_of(path) for path in paths]
    with folder_at(snapshot) as source, folder_at(folder) as target:
        for parts in wanted:
            _must_exist(source, parts)
        try:
            if not wanted or () in wanted:
                removed = _remove_others(source, target)
                restored = Restored(files=_put_tree(source, target, ()), removed=removed)
            else:
                files = sum(_put(source, target, parts) for parts in wanted)
                restored = Restored(files=files)
            sync_file_system(folder)
            return restored
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                raise FolderFull from error
            raise


def _must_exist(source: int, parts: tuple[str, ...]) -> None:
    if not parts:
        return
    try:
        parent = open_below(source, parts[:-1])
        try:
            os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
        finally:
            os.close(parent)
    except OSError as error:
        raise FileMissing from error


def _put(source: int, target: int, parts: tuple[str, ...]) -> int:
    """How many files were written for one file, link or folder."""
    parent = open_below(source, parts[:-1])
    try:
        status = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
        for count in range(1, len(parts)):
            _make_folder(source, target, parts[:count])
        if stat.S_ISDIR(status.st_mode):
            _make_folder(source, target, parts)
            return _put_tree(source, target, parts)
        return _put_entry(Found("/".join(parts), parts[-1], parent, status), target)
    finally:
        os.close(parent)


def _put_tree(source: int, target: int, parts: tuple[str, ...]) -> int:
    written = 0
    below = open_below(source, parts)
    try:
        for member in walk(below):
            path = "/".join((*parts, member.path))
            if member.kind is FileKind.FOLDER:
                _make_folder(source, target, parts_of(path))
            else:
                written += _put_entry(
                    Found(path, member.name, member.parent, member.status), target
                )
    finally:
        os.close(below)
    return written


def _make_folder(source: int, target: int, parts: tuple[str, ...]) -> None:
    """Make a folder as the snapshot has it, where there is none; a file in its place goes."""
    parent = open_below(target, parts[:-1])
    try:
        with suppress(FileNotFoundError):
            status = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
            if stat.S_ISDIR(status.st_mode):
                return
            os.unlink(parts[-1], dir_fd=parent)
        os.mkdir(parts[-1], 0o700, dir_fd=parent)
        made = os.open(parts[-1], FOLDER, dir_fd=parent)
        original = open_below(source, parts)
        try:
            give_attributes(made, os.fstat(original))
        finally:
            os.close(original)
            os.close(made)
    finally:
        os.close(parent)


def _put_entry(member: Found, target: int) -> int:
    """Put one file or link; how many were written: none where the same is there."""
    parent = open_below(target, parts_of(member.path)[:-1])
    try:
        there = _status(parent, member.name)
        if there and _is_same(there, member.status):
            return 0
        beside = f".mydocker-{secrets.token_hex(8)}"
        try:
            if member.kind is FileKind.LINK:
                os.symlink(os.readlink(member.name, dir_fd=member.parent), beside, dir_fd=parent)
                status = member.status
                os.chown(beside, status.st_uid, status.st_gid, dir_fd=parent, follow_symlinks=False)
            else:
                _write(member, beside, parent)
            if there and stat.S_ISDIR(there.st_mode):
                shutil.rmtree(member.name, dir_fd=parent)
            os.rename(beside, member.name, src_dir_fd=parent, dst_dir_fd=parent)
        except BaseException:
            with suppress(OSError):
                os.unlink(beside, dir_fd=parent)
            raise
        return 1
    finally:
        os.close(parent)


def _write(member: Found, name: str, parent: int) -> None:
    file = os.open(name, _WRITE, 0o600, dir_fd=parent)
    try:
        source = open_file(member.parent, member.name)
        try:
            copy_content(source, file, member.status.st_size)
        finally:
            os.close(source)
        give_attributes(file, member.status)
    finally:
        os.close(file)


def _remove_others(source: int, target: int) -> int:
    """Remove what the snapshot has not; how many entries, a folder being one."""
    in_snapshot = {member.path: member.kind for member in walk(source)}
    others = [
        member.path
        for member in walk(target)
        if member.path not in in_snapshot and member.path.rpartition("/")[0] in {"", *in_snapshot}
    ]
    removed = 0
    for path in others:
        parts = parts_of(path)
        with suppress(FileNotFoundError, NotADirectoryError):
            parent = open_below(target, parts[:-1])
            try:
                status = os.stat(parts[-1], dir_fd=parent, follow_symlinks=False)
                if kind_of(status.st_mode) is FileKind.FOLDER:
                    shutil.rmtree(parts[-1], dir_fd=parent)
                else:
                    os.unlink(parts[-1], dir_fd=parent)
                removed += 1
            finally:
                os.close(parent)
    return removed


def _status(parent: int, name: str) -> os.stat_result | None:
    try:
        return os.stat(name, dir_fd=parent, follow_symlinks=False)
    except FileNotFoundError:
        return None


def _is_same(there: os.stat_result, wanted: os.stat_result) -> bool:
    """A file that nobody has written since the snapshot: its copy has its size and time."""
    is_file = stat.S_ISREG(there.st_mode) and stat.S_ISREG(wanted.st_mode)
    numbers = (there.st_size, there.st_mtime_ns)
    return is_file and numbers == (wanted.st_size, wanted.st_mtime_ns)
