"""A Swarm in memory: quick, and faulty on demand. Its tasks move when a test says so."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from mydocker_kit.contracts.orchestrator.cordons import Cordon
from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskLook, DiskUse, DiskWalk
from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec
from mydocker_kit.contracts.orchestrator.usage import UsageLook
from mydocker_kit.contracts.orchestrator.volumes import NamedVolume, VolumeResized, VolumeUse
from mydocker_kit.docker.errors import (
    EngineError,
    EngineRefused,
    EngineUnavailable,
    NameTaken,
)
from mydocker_orchestrator.domain.checks.port_diagnosis import Listener
from mydocker_orchestrator.domain.lifecycle.failures import PostMortem
from mydocker_orchestrator.domain.lifecycle.transitions import EnvironmentState
from mydocker_orchestrator.domain.observed_state import (
    Availability,
    ObservedNode,
    ObservedService,
    ObservedState,
    ObservedTask,
    TaskState,
)
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED, Placement


def _has_node(service: ObservedService) -> bool:
    task = service.task
    return task is not None and task.node_id is not None and not task.state.is_over


class FakeSwarm:
    """Keeps the one promise that matters: a name is taken once."""

    def __init__(self) -> None:
        self.services: dict[UUID, ObservedService] = {}
        self.leaving: set[UUID] = set()
        self.creations: list[tuple[UUID, int]] = []
        self.removals: list[str] = []
        self.places: dict[UUID, Placement] = {}
        self.node = ObservedNode(
            id="n1",
            name="one",
            cpu=2,
            memory_mib=2048,
            free_cpu=1.5,
            free_memory_mib=256,
        )
        self.others: list[ObservedNode] = []
        """More nodes; a service without a constraint goes to the freest."""
        self.volumes_on: dict[str, list[NamedVolume]] = {}
        """By the node's id; a node without an entry cannot be asked."""
        self.usage_on: dict[str, UsageLook] = {}
        """By the node's id; a node without an entry cannot be asked."""
        self.down = False
        self.error: EngineError | None = None
        """Of every call."""
        self.create_error: EngineError | None = None
        self.findings = PostMortem()
        self.unwritable: str | None = None
        self.inside: tuple[Listener, ...] | None = None
        self.output = ""
        self.starts_as = TaskState.NEW
        self.foreign: set[UUID] = set()
        self.specs: dict[UUID, EnvironmentSpec] = {}
        self.rung = asyncio.Event()
        self.loose: tuple[str, ...] | None = ()
        self.written: dict[str, tuple[DiskArea, int]] = {}
        """By the container's id; measured with the volumes."""
        self.free: int | None = None
        self.walks: list[tuple[str, DiskWalk]] = []
        self.uses: dict[str, VolumeUse] = {}
        """Of volumes with a size, by name."""
        self.resized: list[tuple[str, str, int]] = []
        """Node, volume and bytes."""

    async def observe(self) -> ObservedState:
        self._answer()
        services, leaving = dict(self.services), frozenset(self.leaving)
        return ObservedState(services, leaving, nodes=tuple(self._nodes()))

    async def nodes(self) -> Sequence[ObservedNode]:
        self._answer()
        return self._nodes()

    def _nodes(self) -> list[ObservedNode]:
        """What is held by the tasks that have a node, as the Swarm counts it."""
        return [self._with_free_resources(node) for node in (self.node, *self.others)]

    def _with_free_resources(self, node: ObservedNode) -> ObservedNode:
        held = [
            self.specs[service.environment_id].resources
            for service in self.services.values()
            if _has_node(service) and service.task and service.task.node_id == node.id
        ]
        return replace(
            node,
            free_cpu=node.cpu - sum(service.cpu for service in held),
            free_memory_mib=node.memory_mib - sum(service.memory_mib for service in held),
        )

    def _node_for(self, id: UUID) -> ObservedNode:
        """The node of its constraint, else the freest that is usable, else the first."""
        wanted = self.places[id].node_id
        usable = [node for node in self._nodes() if node.usable]
        freest = max(usable, key=lambda node: node.free_cpu, default=self.node)
        return next((node for node in self._nodes() if node.id == wanted), freest)

    async def own_node(self) -> str:
        self._answer()
        return self.node.id

    async def volumes(self, node_id: str) -> Sequence[NamedVolume] | None:
        self._answer()
        return self.volumes_on.get(node_id)

    async def volume_uses(self, node_id: str) -> Sequence[VolumeUse] | None:
        self._answer()
        return list(self.uses.values())

    async def resize_volume(self, node_id: str, name: str, bytes: int) -> VolumeResized:
        self._answer()
        self.resized.append((node_id, name, bytes))
        return VolumeResized(applied=True)

    async def change_node(
        self, id: str, availability: Availability | None = None, pool: str | None = None
    ) -> None:
        self._answer()
        if id != self.node.id:
            raise EngineRefused(f"node {id} not found")
        self.node = replace(
            self.node,
            availability=availability or self.node.availability,
            pool=pool or self.node.pool,
        )

    async def cordon_node(self, id: str, cordon: Cordon) -> None:
        self._answer()
        closed = replace(self.node, usable=False, admitted=False, cordon=cordon)
        self.node = replace(closed, availability=Availability.PAUSE)

    async def hardening_differences(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> tuple[str, ...] | None:
        self._answer()
        return self.loose

    async def disk(
        self, node_id: str, walk: DiskWalk, containers: Sequence[str]
    ) -> DiskLook | None:
        self._answer()
        self.walks.append((node_id, walk))
        there = [(id, *self.written[id]) for id in containers if id in self.written]
        uses = [DiskUse(container=id, area=area, bytes=size) for id, area, size in there]
        return DiskLook(uses=tuple(uses if walk is DiskWalk.VOLUMES else ()), free=self.free)

    async def usage(self, node_id: str) -> UsageLook | None:
        self._answer()
        return self.usage_on.get(node_id)

    async def create(
        self, id: UUID, spec: EnvironmentSpec, placement: Placement = UNCONSTRAINED
    ) -> None:
        self._answer()
        if self.create_error:
            raise self.create_error
        if id in self.services or id in self.foreign:
            raise NameTaken(str(id))
        self.creations.append((id, spec.attempt))
        self.places[id] = placement
        self.specs[id] = spec
        task = ObservedTask(id=uuid4().hex, state=self.starts_as)
        if self.starts_as is not TaskState.NEW:
            node = self._node_for(id)
            task = replace(task, node_id=node.id, node=node.name)
        if self.starts_as is TaskState.RUNNING:  # as on an engine: what runs has a container
            task = replace(task, container_id=f"c-{uuid4().hex}")
        self.services[id] = ObservedService(
            uuid4().hex, id, spec.attempt, datetime.now(UTC), task, placement.quota_volumes
        )

    async def is_foreign(self, id: UUID) -> bool:
        self._answer()
        return id in self.foreign

    async def remove(self, service: ObservedService) -> None:
        self._answer()
        self.removals.append(service.id)
        there = self.services.get(service.environment_id)
        if there and there.id == service.id:
            del self.services[service.environment_id]

    async def logs(self, id: UUID, lines: int) -> str:
        self._answer()
        return self.output

    async def post_mortem(self, id: UUID, task: ObservedTask) -> PostMortem:
        return self.findings

    async def unwritable_folder(
        self, environment: EnvironmentState, task: ObservedTask
    ) -> str | None:
        return self.unwritable

    async def listeners(self, task: ObservedTask) -> tuple[Listener, ...] | None:
        return self.inside

    async def events(self) -> AsyncIterator[str]:
        while True:
            await self.rung.wait()
            self.rung.clear()
            yield "start"

    async def aclose(self) -> None:
        return

    def task(self, id: UUID, **changes: object) -> None:
        """The task of this Environment moves."""
        service = self.services[id]
        assert service.task is not None
        moved = replace(service.task, **changes)  # type: ignore[arg-type]
        if moved.state not in (TaskState.NEW, TaskState.PENDING) and moved.node_id is None:
            node = self._node_for(id)
            moved = replace(moved, node_id=node.id, node=moved.node or node.name)
        self.services[id] = replace(service, task=moved)
        self.rung.set()

    def _answer(self) -> None:
        if self.error:
            raise self.error
        if self.down:
            raise EngineUnavailable("down")
