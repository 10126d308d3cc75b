"""Work folders as ratios of the plain file system, and times of snapshots and restores.

`python -m tests.benchmarks.storage [FOLDER]` as root: throughput of an ext4 image of the volume
plugin beside that of the file system below it, the time to make and mount volumes, and snapshots
and restores of folders of many small and of few large files. Prints medians of `ROUNDS` runs.
"""

import os
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from deploy.node.folder_files.restoring import restore
from deploy.node.folder_files.snapshots import SnapshotStore
from deploy.node.volumes.backend import MIB, Quota
from deploy.node.volumes.ext4_images import Ext4Images
from deploy.node.volumes.volumes import Volumes

ROUNDS = 5
_SIZE = 256 * MIB
_BLOCK = 4096
_WRITES = 4000
_VOLUMES = 30
_SMALL_FILES = 5000
_MOUNT = "benchmark"


def main() -> None:
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as given:
        root = Path(given)
        backend = Ext4Images()
        volumes = Volumes(root / "volumes", {backend.name: backend}, backend.name)
        _throughput(root, volumes)
        _many(volumes)
        _snapshots(root)


def _throughput(root: Path, volumes: Volumes) -> None:
    """Sequential writes and random blocks of 4 KiB, each synced, there and in a volume."""
    plain = root / "plain"
    plain.mkdir()
    volumes.create("throughput", Quota.of(2 * _SIZE))
    inside = volumes.mount("throughput", _MOUNT)
    try:
        for name, work in (("sequential", _sequential), ("4 KiB random", _random)):
            below = statistics.median(_timed(work, plain) for _ in range(ROUNDS))
            there = statistics.median(_timed(work, inside) for _ in range(ROUNDS))
            print(f"{name}: {below / there:.2f} of the plain file system's ({there:.2f} s)")
    finally:
        volumes.unmount("throughput", _MOUNT)
        volumes.remove("throughput")


def _sequential(folder: Path) -> None:
    chunk = os.urandom(MIB)
    with (folder / "file").open("wb") as file:
        for _ in range(_SIZE // MIB):
            file.write(chunk)
        os.fsync(file.fileno())


def _random(folder: Path) -> None:
    block = os.urandom(_BLOCK)
    file = os.open(folder / "file", os.O_WRONLY)
    try:
        for number in range(_WRITES):
            os.pwrite(file, block, (number * 7919 * _BLOCK) % (_SIZE - _BLOCK))
        os.fsync(file)
    finally:
        os.close(file)


def _many(volumes: Volumes) -> None:
    """Volumes made and mounted one after the other."""
    names = [f"many-{number}" for number in range(_VOLUMES)]
    began = time.perf_counter()
    for name in names:
        volumes.create(name, Quota.of(32 * MIB))
        volumes.mount(name, _MOUNT)
    spent = time.perf_counter() - began
    print(f"{_VOLUMES} volumes made and mounted: {spent:.1f} s ({spent / _VOLUMES:.2f} s each)")
    for name in names:
        volumes.unmount(name, _MOUNT)
        volumes.remove(name)


def _snapshots(root: Path) -> None:
    small, large = root / "small", root / "large"
    for number in range(_SMALL_FILES):
        folder = small / f"{number // 100}"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{number}").write_bytes(os.urandom(2048))
    large.mkdir()
    _sequential(large)
    for name, folder in ((f"{_SMALL_FILES} small files", small), ("256 MiB in one file", large)):
        store = SnapshotStore(root / "store" / folder.name, spare=0)
        first = _timed(partial(store.take, "v", "first"), folder)
        again = _timed(partial(store.take, "v", "again"), folder)
        target = root / "target"
        target.mkdir()
        data = store.data("v", "first")
        back = _timed(partial(restore, data, paths=[]), target)
        shutil.rmtree(target)
        print(
            f"{name}: first snapshot {first:.2f} s, unchanged again {again:.2f} s,"
            f" restore {back:.2f} s"
        )


def _timed(work: Callable[[Path], object], folder: Path) -> float:
    began = time.perf_counter()
    work(folder)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
