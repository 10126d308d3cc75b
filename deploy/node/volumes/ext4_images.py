"""Backend: an ext4 file system in an image file per volume, mounted through a loop device.

Works on every file system of the machine. Its own tables are outside the quota: the image is larger
by them. The image's blocks are reserved when it is made (`fallocate`), since a file system in a
sparse file loses data when the disk below it is full; with `sparse` they are not.
"""

import contextlib
import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from .backend import MIB, Quota, Usage, VolumeError

_IMAGE, _MOUNT, _DATA = "image", "mount", "data"
"""Programs see the folder `data`: an ext4 root has `lost+found`, and the engine fills a new volume
with the image's files only where it is empty."""
_BLOCK = 4096
_INODE = 256
_SUPERBLOCK = 1024 + 4
"""Byte of the image at which ext4 keeps the number of its blocks."""
_SMALL, _SMALL_JOURNAL, _JOURNAL = 256 * MIB, 4, 16
_SPARE = 64 * MIB
"""Bytes that stay free on the machine's disk, whatever is asked."""
_BUSY_SECONDS = 10.0
_SECONDS = 120.0
_PATH = "/usr/sbin:/usr/bin:/sbin:/bin"
_DAMAGED = 4
"""First exit code of e2fsck that leaves errors."""
_LOOPS = Path("/sys/block")


@dataclass(frozen=True)
class Ext4Images:
    """`sparse`: blocks are taken as they are written, and the disk may be promised twice."""

    sparse: bool = False
    name: str = "ext4"

    def create(self, folder: Path, quota: Quota) -> Usage | None:
        image = folder / _IMAGE
        try:
            self._reserve(image, _image_size(quota))
            _run(
                "mkfs.ext4",
                *("-q", "-F", "-b", str(_BLOCK), "-m", "0", "-I", str(_INODE)),
                *("-N", str(quota.files), "-J", f"size={_journal(quota)}"),
                *("-E", "nodiscard,lazy_itable_init=1,lazy_journal_init=1"),
                str(image),
            )
            mount = self._mount(folder)
            try:
                (mount / _DATA).mkdir()
                return self.usage(folder)
            finally:
                self.unmount(folder)
        except BaseException:
            image.unlink(missing_ok=True)
            raise

    def mount(self, folder: Path, quota: Quota) -> Path:
        mounted = self.mounted(folder)
        if mounted:
            return mounted
        if _loop_of(folder / _IMAGE) is None:
            self._check(folder / _IMAGE)
            with contextlib.suppress(VolumeError):  # its present size serves until there is room
                self._resize_unmounted(folder, quota)
        return self._mount(folder) / _DATA

    def unmount(self, folder: Path) -> None:
        deadline = time.monotonic() + _BUSY_SECONDS
        while self.mounted(folder):
            try:
                _run("umount", str(folder / _MOUNT))
            except VolumeError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def mounted(self, folder: Path) -> Path | None:
        mount = folder / _MOUNT
        return mount / _DATA if os.path.ismount(mount) else None

    def usage(self, folder: Path) -> Usage | None:
        if not self.mounted(folder):
            return None
        status = os.statvfs(folder / _MOUNT)
        return Usage(
            used_bytes=(status.f_blocks - status.f_bfree) * status.f_frsize,
            allowed_bytes=status.f_blocks * status.f_frsize,
            used_files=status.f_files - status.f_ffree,
            allowed_files=status.f_files,
        )

    def resize(self, folder: Path, quota: Quota) -> bool:
        device = _loop_of(folder / _IMAGE)
        if device is None:
            self._check(folder / _IMAGE)
            self._resize_unmounted(folder, quota)
            return True
        size, target = _file_system_size(folder / _IMAGE), _image_size(quota)
        if target <= size:
            return target == size
        self._reserve(folder / _IMAGE, target)
        try:
            _run("losetup", "--set-capacity", device)
            _run("resize2fs", device)
        except VolumeError:  # without the right to change a mounted file system (CAP_SYS_RESOURCE)
            return False
        return True

    def remove(self, folder: Path) -> None:
        self.unmount(folder)

    def health(self, folder: Path) -> None:
        quota = Quota.of(16 * MIB)
        self.create(folder, quota)
        data = self.mount(folder, quota)
        try:
            _must_refuse(data / "beyond", 2 * quota.bytes)
        finally:
            self.unmount(folder)

    def _mount(self, folder: Path) -> Path:
        mount, image = folder / _MOUNT, folder / _IMAGE
        mount.mkdir(exist_ok=True)
        # The device of a container that is still ending: a second one for the same image would
        # be a second file system on the same blocks.
        device = _loop_of(image)
        source = (
            ["-o", "noatime,nosuid,nodev", device]
            if device
            else ["-o", "loop,noatime,nosuid,nodev", str(image)]
        )
        _run("mount", "-t", "ext4", *source, str(mount))
        return mount

    def _check(self, image: Path) -> None:
        """Replay the journal and repair what can be repaired without loss."""
        done = _call("e2fsck", "-p", str(image))
        if done.returncode >= _DAMAGED:
            raise VolumeError(
                f"the file system of this folder is damaged, an operator must look at {image}:"
                f" {_words(done)}"
            )

    def _resize_unmounted(self, folder: Path, quota: Quota) -> None:
        image, target = folder / _IMAGE, _image_size(quota)
        size = _file_system_size(image)
        if target == size:
            return
        if target > size:
            self._reserve(image, target)
        _call("e2fsck", "-f", "-p", str(image))
        _run("resize2fs", str(image), f"{target // 1024}K")
        os.truncate(image, target)

    def _reserve(self, image: Path, size: int) -> None:
        """Make the image this large; blocks are taken now unless it is sparse."""
        before = image.stat().st_size if image.exists() else 0
        size = max(size, before)
        free = shutil.disk_usage(image.parent).free
        if size > before and size - before > free - _SPARE:
            raise VolumeError(
                f"no room for this folder: it needs {(size - before) // MIB} MiB more, and the"
                f" disk of this machine has {max(free - _SPARE, 0) // MIB} MiB left"
            )
        with image.open("ab") as file:
            os.fchmod(file.fileno(), 0o600)
            if self.sparse:
                os.truncate(file.fileno(), size)
                return
            try:
                os.posix_fallocate(file.fileno(), 0, size)
            except OSError as error:
                os.truncate(file.fileno(), before)
                raise VolumeError(f"no room for this folder: {error.strerror}") from error


def _image_size(quota: Quota) -> int:
    """Of the image: the quota, and ext4's own tables."""
    tables = quota.files * _INODE + _journal(quota) * MIB + quota.bytes // 200 + MIB
    return (quota.bytes + tables + MIB - 1) // MIB * MIB


def _journal(quota: Quota) -> int:
    """MiB."""
    return _SMALL_JOURNAL if quota.bytes < _SMALL else _JOURNAL


def _file_system_size(image: Path) -> int:
    """Of the file system in the image, which a resize that was cut off left smaller than it.

    Source: the superblock, https://docs.kernel.org/filesystems/ext4/globals.html.
    """
    with image.open("rb") as file:
        file.seek(_SUPERBLOCK)
        return int.from_bytes(file.read(4), "little") * _BLOCK


def _loop_of(image: Path) -> str | None:
    """The loop device of this image, wherever it is mounted."""
    for device, backing in _loops():
        if backing == str(image):
            return device
    return None


def _loops() -> Iterator[tuple[str, str]]:
    for path in _LOOPS.glob("loop*/loop/backing_file"):
        with contextlib.suppress(OSError):
            yield f"/dev/{path.parts[-3]}", path.read_text(encoding="utf-8").strip()


def _must_refuse(path: Path, bytes: int) -> None:
    """Write beyond a quota; `VolumeError` unless that fails."""
    chunk, written = b"\0" * MIB, 0
    try:
        with path.open("wb") as file:
            while written < bytes:
                written += file.write(chunk)
            os.fsync(file.fileno())
    except OSError:
        return
    raise VolumeError("a program can write more than the size of its folder")


def _run(*command: str) -> str:
    done = _call(*command)
    if done.returncode != 0:
        raise VolumeError(f"{command[0]}: {_words(done)}")
    return done.stdout


def _call(*command: str) -> "subprocess.CompletedProcess[str]":
    program = shutil.which(command[0], path=_PATH)
    if program is None:
        raise VolumeError(f"{command[0]} is not installed on this machine")
    try:
        return subprocess.run(
            [program, *command[1:]],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_SECONDS,
            check=False,
            env={"PATH": _PATH, "LC_ALL": "C"},
        )
    except subprocess.TimeoutExpired as error:
        raise VolumeError(f"{command[0]} did not end within {_SECONDS:.0f} s") from error


def _words(done: "subprocess.CompletedProcess[str]") -> str:
    """The last words of a program that failed, on one line."""
    printed = done.stderr.strip() or done.stdout.strip()
    return " ".join(printed.split())[-300:] or f"failed ({done.returncode})"
