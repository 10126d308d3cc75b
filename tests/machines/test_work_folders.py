"""Work folders on joined machines and on engines that remap users, tried by the program itself."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.faults.agents import PORT, agents
from tests.faults.agents import secrets as secrets
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_port, a_spec, read_only_volume
from tests.support.engines.machines import Plan
from tests.support.engines.nodes import NodeLab
from tests.support.engines.opt_in import skip_unless_asked

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    PortKind,
    ReasonCode,
    Resources,
    StopRequest,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_orchestrator.settings import Settings

MACHINES = (
    Plan("first", "first-remapped", remaps_users=True),
    Plan("plain", "joined"),
    Plan("remapped", "joined-remapped", remaps_users=True),
)
POOLS = tuple(plan.pool for plan in MACHINES)
PATHS = ("/absent", "/absent/below", "/of-root", "/of-other", "/declared", "/of-student")


@pytest.fixture(scope="module")
def lab() -> Iterator[NodeLab]:
    """A manager whose engine remaps users, a joined machine, and a joined one that remaps."""
    skip_unless_asked()
    with NodeLab(MACHINES) as lab:
        yield lab


@pytest.fixture
async def orchestrator(
    run: Run, settings: Settings, lab: NodeLab, secrets: Path
) -> AsyncIterator[Running]:
    there = settings.model_copy(
        update={
            "engine_url": lab.manager.url,
            "environment_network": lab.network,
            "node_address": "",
            "node_agent_port": PORT,
        }
    )
    with agents(lab, secrets):
        async with run(there) as running:
            for name in POOLS:
                await running.client.put_pool(name, Pool(name=name, title=name))
            yield running


def mounted_at(path: str, lab: NodeLab, pool: str, *arguments: str) -> EnvironmentSpec:
    return a_spec(
        image=lab.image,
        arguments=(*arguments, "web:8080"),
        ports=(a_port(PortKind.WEB, 8080),),
        volumes=(VolumeMount(name=f"work-{uuid4().hex[:12]}", path=path),),
        pool=pool,
        resources=Resources(cpu=0.05, memory_mib=32),
    )


async def ended(orchestrator: Running, id: UUID, spec: EnvironmentSpec) -> EnvironmentStatus:
    """The status once this start has become ready or failed; stops it."""
    await orchestrator.client.put(id, spec)
    over = (Phase.READY, Phase.FAILED)
    status = await orchestrator.until(id, lambda status: status.phase in over)
    request = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=spec.attempt)
    await orchestrator.client.stop(id, request)
    await orchestrator.until(id, lambda s: s.phase in (Phase.STOPPED, Phase.FAILED))
    return status


@pytest.mark.parametrize("pool", POOLS)
async def test_a_work_folder_is_writable_on_every_machine_whatever_the_image_holds_there(
    orchestrator: Running, lab: NodeLab, pool: str
) -> None:
    """`later` writes before any page answers, so a ready environment has written."""

    async def started_twice(path: str) -> None:
        id, spec = uuid4(), mounted_at(path, lab, pool, f"later:{path}/mine")
        for attempt in (1, 2):  # the engine gives the folder the image's owner at each start
            again = spec.model_copy(update={"attempt": attempt})
            status = await ended(orchestrator, id, again)
            assert status.phase is Phase.READY, (path, status.reason)

    await asyncio.gather(*(started_twice(path) for path in PATHS))


@pytest.mark.parametrize("pool", POOLS)
async def test_a_work_folder_that_nobody_may_write_in_fails_the_start_on_every_machine(
    orchestrator: Running, lab: NodeLab, pool: str
) -> None:
    spec = mounted_at("/absent", lab, pool)
    machine = next(m for m in lab.machines.values() if m.plan.pool == pool)
    with machine.docker() as docker:
        docker.call("POST", "/volumes/create", read_only_volume(spec.volumes[0].name))
    status = await ended(orchestrator, uuid4(), spec)
    assert status.reason is not None
    seen = (status.reason.code, status.reason.parameters)
    assert seen == (ReasonCode.FOLDER_NOT_WRITABLE, {"path": "/absent"}), status.reason
    assert "/volumes/" not in status.reason.model_dump_json()


@pytest.mark.parametrize("pool", POOLS)
async def test_a_file_instead_of_the_work_folder_fails_the_start_on_every_machine(
    orchestrator: Running, lab: NodeLab, pool: str
) -> None:
    status = await ended(orchestrator, uuid4(), mounted_at("/bin/banner", lab, pool))
    assert status.reason is not None
    seen = (status.reason.code, status.reason.parameters)
    assert seen == (ReasonCode.FOLDER_IS_FILE, {"path": "/bin/banner"}), status.reason
    assert "/volumes/" not in status.reason.model_dump_json()
