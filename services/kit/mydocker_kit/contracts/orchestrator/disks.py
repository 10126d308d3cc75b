"""What containers wrote on the disk of their machine, as orchestrator and node agents report it."""

import re
from collections import defaultdict
from collections.abc import Iterable
from enum import StrEnum

from pydantic import AliasChoices, Field

from ..base import Contract

_NAMELESS = re.compile(r"[0-9a-f]{64}")


class DiskWalk(StrEnum):
    """What is walked through in one go."""

    LAYERS = "layers"
    """The writable roots of containers."""
    VOLUMES = "volumes"


class DiskArea(StrEnum):
    """Where something was written, as its owner knows it."""

    CONTAINER = "container"
    """The container's own disk: gone with it."""
    WORK_FOLDER = "work_folder"
    """A named volume: kept."""

    @classmethod
    def of_volume(cls, name: str) -> "DiskArea":
        """The engine calls a volume that nobody named by 64 hexadecimal digits."""
        return cls.CONTAINER if _NAMELESS.fullmatch(name) else cls.WORK_FOLDER


class DiskUse(Contract):
    """Bytes of one area of one container."""

    container: str
    area: DiskArea = Field(
        validation_alias=AliasChoices("area", "place"), serialization_alias="place"
    )
    """Serialized as `place` for one more release, which agents of the last one read."""
    bytes: int

    @classmethod
    def summed(cls, folders: Iterable[tuple[str, DiskArea, int | None]]) -> "tuple[DiskUse, ...]":
        """Sums by container and area, without areas that hold an unmeasured folder (None)."""
        sizes: dict[tuple[str, DiskArea], list[int | None]] = defaultdict(list)
        for container, area, size in folders:
            sizes[container, area].append(size)
        return tuple(
            cls(container=container, area=area, bytes=sum(size or 0 for size in measured))
            for (container, area), measured in sizes.items()
            if None not in measured
        )


class DiskLook(Contract):
    """One walk on one machine. What could not be measured is left out."""

    uses: tuple[DiskUse, ...] = ()
    free: int | None = None
    """Bytes left on the disk that holds all this; None where it cannot be seen."""
