"""What containers wrote on the disk of their machine, as orchestrator and node agents tell it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from .base import Contract

_NAMELESS = re.compile(r"[0-9a-f]{64}")


class DiskWalk(StrEnum):
    """What is walked through in one go."""

    LAYERS = "layers"
    """The writable roots of containers."""
    VOLUMES = "volumes"


class DiskPlace(StrEnum):
    """Where something was written, as its owner knows it."""

    CONTAINER = "container"
    """The container's own disk: gone with it."""
    WORK_FOLDER = "work_folder"
    """A named volume: kept."""

    @classmethod
    def of_volume(cls, name: str) -> "DiskPlace":
        """The engine calls a volume that nobody named by 64 hexadecimal digits."""
        return cls.CONTAINER if _NAMELESS.fullmatch(name) else cls.WORK_FOLDER


class DiskUse(Contract):
    """Bytes of one place of one container."""

    container: str
    place: DiskPlace
    bytes: int

    @classmethod
    def summed(cls, found: Iterable[tuple[str, DiskPlace, int | None]]) -> "tuple[DiskUse, ...]":
        """From folders; a place of which one was not measured (None) is left out, whole."""
        sizes: dict[tuple[str, DiskPlace], list[int | None]] = defaultdict(list)
        for container, place, size in found:
            sizes[container, place].append(size)
        return tuple(
            cls(container=container, place=place, bytes=sum(size or 0 for size in each))
            for (container, place), each in sizes.items()
            if None not in each
        )


class DiskLook(Contract):
    """One walk on one machine. What could not be measured is left out."""

    uses: tuple[DiskUse, ...] = ()
    free: int | None = None
    """Bytes left on the disk that holds all this; None where it cannot be seen."""
