"""One Environment through its life, over HTTP, on a real database and a Swarm in memory."""

import asyncio
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
from tests.orchestrator.environments.starts import NO_PORTS, RUNNING, started, stop
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    ReasonCode,
    SwarmStep,
)
from mydocker_kit.errors import Invalid, NotFound
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.settings import Settings


async def test_the_steps_of_a_start_are_reported(run: Run, settings: Settings) -> None:
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
        assert {answer.attempt for answer in answers} == {1}
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
