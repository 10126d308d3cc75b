"""A Swarm of four machines, an orchestrator on it, and what must hold after every fault."""

import asyncio
import json
import os
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from uuid import UUID, uuid4

import httpx
import pytest
from deploy.demo.docker import DockerError
from deploy.testing.nodes import NodeLab

# The fixtures of the orchestrator's own tests serve here too.
from tests.orchestrator.conftest import run as run
from tests.orchestrator.conftest import settings as settings
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_port, a_spec

from mydocker_kit.contracts.environments import (
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    PortKind,
    ReasonCode,
    Resources,
    StopRequest,
)
from mydocker_kit.contracts.pools import Pool
from mydocker_orchestrator.settings import Settings

GPU_POOL = Pool(name="gpu", title="GPU", gpu_kind="NVIDIA-GPU", max_gpu=3)
LONG = os.environ.get("MYDOCKER_TEST_NODES") == "long"


@pytest.fixture(scope="session")
def lab() -> Iterator[NodeLab]:
    """Manager, two CPU workers, one GPU worker; in the tests' own network."""
    if not os.environ.get("MYDOCKER_TEST_NODES"):
        pytest.skip("MYDOCKER_TEST_NODES is not set (make faults)")
    with NodeLab() as lab:
        yield lab


@dataclass
class Class:
    """An orchestrator on the lab, and the Environments a test asked it for."""

    lab: NodeLab
    orchestrator: Running
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
        """One running service and one container for each of these attempts, and nothing else."""
        deadline = asyncio.get_running_loop().time() + within
        found: object = None
        while asyncio.get_running_loop().time() < deadline:
            found = await asyncio.to_thread(self._found)
            expected = sorted((str(id), str(attempt)) for id, attempt in wanted.items())
            if found == (expected, expected):
                break
            await asyncio.sleep(0.25)
        else:
            raise AssertionError(f"services and containers: {found}, wanted: {wanted}")
        statuses = (await self.orchestrator.client.page(1)).items
        ready = {one.id: one.attempt for one in statuses if one.phase is Phase.READY}
        assert ready == dict(wanted)
        for one in statuses:
            waits = one.phase is Phase.QUEUED
            assert not waits or one.reason is not None, f"{one.id} waits without a reason"

    def _found(self) -> tuple[list[tuple[str, str]], list[tuple[str, str]]]:
        """Environment and attempt of each service, and of each running container on any node."""
        ours = json.dumps({"label": [f"mydocker.platform={self.settings.platform_name}"]})
        containers: list[tuple[str, str]] = []
        with self.lab.manager.docker() as docker:
            listed = docker.get("/services", filters=ours)
            services = [_of(service["Spec"]["Labels"]) for service in listed]
        for machine in self.lab.workers:
            with machine.docker() as docker:
                try:
                    listed = docker.get("/containers/json", filters=ours)
                except (DockerError, httpx.HTTPError):
                    continue  # it is off
                containers += [_of(container["Labels"]) for container in listed]
        return sorted(services), sorted(containers)

    def container(self, name: str, id: UUID) -> dict[str, object]:
        """What that machine's engine says of the container of this Environment."""
        ours = json.dumps({"label": [f"mydocker.environment={id}"]})
        with self.lab.machines[name].docker() as docker:
            [listed] = docker.get("/containers/json", filters=ours)
            return dict(docker.get(f"/containers/{listed['Id']}/json"))


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
        await orchestrator.client.put_pool("gpu", GPU_POOL)
        school = Class(lab, orchestrator, there)
        yield school
        for status in (await orchestrator.client.page(1)).items:
            if status.phase not in (Phase.STOPPED, Phase.FAILED):
                await school.stop(status.id, attempt=status.attempt)
        await school.settled({})
