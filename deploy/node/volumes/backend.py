"""What a backend of volumes does; the rules that all backends share."""

from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

MIB = 1024 * 1024
MIN_BYTES = 16 * MIB
"""A smaller file system holds little but its own tables."""
BYTES_PER_FILE = 16 * 1024
"""One file for each 16 KiB of a volume, unless it says otherwise: ext4's own ratio."""


class VolumeError(Exception):
    """Refuses a call; the engine shows the text word for word as the error of the task."""


@dataclass(frozen=True)
class Quota:
    """What a volume may hold."""

    bytes: int
    files: int

    @classmethod
    def of(cls, bytes: int, files: int | None = None) -> "Quota":
        """Raise `VolumeError` for a size that no file system can have."""
        if bytes < MIN_BYTES:
            raise VolumeError(f"a volume has at least {MIN_BYTES // MIB} MiB, not {bytes} bytes")
        return cls(bytes, files or max(bytes // BYTES_PER_FILE, 1024))


@dataclass(frozen=True)
class Usage:
    """What a volume holds, and what its programs can put into it, in bytes and files."""

    used_bytes: int
    allowed_bytes: int
    used_files: int
    allowed_files: int


class Backend(Protocol):
    """File systems of volumes; each `folder` is one volume's own. Raises `VolumeError`."""

    @property
    def name(self) -> str:
        """By which records name it."""

    def create(self, folder: Path, quota: Quota) -> Usage | None:
        """Make an empty file system in this new folder; what it holds then."""

    def mount(self, folder: Path, quota: Quota) -> Path:
        """Mount it, with this quota where it has another; where it is then. Idempotent."""

    def unmount(self, folder: Path) -> None:
        """Unmount it. Idempotent; `VolumeError` while something uses it."""

    def mounted(self, folder: Path) -> Path | None:
        """Where it is mounted now."""

    def usage(self, folder: Path) -> Usage | None:
        """What it holds; None while it is not mounted."""

    def resize(self, folder: Path, quota: Quota) -> bool:
        """Whether it has this quota now; False: it gets it when it is mounted next."""

    def remove(self, folder: Path) -> None:
        """Unmount it and free what is outside its folder."""

    def health(self, folder: Path) -> None:
        """Try a full cycle in this empty folder: a write beyond the quota must fail."""
