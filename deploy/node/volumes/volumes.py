"""The volumes of this node: one record and one lock each."""

import shutil
import threading
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from .backend import MIB, Backend, Quota, Usage, VolumeError
from .records import Record, Records

_NEW, _REMOVED, _TRIED = ".new-", ".removed-", ".tried"


class Volumes:
    """`default`: the backend of new volumes; others serve volumes that were made with them."""

    def __init__(self, root: Path, backends: Mapping[str, Backend], default: str) -> None:
        self._root, self._backends, self._default = root, backends, default
        self._records = Records(root)
        self._locks: dict[str, threading.Lock] = defaultdict(threading.Lock)
        self._clean()

    def create(self, name: str, quota: Quota) -> None:
        """Make a volume. One that exists stays as it is."""
        with self._locked(name):
            if self._records.read(name):
                return
            folder, beside = self._records.folder(name), self._root / f"{_NEW}{name}"
            shutil.rmtree(beside, ignore_errors=True)
            beside.mkdir(mode=0o700)
            backend = self._backends[self._default]
            try:
                usage = backend.create(beside, quota)
                made_at = datetime.now(UTC).isoformat(timespec="seconds")
                record = Record(name, backend.name, quota, made_at, usage=usage)
                self._records.write(record, beside)
                beside.rename(folder)
            except OSError as error:
                raise VolumeError(f"the folder cannot be made: {error.strerror}") from error
            finally:
                shutil.rmtree(beside, ignore_errors=True)

    def mount(self, name: str, id: str) -> Path:
        """Mount it for the engine's mount `id`; where it is. Idempotent."""
        with self._locked(name):
            record, folder = self._record(name), self._records.folder(name)
            backend = self._backend(record)
            if backend.mounted(folder) is None:
                record = replace(record, mounts=frozenset())  # of before the machine started
            path = backend.mount(folder, record.quota)
            self._records.write(record.with_mount(id))
            return path

    def unmount(self, name: str, id: str) -> None:
        """End one mount; with the last one the file system is unmounted. Idempotent."""
        with self._locked(name):
            record, folder = self._record(name), self._records.folder(name)
            record, backend = record.without_mount(id), self._backend(record)
            if not record.mounts:
                record = replace(record, usage=backend.usage(folder) or record.usage)
                backend.unmount(folder)
            self._records.write(record)

    def resize(self, name: str, quota: Quota) -> bool:
        """Whether it has this size now; else it gets it at its next mount.

        `VolumeError` where it holds more than that.
        """
        with self._locked(name):
            record, folder = self._record(name), self._records.folder(name)
            usage = self._usage(record)
            if usage and quota.bytes < usage.used_bytes:
                raise VolumeError(
                    f"the folder holds {_mib(usage.used_bytes)} MiB and cannot be limited to"
                    f" {_mib(quota.bytes)} MiB"
                )
            applied = self._backend(record).resize(folder, quota)
            self._records.write(replace(record, quota=quota))
            return applied

    def remove(self, name: str) -> None:
        """Delete a volume with its files. Idempotent."""
        with self._locked(name):
            record, folder = self._records.read(name), self._records.folder(name)
            if record is None:
                return
            self._backend(record).remove(folder)
            removed = self._root / f"{_REMOVED}{name}"
            shutil.rmtree(removed, ignore_errors=True)
            folder.rename(removed)
            shutil.rmtree(removed, ignore_errors=True)

    def get(self, name: str) -> Record | None:
        """Its record, with its present usage."""
        record = self._records.read(name)
        return replace(record, usage=self._usage(record)) if record else None

    def all(self) -> Iterator[Record]:
        """Every volume, with its present usage."""
        for record in self._records.all():
            yield replace(record, usage=self._usage(record))

    def path(self, name: str) -> Path | None:
        """Where it is mounted now."""
        record = self._records.read(name)
        return self._backend(record).mounted(self._records.folder(name)) if record else None

    def health(self) -> None:
        """Try the backend of new volumes; `VolumeError` says what is wrong with it."""
        with self._locked(_TRIED):
            folder = self._root / _TRIED
            self._empty(folder)
            folder.mkdir(mode=0o700)
            try:
                self._backends[self._default].health(folder)
            except OSError as error:
                raise VolumeError(str(error)) from error
            finally:
                self._empty(folder)

    def _usage(self, record: Record) -> Usage | None:
        return self._backend(record).usage(self._records.folder(record.name)) or record.usage

    def _record(self, name: str) -> Record:
        record = self._records.read(name)
        if record is None:
            raise VolumeError(f"there is no volume {name} on this machine")
        return record

    def _backend(self, record: Record) -> Backend:
        backend = self._backends.get(record.backend)
        if backend is None:
            raise VolumeError(f"this machine has no backend {record.backend}")
        return backend

    @contextmanager
    def _locked(self, name: str) -> Iterator[None]:
        with self._locks[name]:
            yield

    def _empty(self, folder: Path) -> None:
        if folder.exists():
            self._backends[self._default].remove(folder)
            shutil.rmtree(folder, ignore_errors=True)

    def _clean(self) -> None:
        """Remove what a call left that did not end: nothing of it is a volume."""
        self._empty(self._root / _TRIED)
        for prefix in (_NEW, _REMOVED):
            for folder in self._root.glob(f"{prefix}*"):
                for backend in self._backends.values():
                    backend.unmount(folder)
                shutil.rmtree(folder, ignore_errors=True)


def _mib(bytes: int) -> int:
    return -(-bytes // MIB)
