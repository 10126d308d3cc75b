"""A Swarm in memory: quick, and faulty on demand. Its tasks move when a test says so."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from uuid import UUID, uuid4

from mydocker_kit.contracts.disks import DiskLook, DiskPlace, DiskUse, DiskWalk
from mydocker_kit.contracts.environments import EnvironmentSpec
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
        self.written: dict[str, tuple[DiskPlace, int]] = {}
        """By the container's id; measured with the volumes."""
        self.free: int | None = None
        self.walks: list[tuple[str, DiskWalk]] = []

    async def observe(self) -> ObservedState:
        self._answer()
        services, leaving = dict(self.services), frozenset(self.leaving)
        return ObservedState(services, leaving, nodes=tuple(self._nodes()))

    async def nodes(self) -> Sequence[ObservedNode]:
        self._answer()
        return self._nodes()

    def _nodes(self) -> list[ObservedNode]:
        """What is held by the tasks that have a node, as the Swarm counts it."""
        there = [one.environment_id for one in self.services.values() if _has_node(one)]
        held = [self.specs[id].resources for id in there]
        return [
            replace(
                node,
                free_cpu=node.cpu - sum(one.cpu for one in held),
                free_memory_mib=node.memory_mib - sum(one.memory_mib for one in held),
            )
            for node in [self.node]
        ]

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

    async def cordon_node(self, id: str) -> None:
        self._answer()
        self.node = replace(
            self.node, usable=False, admitted=False, availability=Availability.PAUSE
        )

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
        uses = [DiskUse(container=id, place=place, bytes=size) for id, place, size in there]
        return DiskLook(uses=tuple(uses if walk is DiskWalk.VOLUMES else ()), free=self.free)

    async def create(
        self, id: UUID, spec: EnvironmentSpec, place: Placement = UNCONSTRAINED
    ) -> None:
        self._answer()
        if self.create_error:
            raise self.create_error
        if id in self.services or id in self.foreign:
            raise NameTaken(str(id))
        self.creations.append((id, spec.attempt))
        self.places[id] = place
        self.specs[id] = spec
        node_id = None if self.starts_as is TaskState.NEW else self.node.id
        task = ObservedTask(
            id=uuid4().hex, state=self.starts_as, node_id=node_id, node=node_id and self.node.name
        )
        self.services[id] = ObservedService(uuid4().hex, id, spec.attempt, datetime.now(UTC), task)

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
            moved = replace(moved, node_id=self.node.id, node=self.node.name)
        self.services[id] = replace(service, task=moved)
        self.rung.set()

    def _answer(self) -> None:
        if self.error:
            raise self.error
        if self.down:
            raise EngineUnavailable("down")
