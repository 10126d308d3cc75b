"""Named volumes on nodes' disks: what an engine has, and where the orchestrator recorded it."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from ..base import Contract
from .environments import FolderUse

PLATFORM_LABEL = "mydocker.platform"
"""On volumes, containers and services of environments."""
LOCAL_DRIVER = "local"
"""Docker's own driver: folders without a size."""


class NamedVolume(Contract):
    """A volume of an environment on one engine."""

    name: str
    platform: str
    """The platform whose environments it belongs to."""
    created_at: datetime
    driver: str = LOCAL_DRIVER
    """Docker's volume driver that made it."""


class VolumeList(Contract):
    """The named volumes of environments on one engine."""

    volumes: tuple[NamedVolume, ...] = ()

    @classmethod
    def parse(cls, listed: Iterable[Mapping[str, Any]]) -> "VolumeList":
        """From the engine's `GET /volumes`; volumes of nobody's platform are left out."""
        return cls(
            volumes=tuple(
                NamedVolume(
                    name=volume["Name"],
                    platform=platform,
                    created_at=volume["CreatedAt"],
                    driver=volume.get("Driver") or LOCAL_DRIVER,
                )
                for volume in listed
                if (platform := (volume.get("Labels") or {}).get(PLATFORM_LABEL))
            )
        )


class VolumeNode(Contract):
    """On which node a named volume is: environments with it start there and nowhere else."""

    name: str
    node_id: str | None
    """The Swarm's id; None while only the name is known, from before volumes were recorded."""
    node: str
    """The name of the node when it was recorded."""
    recorded_at: datetime


class VolumeUse(FolderUse):
    """What one volume of a node's volume plugin holds."""

    name: str

    def of_folder(self) -> FolderUse:
        """The same, as the status of an environment has it."""
        return FolderUse.model_validate(self.model_dump(exclude={"name"}))


class VolumeUses(Contract):
    """All volumes of a node's volume plugin; empty where the node runs none."""

    volumes: tuple[VolumeUse, ...] = ()


class VolumeSize(Contract):
    """A new size of a volume."""

    bytes: Annotated[int, Field(ge=16 * 1024 * 1024)]


class VolumeResized(Contract):
    """Whether a volume has its new size; `error` says why not."""

    applied: bool = False
    """False without an error: it gets it when it is mounted next."""
    error: str = ""


class StoredVolume(Contract):
    """A volume that a machine's engine has, or that is recorded to be on a machine."""

    name: str
    node_id: str | None
    """None while only the name of the machine is known."""
    node: str
    created_at: datetime | None = None
    """None: no engine was found to have it."""
    recorded: bool
    """The record says that the current volume of this name is on this machine."""


class VolumeInventory(Contract):
    """All volumes of environments, as engines and records have them."""

    volumes: tuple[StoredVolume, ...] = ()
    unknown_nodes: tuple[str, ...] = ()
    """Machines whose engines could not be asked."""


MOST_SIZES = 1000


class VolumeSizesRequest(Contract):
    """Volumes to measure."""

    names: Annotated[
        tuple[Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{1,120}$")], ...],
        Field(max_length=MOST_SIZES),
    ]


class VolumeSizes(Contract):
    """Bytes that volumes take, by name; without those that could not be measured in time."""

    sizes: Annotated[dict[str, int], Field(default_factory=dict)]
