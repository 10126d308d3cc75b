"""The store of snapshots: `STORE/VOLUME/ID/data`, beside it what it holds and an index.

Written beside and renamed: a snapshot is whole or not there. The index has the inode, size and
times of each original; a file whose numbers are the same now is a hard link to the older copy. The
change time (ctime) is among them, which programs cannot set back.
"""

import errno
import json
import os
import shutil
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from mydocker_kit.contracts.orchestrator.work_files import FileKind, SnapshotContent
from mydocker_kit.errors import SnapshotMissing, StoreFull

from .copying import copy_file, give_attributes, sync_file_system
from .tree import FOLDER, Found, folder_at, walk

_NEW, _REMOVED = ".new-", ".removed-"
_DATA, _CONTENT, _INDEX = "data", "content.json", "index.json"
SPARE = 1024 * 1024 * 1024
"""Bytes of the disk that snapshots never take."""
Index = dict[str, list[int]]


@dataclass
class _Progress:
    files: int = 0
    bytes: int = 0
    skipped: int = 0
    changing: int = 0
    index: Index = field(default_factory=dict)
    folders: list[tuple[Path, os.stat_result]] = field(default_factory=list)


class SnapshotStore:
    """Snapshots of the volumes of this machine below `root`; one call per volume at a time."""

    def __init__(self, root: Path, spare: int = SPARE) -> None:
        self._root, self._spare = root, spare
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)

    def take(self, volume: str, id: str, source: Path) -> SnapshotContent:
        """Copy the folder `source` as it is; a snapshot that exists stays. Idempotent.

        `StoreFull`, `FolderTooLarge`.
        """
        with self.locked(volume):
            folder = self._root / volume
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._clean(folder)
            if (folder / id).exists():
                return self.content(volume, id)
            beside = folder / f"{_NEW}{id}"
            try:
                content = self._copy(source, beside, self._newest(folder))
                sync_file_system(beside)
                beside.rename(folder / id)
                return content
            except OSError as error:
                if error.errno in (errno.ENOSPC, errno.EDQUOT):
                    raise StoreFull from error
                raise
            finally:
                shutil.rmtree(beside, ignore_errors=True)

    def data(self, volume: str, id: str) -> Path:
        """The folder of a snapshot; `SnapshotMissing`."""
        data = self._root / volume / id / _DATA
        if not data.is_dir():
            raise SnapshotMissing
        return data

    def content(self, volume: str, id: str) -> SnapshotContent:
        """What a snapshot holds; `SnapshotMissing`."""
        try:
            text = (self._root / volume / id / _CONTENT).read_text("utf-8")
        except FileNotFoundError as error:
            raise SnapshotMissing from error
        return SnapshotContent.model_validate_json(text)

    def remove(self, volume: str, id: str) -> None:
        """Delete a snapshot; files that others share stay. Idempotent."""
        with self.locked(volume):
            folder = self._root / volume
            with suppress(FileNotFoundError):
                (folder / id).rename(folder / f"{_REMOVED}{id}")
            if folder.is_dir():
                self._clean(folder)

    def remove_all(self, volume: str) -> None:
        """Delete all snapshots of a volume. Idempotent."""
        with self.locked(volume):
            shutil.rmtree(self._root / volume, ignore_errors=True)

    @contextmanager
    def locked(self, volume: str) -> Iterator[None]:
        """No other call of this store works on the volume meanwhile."""
        with self._locks[volume]:
            yield

    def _newest(self, folder: Path) -> Path | None:
        made = [path for path in folder.iterdir() if not path.name.startswith(".")]
        return max(made, key=lambda path: path.stat().st_mtime_ns, default=None)

    def _copy(self, source: Path, beside: Path, before: Path | None) -> SnapshotContent:
        data, done = beside / _DATA, _Progress()
        data.mkdir(parents=True, mode=0o700)
        old = _read_index(before)
        taken_at = datetime.now(UTC)
        with folder_at(source) as root:
            for member in walk(root):
                self._copy_entry(member, data, before, old, done)
        for path, status in reversed(done.folders):
            folder = os.open(path, FOLDER)
            try:
                give_attributes(folder, status)
            finally:
                os.close(folder)
        content = SnapshotContent(
            taken_at=taken_at,
            files=done.files,
            bytes=done.bytes,
            skipped=done.skipped,
            changing=done.changing,
        )
        (beside / _INDEX).write_text(json.dumps(done.index), "utf-8")
        (beside / _CONTENT).write_text(content.model_dump_json(), "utf-8")
        return content

    def _copy_entry(
        self, member: Found, data: Path, before: Path | None, old: Index, done: _Progress
    ) -> None:
        target = data / member.path
        match member.kind:
            case FileKind.FOLDER:
                target.mkdir(mode=0o700)
                done.folders.append((target, member.status))
            case FileKind.LINK:
                with suppress(FileNotFoundError):
                    target.symlink_to(os.readlink(member.name, dir_fd=member.parent))
                    status = member.status
                    os.chown(target, status.st_uid, status.st_gid, follow_symlinks=False)
            case FileKind.FILE:
                numbers, size = _numbers(member.status), member.status.st_size
                is_same = before is not None and old.get(member.path) == numbers
                if before and is_same and _link(before / _DATA / member.path, target):
                    done.index[member.path] = numbers
                    done.files, done.bytes = done.files + 1, done.bytes + size
                else:
                    self._copy_content(member, target, done)
            case FileKind.OTHER:
                done.skipped += 1

    def _copy_content(self, member: Found, target: Path, done: _Progress) -> None:
        if member.taken + self._spare > shutil.disk_usage(self._root).free:
            raise StoreFull
        file = os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            copied = copy_file(member, file)
        except OSError as error:
            if error.errno not in (errno.ENOENT, errno.ELOOP, errno.ENXIO):
                raise
            target.unlink()  # removed or replaced meanwhile
            return
        finally:
            os.close(file)
        done.files, done.bytes = done.files + 1, done.bytes + copied.status.st_size
        if copied.is_changing:
            done.changing += 1
        else:
            done.index[member.path] = _numbers(copied.status)

    def _clean(self, folder: Path) -> None:
        """Delete what a call left that did not end."""
        for prefix in (_NEW, _REMOVED):
            for path in folder.glob(f"{prefix}*"):
                shutil.rmtree(path, ignore_errors=True)


def _numbers(status: os.stat_result) -> list[int]:
    return [status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns]


def _read_index(snapshot: Path | None) -> Index:
    if snapshot is None:
        return {}
    try:
        return dict(json.loads((snapshot / _INDEX).read_text("utf-8")))
    except (OSError, ValueError):
        return {}


def _link(older: Path, target: Path) -> bool:
    """Whether the older copy serves here too; not beyond the file system's number of links."""
    try:
        os.link(older, target, follow_symlinks=False)
    except OSError:
        return False
    return True
