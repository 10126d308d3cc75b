"""The interface to a Swarm that loops and services use; tests pass a fake."""

from collections.abc import AsyncIterator, Sequence
from typing import Protocol
from uuid import UUID

from mydocker_kit.contracts.orchestrator.cordons import Cordon
from mydocker_kit.contracts.orchestrator.disks import DiskLook, DiskWalk
from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec
from mydocker_kit.contracts.orchestrator.usage import UsageLook
from mydocker_kit.contracts.orchestrator.volumes import NamedVolume, VolumeResized, VolumeUse

from ..domain.checks.port_diagnosis import Listener
from ..domain.lifecycle.failures import PostMortem
from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import (
    Availability,
    ObservedNode,
    ObservedService,
    ObservedState,
    ObservedTask,
)
from ..domain.placement.gpus import UNCONSTRAINED, Placement


class SwarmClient(Protocol):
    """A Swarm, as far as environments need one. Every call raises `EngineError`."""

    async def observe(self) -> ObservedState:
        """Observe everything that carries our labels, in a few batched calls."""

    async def nodes(self) -> Sequence[ObservedNode]:
        """All nodes and their free resources."""

    async def create(
        self, id: UUID, spec: EnvironmentSpec, placement: Placement = UNCONSTRAINED
    ) -> None:
        """Create the service; `NameTaken` when its name is taken."""

    async def is_foreign(self, id: UUID) -> bool:
        """Whether a service that is not ours has this environment's name."""

    async def change_node(
        self, id: str, availability: Availability | None = None, pool: str | None = None
    ) -> None:
        """Change a node's availability or pool; `EngineRefused` for an unknown node."""

    async def cordon_node(self, id: str, cordon: Cordon) -> None:
        """Accept no new containers until its checks pass again; running ones continue."""

    async def hardening_differences(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> tuple[str, ...] | None:
        """What differs from the profile in this container; None where it cannot be read."""

    async def unwritable_folder(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> str | None:
        """The path of a work folder that the container's user cannot write in, after the owner of
        every folder was set; None where all are writable, or it cannot be checked."""

    async def disk(
        self, node_id: str, walk: DiskWalk, containers: Sequence[str]
    ) -> DiskLook | None:
        """What these containers wrote on that node; None where it cannot be measured."""

    async def usage(self, node_id: str) -> UsageLook | None:
        """CPU time and memory of the containers on that node; None where they cannot be read."""

    async def volumes(self, node_id: str) -> Sequence[NamedVolume] | None:
        """The named volumes of environments on that node; None where they cannot be listed."""

    async def volume_uses(self, node_id: str) -> Sequence[VolumeUse] | None:
        """What the volumes of that node's volume plugin hold; None where no plugin runs."""

    async def resize_volume(self, node_id: str, name: str, bytes: int) -> VolumeResized:
        """Set the size of a volume of that node's volume plugin."""

    async def own_node(self) -> str:
        """The id of the node of the connected engine."""

    async def remove(self, service: ObservedService) -> None:
        """Remove the service with this id. Idempotent."""

    async def logs(self, id: UUID, lines: int) -> str:
        """The last lines of output."""

    async def post_mortem(self, id: UUID, task: ObservedTask) -> PostMortem:
        """What the engine reports of a container before it is removed."""

    async def listeners(self, task: ObservedTask) -> tuple[Listener, ...] | None:
        """The TCP sockets that listen in this container; None where they cannot be read."""

    def events(self) -> AsyncIterator[str]:
        """The action of each Docker event; raises `EngineUnavailable` when the stream breaks."""

    async def aclose(self) -> None:
        """Close the connections."""
