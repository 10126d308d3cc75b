"""A Swarm of four machines, an orchestrator on it, and what must hold after every fault."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import pytest

# The fixtures of the orchestrator's own tests serve here too.
from tests.orchestrator.conftest import run as run
from tests.orchestrator.conftest import settings as settings
from tests.orchestrator.running import Reached, Run
from tests.orchestrator.specs import a_port, a_spec
from tests.support.engines.nodes import NodeLab
from tests.support.engines.opt_in import LONG, skip_unless_asked
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    PortKind,
    Reason,
    ReasonCode,
    Resources,
    StopRequest,
)
from mydocker_kit.contracts.orchestrator.pools import Node, Pool
from mydocker_orchestrator.settings import Settings

CPU_POOL = Pool(name="default", title="CPU")
GPU_POOL = Pool(name="gpu", title="GPU", gpu_kind="NVIDIA-GPU", max_gpu=3)
long_form = pytest.mark.skipif(not LONG, reason="of the long form: make faults")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A lost machine alone is noticed, awaited and brought back in a minute."""
    for item in items:
        if "/faults/" in item.nodeid and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(300))


@pytest.fixture(scope="session")
def lab() -> Iterator[NodeLab]:
    """Manager, two CPU workers, one GPU worker; in the tests' own network."""
    skip_unless_asked()
    with NodeLab() as lab:
        yield lab


@dataclass
class Class:
    """An orchestrator on the lab, and the Environments a test asked it for."""

    lab: NodeLab
    orchestrator: Reached
    settings: Settings

    def spec(self, pool: str = "default", **given: object) -> EnvironmentSpec:
        values: dict[str, object] = {
            "image": self.lab.image,
            "arguments": ("web:8080",),
            "ports": (a_port(PortKind.WEB, 8080),),
            "pool": pool,
            "resources": Resources(cpu=0.05, memory_mib=32),
        }
        return a_spec(**(values | given))

    async def start(self, pool: str = "default", **given: object) -> UUID:
        """Ask for one, and return."""
        id = uuid4()
        await self.orchestrator.client.put(id, self.spec(pool, **given))
        return id

    async def ready(self, id: UUID, within: float = 45) -> EnvironmentStatus:
        return await self.orchestrator.phase(id, Phase.READY, within)

    async def stop(self, *ids: UUID, attempt: int = 1) -> None:
        request = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
        for id in ids:
            await self.orchestrator.client.stop(id, request)
        for id in ids:
            await self.orchestrator.until(id, lambda s: s.phase in (Phase.STOPPED, Phase.FAILED))

    async def settled(self, wanted: Mapping[UUID, int], within: float = 60) -> None:
        """The engine and the table hold just these attempts; whoever waits knows why."""
        differences: list[str] = []

        async def agree() -> bool:
            differs = await self._differs(wanted)
            differences[:] = [differs] if differs else []
            return not differs

        try:
            await until(agree, "engine and table agree", within, pause=0.25)
        except AssertionError as error:
            raise AssertionError(f"{error}: {differences}") from None

    async def _differs(self, wanted: Mapping[UUID, int]) -> str | None:
        """What is not as wanted; None when all is."""
        services, containers = await asyncio.to_thread(self._found)
        expected = sorted((str(id), str(attempt)) for id, attempt in wanted.items())
        if services != expected:
            return f"services: {services}, wanted: {expected}"
        if sorted(container[:2] for container in containers) != expected:
            return f"containers: {containers}, wanted: {expected}"
        statuses = (await self.orchestrator.client.page(1)).items
        ready = [(str(s.id), str(s.attempt), s.node) for s in statuses if s.phase is Phase.READY]
        if sorted(ready, key=str) != containers:
            return f"the table says {ready}, the engines {containers}"
        unrest = [s for s in statuses if s.phase not in (Phase.READY, Phase.STOPPED, Phase.FAILED)]
        unexplained = [s for s in unrest if s.phase is not Phase.QUEUED or s.reason is None]
        return f"left in the middle: {unexplained}" if unexplained else None

    def _found(self) -> tuple[list[tuple[str, str]], list[tuple[str, str, str]]]:
        """Environment and attempt of each service, and of each running container on any node."""
        ours = json.dumps({"label": [f"mydocker.platform={self.settings.platform_name}"]})
        containers: list[tuple[str, str, str]] = []
        with self.lab.manager.docker() as docker:
            listed = docker.get("/services", filters=ours)
            services = [_of(service["Spec"]["Labels"]) for service in listed]
        for machine in self.lab.workers:
            if not machine.is_on:
                continue
            with machine.docker() as docker:
                listed = docker.get("/containers/json", filters=ours)
                containers += [
                    (*_of(container["Labels"]), machine.plan.name) for container in listed
                ]
        return sorted(services), sorted(containers, key=str)

    async def waits(self, id: UUID, position: int | None = None, within: float = 20) -> Reason:
        """Why it waits, once it has a reason (at this position): within 5 s on a quiet machine."""
        status = await self.orchestrator.until(
            id,
            lambda s: bool(s.reason and (position is None or _position(s.reason) == position)),
            within,
        )
        assert status.phase is Phase.QUEUED
        assert status.reason is not None
        return status.reason

    async def reasons_until(
        self, id: UUID, until: Callable[[EnvironmentStatus], bool], within: float = 60
    ) -> set[ReasonCode]:
        """Every reason its owner can read until then."""
        reasons: set[ReasonCode] = set()

        def read(status: EnvironmentStatus) -> bool:
            if status.reason:
                reasons.add(status.reason.code)
            return until(status)

        await self.orchestrator.until(id, read, within)
        return reasons

    async def node(self, name: str) -> Node:
        nodes = (await self.orchestrator.client.nodes({})).items
        return next(node for node in nodes if node.name == name)

    def container(self, name: str, id: UUID) -> dict[str, object]:
        """What that machine's engine says of the container of this Environment."""
        ours = json.dumps({"label": [f"mydocker.environment={id}"]})
        with self.lab.machines[name].docker() as docker:
            [listed] = docker.get("/containers/json", filters=ours)
            return dict(docker.get(f"/containers/{listed['Id']}/json"))


def _position(reason: Reason) -> object:
    return reason.parameters.get("place")


def _of(labels: Mapping[str, str]) -> tuple[str, str]:
    return (labels["mydocker.environment"], labels["mydocker.attempt"])


@pytest.fixture
def there(settings: Settings, lab: NodeLab) -> Settings:
    """Each node's own address; orphans go soon."""
    changes = {
        "engine_url": lab.manager.url,
        "environment_network": lab.network,
        "node_address": "",
        "orphan_grace": 2.0,
    }
    return settings.model_copy(update=changes)


@pytest.fixture
async def school(run: Run, there: Settings, lab: NodeLab) -> AsyncIterator[Class]:
    """A class to begin with nothing, that leaves nothing."""
    async with at_work(run, there, lab) as school:
        yield school


@asynccontextmanager
async def at_work(run: Run, there: Settings, lab: NodeLab) -> AsyncIterator[Class]:
    async with run(there) as orchestrator:
        for pool in (CPU_POOL, GPU_POOL):
            await orchestrator.client.put_pool(pool.name, pool)
        school = Class(lab, orchestrator, there)
        yield school
        left = (await orchestrator.client.page(1)).items
        alive = [status for status in left if status.phase not in (Phase.STOPPED, Phase.FAILED)]
        await asyncio.gather(*(school.stop(status.id, attempt=status.attempt) for status in alive))
        await school.settled({})
