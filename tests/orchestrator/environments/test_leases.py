"""Leases, restarts and cancelling, over HTTP, on a real database and a Swarm in memory."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from tests.orchestrator.environments.starts import started, stop
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_port, a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    Phase,
    PortKind,
    ReasonCode,
    StopRequest,
    SwarmStep,
)
from mydocker_orchestrator.domain.lifecycle.failures import PostMortem
from mydocker_orchestrator.domain.observed_state import TaskState
from mydocker_orchestrator.settings import Settings

CRASH = {"state": TaskState.FAILED, "error": "task: non-zero exit (3)", "exit_code": 3}


class Clock:
    """The time, and how far it was put ahead."""

    def __init__(self) -> None:
        self.ahead = timedelta(0)

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self.ahead


async def with_lease(orchestrator: Running, swarm: FakeSwarm, **lease: int) -> UUID:
    id = uuid4()
    await orchestrator.client.put(id, a_spec(ports=(), **lease))
    await orchestrator.phase(id, Phase.STARTING)
    swarm.task(id, state=TaskState.RUNNING)
    await orchestrator.phase(id, Phase.READY)
    return id


async def test_a_lease_ends_without_api_and_a_renewal_touches_no_container(
    run: Run, settings: Settings
) -> None:
    swarm, clock = FakeSwarm(), Clock()
    async with run(settings, swarm=swarm, clock=clock) as orchestrator:
        id = await with_lease(orchestrator, swarm, lease_seconds=600, hard_limit_seconds=1500)
        ready = await orchestrator.client.get(id)
        assert ready.ready_at is not None
        assert ready.ends_at == ready.lease_ends_at == ready.ready_at + timedelta(seconds=600)
        assert ready.hard_ends_at == ready.ready_at + timedelta(seconds=1500)
        assert ready.end_reason is ReasonCode.LEASE_OVER

        before = dict(swarm.services)
        renewed_until = ready.ready_at + timedelta(seconds=1200)
        lease = {"lease_seconds": 600, "hard_limit_seconds": 1500}
        spec = a_spec(ports=(), lease_ends_at=renewed_until, **lease)
        renewed = await orchestrator.client.put(id, spec)
        assert (renewed.ends_at, renewed.version) == (renewed_until, ready.version + 1)
        late = await orchestrator.client.put(id, a_spec(ports=(), **lease))
        assert late.ends_at == renewed_until  # an older PUT takes nothing back
        clock.ahead = timedelta(seconds=700)
        swarm.rung.set()
        assert (await orchestrator.client.get(id)).phase is Phase.READY
        assert swarm.services == before

        clock.ahead = timedelta(seconds=1201)
        swarm.rung.set()
        over = await orchestrator.phase(id, Phase.STOPPED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.LEASE_OVER


async def test_extra_time_makes_lease_and_hard_limit_of_a_running_attempt_longer(
    run: Run, settings: Settings
) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await with_lease(orchestrator, swarm, lease_seconds=600, hard_limit_seconds=900)
        ready, before = await orchestrator.client.get(id), dict(swarm.services)
        assert ready.ready_at is not None
        longer = a_spec(ports=(), lease_seconds=900, hard_limit_seconds=1200)
        extended = await orchestrator.client.put(id, longer)
        assert extended.lease_ends_at == ready.ready_at + timedelta(seconds=900)
        assert extended.hard_ends_at == ready.ready_at + timedelta(seconds=1200)
        late = a_spec(ports=(), lease_seconds=600, hard_limit_seconds=900)
        unchanged = await orchestrator.client.put(id, late)
        assert (unchanged.hard_ends_at, unchanged.version) == (
            extended.hard_ends_at,
            extended.version,
        )
        assert swarm.services == before


async def test_the_hard_limit_holds_whatever_was_renewed_and_over_a_restart(
    run: Run, settings: Settings
) -> None:
    swarm, clock = FakeSwarm(), Clock()
    async with run(settings, swarm=swarm, clock=clock) as orchestrator:
        id = await with_lease(orchestrator, swarm, lease_seconds=600, hard_limit_seconds=900)
        far = datetime.now(UTC) + timedelta(days=9)
        spec = a_spec(ports=(), lease_seconds=600, hard_limit_seconds=900, lease_ends_at=far)
        renewed = await orchestrator.client.put(id, spec)
        assert renewed.end_reason is ReasonCode.HARD_LIMIT_OVER
    # Another orchestrator finds it so: everything it needs is in the row.
    clock.ahead = timedelta(seconds=901)
    async with run(settings, swarm=swarm, clock=clock) as orchestrator:
        over = await orchestrator.phase(id, Phase.STOPPED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.HARD_LIMIT_OVER
        assert not swarm.services


async def test_a_crash_is_restarted_then_given_up_with_its_reason(
    run: Run, settings: Settings
) -> None:
    swarm, clock = FakeSwarm(), Clock()
    swarm.findings = PostMortem("boom\n", out_of_memory=False)
    async with run(settings, swarm=swarm, clock=clock) as orchestrator:
        id = await started(orchestrator, swarm)
        for number in (1, 2, 3):
            swarm.task(id, **CRASH)
            again = await orchestrator.until(id, lambda s: s.restarts == number)  # noqa: B023
            assert again.phase is Phase.STARTING
            clock.ahead += timedelta(seconds=20)
            made = len(swarm.creations)
            await orchestrator.until(id, lambda _: len(swarm.creations) == number + 1)  # noqa: B023
            assert made <= number + 1
            swarm.task(id, state=TaskState.RUNNING)
            ready = await orchestrator.phase(id, Phase.READY)
            assert (ready.restarts, ready.attempt) == (number, 1)
        swarm.task(id, **CRASH)
        over = await orchestrator.phase(id, Phase.FAILED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.CRASHED
        assert over.reason.parameters == {"exit_code": 3, "restarts": 3}
        assert over.reason.reference is not None
        assert over.last_logs == "boom\n"
        await orchestrator.until(id, lambda _: not swarm.services)
        # The container is gone; what it last said is not.
        assert await orchestrator.client.logs(id) == "boom\n"


async def test_what_ends_by_itself_is_stopped_and_says_so(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        swarm.task(id, state=TaskState.COMPLETE, exit_code=0)
        over = await orchestrator.phase(id, Phase.STOPPED)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.ENDED_BY_ITSELF
        assert not swarm.services


async def test_a_name_held_by_a_stranger_is_said_at_once(run: Run, settings: Settings) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.foreign.add(id)
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=()))
        over = await orchestrator.phase(id, Phase.FAILED, within=100)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.NAME_TAKEN
        assert over.reason.reference is not None


async def test_a_stop_brings_its_words(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        request = StopRequest(
            reason=ReasonCode.STOPPED_BY_EDITOR, attempt=1, words="Room B12 closes."
        )
        await orchestrator.client.stop(id, request)
        over = await orchestrator.phase(id, Phase.STOPPED)
        assert over.reason is not None
        assert over.reason.parameters == {"words": "Room B12 closes."}


@pytest.mark.parametrize("step", list(SwarmStep))
async def test_a_start_can_be_cancelled_at_any_step(
    run: Run, settings: Settings, step: SwarmStep
) -> None:
    swarm, id = FakeSwarm(), uuid4()
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=(a_port(PortKind.WEB, 8080),)))
        await orchestrator.until(id, lambda s: s.step is SwarmStep.NEW)
        silent = Address(port=8080, host="127.0.0.1", host_port=1)
        swarm.task(id, state=TaskState(step.value), addresses=(silent,))
        await orchestrator.until(id, lambda s: s.step is step)
        await orchestrator.client.stop(id, stop(reason=ReasonCode.CANCELLED))
        over = await orchestrator.phase(id, Phase.STOPPED, within=100)
        assert over.reason is not None
        assert over.reason.code is ReasonCode.CANCELLED
        assert not swarm.services


async def test_a_cancel_before_anything_was_made_makes_nothing(
    run: Run, settings: Settings
) -> None:
    swarm, id = FakeSwarm(), uuid4()
    swarm.down = True
    async with run(settings, swarm=swarm) as orchestrator:
        await orchestrator.client.put(id, a_spec(ports=()))
        await orchestrator.client.stop(id, stop(reason=ReasonCode.CANCELLED))
        swarm.down = False
        await orchestrator.phase(id, Phase.STOPPED, within=100)
        assert swarm.creations == []


async def test_a_restart_on_its_way_can_be_cancelled(run: Run, settings: Settings) -> None:
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm) as orchestrator:
        id = await started(orchestrator, swarm)
        swarm.task(id, **CRASH)
        await orchestrator.until(id, lambda s: s.restarts == 1)
        await orchestrator.client.stop(id, stop())
        await orchestrator.phase(id, Phase.STOPPED, within=100)
        assert swarm.creations == [(id, 1)]
        assert not swarm.services
