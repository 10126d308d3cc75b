"""One Environment through its life, over HTTP, on a real database and a Swarm in memory."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_port, a_spec

from mydocker_kit.contracts.environments import (
    Address,
    EnvironmentSpec,
    Phase,
    PortKind,
    ReasonCode,
    StopRequest,
    SwarmStep,
)
from mydocker_kit.docker.errors import EngineRefused
from mydocker_kit.errors import Invalid, NotFound, Unavailable
from mydocker_orchestrator.domain.lifecycle.failures import PostMortem
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED, Placement
from mydocker_orchestrator.settings import Settings

NO_PORTS = a_spec(ports=())
RUNNING = TaskState.RUNNING


def stop(attempt: int = 1, reason: ReasonCode = ReasonCode.STOPPED_BY_OWNER) -> StopRequest:
    return StopRequest(reason=reason, attempt=attempt)


async def started(orchestrator: Running, swarm: FakeSwarm, attempt: int = 1) -> UUID:
    """An Environment without ports, ready."""
    id = uuid4()
    await orchestrator.client.put(id, a_spec(ports=(), attempt=attempt))
    await orchestrator.phase(id, Phase.STARTING)
    swarm.task(id, state=RUNNING)
    await orchestrator.phase(id, Phase.READY)
    return id


async def test_the_steps_of_a_start_are_told(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        asked = await orchestrator.client.put(id, NO_PORTS)
        assert (asked.phase, asked.step, asked.attempt) == (Phase.QUEUED, None, 1)
        await orchestrator.until(id, lambda s: s.step is SwarmStep.NEW)
        swarm.task(id, state=TaskState.PREPARING)
        await orchestrator.until(id, lambda s: s.step is SwarmStep.PREPARING)
        swarm.task(id, state=TaskState.PENDING)  # a late look never goes back
        swarm.task(id, state=RUNNING, node="one")
        ready = await orchestrator.phase(id, Phase.READY)
        assert (ready.step, ready.node) == (None, "one")
        assert ready.ready_at is not None
        assert ready.ready_at >= ready.asked_at


async def test_twenty_clicks_make_one_service(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        clicks = [orchestrator.client.put(id, NO_PORTS) for _ in range(20)]
        answers = await asyncio.gather(*clicks)
        assert {one.attempt for one in answers} == {1}
        await orchestrator.phase(id, Phase.STARTING)
        await orchestrator.client.put(id, NO_PORTS)
        await asyncio.sleep(0.2)
        assert swarm.creations == [(id, 1)]


async def test_a_late_put_never_undoes_a_stop(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        await orchestrator.client.stop(id, stop())
        await orchestrator.phase(id, Phase.STOPPED)
        again = await orchestrator.client.put(id, NO_PORTS)
        assert again.phase is Phase.STOPPED
        assert swarm.creations == [(id, 1)]


async def test_a_stop_that_overtakes_its_start_wins(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        await orchestrator.client.stop(id, stop(attempt=2))
        await orchestrator.phase(id, Phase.STOPPED)
        late = await orchestrator.client.put(id, a_spec(ports=(), attempt=2))
        assert late.phase is Phase.STOPPED


async def test_a_stop_of_an_earlier_attempt_leaves_the_later_alone(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm, attempt=2)
        answer = await orchestrator.client.stop(id, stop(attempt=1))
        assert answer.phase is Phase.READY


async def test_a_new_attempt_waits_until_the_old_container_has_ended(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        swarm.leaving.add(id)
        await orchestrator.client.stop(id, stop())
        await orchestrator.client.put(id, a_spec(ports=(), attempt=2))
        await asyncio.sleep(0.3)
        assert swarm.creations == [(id, 1)]
        assert id not in swarm.services
        swarm.leaving.clear()
        swarm.rung.set()
        await orchestrator.phase(id, Phase.STARTING)
        assert swarm.creations == [(id, 1), (id, 2)]


async def test_a_new_end_changes_the_row_and_never_the_container(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        before = dict(swarm.services)
        ends_at = datetime.now(UTC) + timedelta(hours=1)
        changed = await orchestrator.client.put(id, a_spec(ports=(), ends_at=ends_at))
        assert (changed.phase, changed.ends_at) == (Phase.READY, ends_at)
        await asyncio.sleep(0.1)
        assert swarm.services == before


async def test_the_end_is_kept_without_api(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        soon = datetime.now(UTC) + timedelta(seconds=0.3)
        spec = a_spec(ports=(), ends_at=soon, end_reason="lease_over")
        await orchestrator.client.put(id, spec)
        over = await orchestrator.phase(id, Phase.STOPPED, within=100)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.LEASE_OVER
        assert over.since >= soon
        assert not swarm.services


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

    async def creating(id: UUID, spec: EnvironmentSpec, place: Placement = UNCONSTRAINED) -> None:
        if id == slow:
            await asyncio.sleep(60)
        await create(id, spec, place)

    swarm.create = creating  # type: ignore[method-assign]
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(slow, NO_PORTS)
        await asyncio.sleep(0.1)
        await started(orchestrator, swarm)


async def test_who_is_no_service_is_refused_and_what_is_unknown_is_not_found(
    run: Run, settings: Settings
) -> None:
    async with run(settings, swarm=FakeSwarm()) as orchestrator:
        with pytest.raises(NotFound):
            await orchestrator.client.get(uuid4())
        with pytest.raises(NotFound):
            await orchestrator.client.stop(uuid4(), stop())
        with pytest.raises(Invalid):
            await orchestrator.client.put(uuid4(), a_spec(end_reason="because"))
        transport = httpx.ASGITransport(orchestrator.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://o") as stranger:
            for path in ("/environments", "/changes", f"/environments/{uuid4()}/logs"):
                answer = await stranger.get(path)
                assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
            ready = await stranger.get("/health/ready")
            assert ready.json() == {"status": "ready"}
            numbers = (await stranger.get("/metrics")).text
            assert "mydocker_environment_starts_total" in numbers


async def test_output_of_a_silent_engine_is_unavailable(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    swarm.output = "hello\n"
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        assert await orchestrator.client.logs(id) == "hello\n"
        swarm.down = True
        with pytest.raises(Unavailable):
            await orchestrator.client.logs(id)
