"""A work folder on one machine's disk: its environment goes back there, or waits for it."""

import asyncio
import io
import os
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.faults.agents import PORT, Agents, agents, await_agent
from tests.faults.agents import secrets as secrets
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_port, a_spec
from tests.support.engines.machines import Machine, Plan
from tests.support.engines.nodes import NodeLab
from tests.support.engines.opt_in import skip_unless_asked

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    Phase,
    PortKind,
    ReasonCode,
    Resources,
    StopRequest,
    VolumeMount,
)
from mydocker_kit.docker.client import DockerClient
from mydocker_orchestrator.settings import Settings

PLANS = (Plan("boss"), Plan("left", "default"), Plan("right", "default"))
WORK = "/home/student"
SMALL = Resources(cpu=0.05, memory_mib=32)
RESTARTS = 10
BYTES = os.urandom(64 * 1024)

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def lab() -> Iterator[NodeLab]:
    """A manager that takes nothing, and two machines of one pool."""
    skip_unless_asked()
    with NodeLab(PLANS) as lab:
        yield lab


@pytest.fixture
def old_volume(lab: NodeLab, settings: Settings) -> str:
    """A volume of this platform on a worker, with no record anywhere; its name."""
    name = f"old-{settings.platform_name}"
    body = {
        "Name": name,
        "Labels": {"mydocker.platform": settings.platform_name},
    }
    with lab.machines["left"].docker() as docker:
        docker.call("POST", "/volumes/create", body)
    return name


@dataclass
class Platform:
    """An orchestrator, and the agents of its machines."""

    orchestrator: Running
    agents: Agents


@pytest.fixture
async def platform(
    run: Run, settings: Settings, lab: NodeLab, secrets: Path
) -> AsyncIterator[Platform]:
    there = settings.model_copy(
        update={
            "engine_url": lab.manager.url,
            "environment_network": lab.network,
            "node_address": "",
            "node_agent_port": PORT,
        }
    )
    with agents(lab, secrets) as running:
        async with run(there) as orchestrator:
            yield Platform(orchestrator, running)


def a_notebook(lab: NodeLab, **given: object) -> EnvironmentSpec:
    """An environment with a work folder of its own."""
    values: dict[str, object] = {
        "image": lab.image,
        "arguments": ("web:8080",),
        "ports": (a_port(PortKind.WEB, 8080),),
        "volumes": (VolumeMount(name=f"work-{uuid4().hex[:12]}", path=WORK),),
        "resources": SMALL,
    }
    return a_spec(**(values | given))


async def start(orchestrator: Running, id: UUID, spec: EnvironmentSpec) -> str:
    """The name of the machine on which this attempt is ready."""
    await orchestrator.client.put(id, spec)
    status = await orchestrator.until(id, lambda s: s.phase in (Phase.READY, Phase.FAILED))
    assert status.phase is Phase.READY, status.reason
    assert status.node
    return status.node


async def available(lab: NodeLab, name: str, availability: str) -> None:
    await asyncio.to_thread(lab.available, name, availability)


async def stop(orchestrator: Running, id: UUID, attempt: int) -> None:
    request = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
    await orchestrator.client.stop(id, request)
    await orchestrator.phase(id, Phase.STOPPED)


async def container(docker: DockerClient, id: UUID) -> str:
    [newest, *_] = await docker.containers({"label": [f"mydocker.environment={id}"]})
    return newest


async def write(machine: Machine, id: UUID, content: bytes) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("notes")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    async with aclosing(DockerClient(machine.url)) as docker:
        await docker.put_archive(await container(docker, id), WORK, packed.getvalue())


async def read(machine: Machine, id: UUID) -> bytes:
    """What its container finds in the work folder."""
    async with aclosing(DockerClient(machine.url)) as docker:
        packed = await docker.archive_start(await container(docker, id), f"{WORK}/notes", 2**20)
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        content = archive.extractfile("notes")
        assert content is not None
        return content.read()


async def test_a_folder_is_found_again_whatever_happens_to_its_machine(
    platform: Platform, lab: NodeLab
) -> None:
    """Ten restarts while the other machine is freer, then its own machine away and back."""
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    await available(lab, "right", "pause")
    assert await start(orchestrator, id, spec) == "left"
    # More tasks on this machine: without the constraint, Swarm spreads every next start away.
    for _ in range(2):
        assert await start(orchestrator, uuid4(), a_notebook(lab, volumes=())) == "left"
    await available(lab, "right", "active")
    left = lab.machines["left"]
    await write(left, id, BYTES)
    other = uuid4()
    assert await start(orchestrator, other, a_notebook(lab)) == "right", "the other is freer"
    await stop(orchestrator, other, 1)

    for attempt in range(2, RESTARTS + 2):
        await stop(orchestrator, id, attempt - 1)
        again = spec.model_copy(update={"attempt": attempt})
        assert await start(orchestrator, id, again) == "left", attempt
        assert await read(left, id) == BYTES
    await stop(orchestrator, id, RESTARTS + 1)

    await asyncio.to_thread(left.cut_power)
    await asyncio.to_thread(lab.await_state, "left", "down")
    last = spec.model_copy(update={"attempt": RESTARTS + 2})
    await orchestrator.client.put(id, last)
    waits = await orchestrator.until(id, lambda status: status.reason is not None)
    assert waits.reason is not None
    assert (waits.phase, waits.reason.code) == (Phase.QUEUED, ReasonCode.FOLDER_UNAVAILABLE)
    assert (waits.reason.parameters["node"], waits.reason.parameters["state"]) == ("left", "down")

    await asyncio.to_thread(lab.start, left)
    platform.agents.start(left)
    await asyncio.to_thread(await_agent, left)
    back = await orchestrator.until(id, lambda s: s.phase in (Phase.READY, Phase.FAILED))
    assert (back.phase, back.node) == (Phase.READY, "left"), back.reason
    assert await read(left, id) == BYTES
    await stop(orchestrator, id, RESTARTS + 2)


async def test_a_released_folder_starts_empty_on_another_machine(
    platform: Platform, lab: NodeLab
) -> None:
    """Drained for good, then released by an operator: nothing else places it elsewhere."""
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    await available(lab, "right", "pause")
    assert await start(orchestrator, id, spec) == "left"
    await available(lab, "right", "active")
    await stop(orchestrator, id, 1)
    await available(lab, "left", "drain")
    await orchestrator.client.put(id, spec.model_copy(update={"attempt": 2}))
    waits = await orchestrator.until(
        id, lambda s: bool(s.reason and s.reason.parameters.get("state") == "drained")
    )
    assert waits.phase is Phase.QUEUED
    await orchestrator.client.release_volume(spec.volumes[0].name)
    ready = await orchestrator.until(id, lambda s: s.phase in (Phase.READY, Phase.FAILED))
    assert (ready.phase, ready.node) == (Phase.READY, "right"), ready.reason
    assert (await orchestrator.client.volume_node(spec.volumes[0].name)).node == "right"
    await stop(orchestrator, id, 2)
    await available(lab, "left", "active")


async def test_folders_from_before_the_upgrade_are_found_on_their_machines(
    old_volume: str, platform: Platform, lab: NodeLab
) -> None:
    """The volume was there before this orchestrator first led; the other machine is freer."""
    orchestrator, id = platform.orchestrator, uuid4()
    await available(lab, "right", "pause")
    for _ in range(2):
        assert await start(orchestrator, uuid4(), a_notebook(lab, volumes=())) == "left"
    await available(lab, "right", "active")
    spec = a_notebook(lab, volumes=(VolumeMount(name=old_volume, path=WORK),))
    assert await start(orchestrator, id, spec) == "left"
    await stop(orchestrator, id, 1)
