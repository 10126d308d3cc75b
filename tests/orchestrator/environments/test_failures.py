"""What fails in an environment or at the engine: its reason, and what goes on."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.orchestrator.environments.starts import NO_PORTS, RUNNING, started
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run
from tests.orchestrator.specs import a_port, a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    EnvironmentSpec,
    Phase,
    PortKind,
    ReasonCode,
    SwarmStep,
)
from mydocker_kit.docker.errors import EngineRefused
from mydocker_kit.errors import Unavailable
from mydocker_orchestrator.domain.lifecycle.failures import PostMortem
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED, Placement
from mydocker_orchestrator.settings import Settings


async def test_no_room_is_explained_and_ends_by_itself(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, NO_PORTS)
        await orchestrator.phase(id, Phase.STARTING)
        text = "no suitable node (insufficient resources on 1 node)"
        swarm.task(id, state=TaskState.PENDING, error=text)
        waits = await orchestrator.phase(id, Phase.QUEUED, within=100)
        assert waits.reason is not None
        assert (waits.reason.code, waits.reason.detail) == (ReasonCode.NO_ROOM, text)
        swarm.task(id, state=RUNNING, error="")
        ready = await orchestrator.phase(id, Phase.READY)
        assert ready.reason is None


async def test_a_crash_keeps_its_reason_its_output_and_a_reference(
    run: Run, settings: Settings
) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.findings = PostMortem("no such file: work.db\n", out_of_memory=False)
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, NO_PORTS)
        await orchestrator.phase(id, Phase.STARTING)
        swarm.task(id, state=TaskState.FAILED, error="task: non-zero exit (3)", exit_code=3)
        over = await orchestrator.phase(id, Phase.FAILED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.CRASHED
        assert over.reason.parameters == {"exit_code": 3}
        assert over.reason.reference is not None
        assert over.last_logs == "no such file: work.db\n"
        assert await orchestrator.client.logs(id) == over.last_logs
        await asyncio.sleep(0.3)
        assert not swarm.services


async def test_a_kill_for_memory_is_called_so(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.findings = PostMortem(out_of_memory=True)
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, NO_PORTS)
        await orchestrator.phase(id, Phase.STARTING)
        swarm.task(id, state=TaskState.FAILED, error="task: non-zero exit (137)")
        over = await orchestrator.phase(id, Phase.FAILED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.OUT_OF_MEMORY
        assert over.reason.parameters["memory_mib"] == 128


async def test_a_port_that_stays_silent_fails_the_start(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    ahead = timedelta(0)

    def clock() -> datetime:
        return datetime.now(UTC) + ahead

    async with run(settings, swarm=swarm, clock=clock) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=(a_port(PortKind.WEB, 8080),)))
        await orchestrator.phase(id, Phase.STARTING)
        nowhere = Address(port=8080, host="127.0.0.1", host_port=1)
        swarm.task(id, state=RUNNING, addresses=(nowhere,))
        await orchestrator.until(id, lambda s: s.step is SwarmStep.RUNNING)
        ahead = timedelta(seconds=181)
        over = await orchestrator.phase(id, Phase.FAILED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.PORT_SILENT
        assert over.reason.parameters["port"] == 8080


async def test_a_refused_service_fails_with_the_engines_words(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.create_error = EngineRefused("network nowhere not found")
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, NO_PORTS)
        over = await orchestrator.phase(id, Phase.FAILED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.ENGINE_REFUSED
        assert over.reason.detail == "network nowhere not found"


async def test_an_engine_that_is_away_costs_only_time(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.down, swarm.starts_as = True, RUNNING
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, NO_PORTS)
        await asyncio.sleep(0.3)
        assert (await orchestrator.client.get(id)).phase is Phase.QUEUED
        swarm.down = False
        await orchestrator.phase(id, Phase.READY)
        assert swarm.creations == [(id, 1)]


async def test_a_service_removed_behind_our_back_is_made_again(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        del swarm.services[id]
        swarm.rung.set()
        await orchestrator.phase(id, Phase.STARTING)
        assert swarm.creations == [(id, 1), (id, 1)]


async def test_an_orphan_goes_after_its_grace(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    await swarm.create(id, NO_PORTS)
    settings = settings.model_copy(update={"orphan_grace": 0.5})
    async with run(settings, swarm=swarm):
        await asyncio.sleep(0.2)
        assert id in swarm.services
        async with asyncio.timeout(30):
            while id in swarm.services:
                swarm.rung.set()
                await asyncio.sleep(0.05)


async def test_one_slow_environment_holds_up_no_other(run: Run, settings: Settings) -> None:
    swarm, slow = FakeSwarm(), uuid4()
    swarm.create_error = None
    create = swarm.create

    async def creating(
        id: UUID, spec: EnvironmentSpec, placement: Placement = UNCONSTRAINED
    ) -> None:
        if id == slow:
            await asyncio.sleep(60)
        await create(id, spec, placement)

    swarm.create = creating  # type: ignore[method-assign]
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(slow, NO_PORTS)
        await asyncio.sleep(0.1)
        await started(orchestrator, swarm)


async def test_output_of_a_silent_engine_is_unavailable(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    swarm.output = "hello\n"
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        assert await orchestrator.client.logs(id) == "hello\n"
        swarm.down = True
        with pytest.raises(Unavailable):
            await orchestrator.client.logs(id)
