"""Leases, hard limits and restarts: the pure rules."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.specs import a_port

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode, Resources
from mydocker_orchestrator.domain.lifecycle.leases import (
    ScheduledEnd,
    hard_end,
    lease_end,
    scheduled_end,
)
from mydocker_orchestrator.domain.lifecycle.restarts import BACKOFF, STABLE_AFTER
from mydocker_orchestrator.domain.lifecycle.transitions import DesiredState, EnvironmentState
from mydocker_orchestrator.domain.observed_state import (
    ObservedService,
    ObservedState,
    ObservedTask,
    TaskState,
)
from mydocker_orchestrator.domain.planner.actions import (
    Create,
    PlanInputs,
    RecordFailure,
    RecordStatus,
    Remove,
)
from mydocker_orchestrator.domain.planner.plan import plan
from mydocker_orchestrator.domain.planner.polling import poll_interval

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ID = UUID(int=7)
HOUR = timedelta(hours=1)


def an_environment(**given: object) -> EnvironmentState:
    """One that is ready since NOW."""
    values: dict[str, object] = {
        "id": ID,
        "version": 1,
        "attempt": 1,
        "desired": DesiredState.RUNNING,
        "phase": Phase.READY,
        "since": NOW,
        "asked_at": NOW,
        "ready_at": NOW,
        "began_at": NOW,
        "resources": Resources(cpu=1, memory_mib=512),
        "ports": (a_port(),),
    }
    return EnvironmentState(**(values | given))  # type: ignore[arg-type]


def ended(code: int, environment: EnvironmentState, seconds: float = 0) -> list[object]:
    """What is planned when its container has ended with `code`."""
    state = TaskState.FAILED if code else TaskState.COMPLETE
    error = f"task: non-zero exit ({code})" if code else ""
    task = ObservedTask(id="t", state=state, error=error, exit_code=code)
    observed = ObservedState({ID: ObservedService("s", ID, 1, NOW, task)})
    return planned(environment, observed, seconds)


def planned(
    environment: EnvironmentState, observed: ObservedState, seconds: float = 0
) -> list[object]:
    return list(plan({ID: environment}, observed, PlanInputs(NOW + timedelta(seconds=seconds))))


def test_a_lease_counts_from_when_it_was_ready() -> None:
    waiting = an_environment(phase=Phase.QUEUED, began_at=None, lease_seconds=60)
    assert scheduled_end(waiting) is None
    ready = an_environment(lease_seconds=60)
    assert scheduled_end(ready) == ScheduledEnd(NOW + timedelta(seconds=60), ReasonCode.LEASE_OVER)


def test_the_earliest_end_counts_and_says_which_it_is() -> None:
    given = {"lease_seconds": 3600, "hard_limit_seconds": 7200, "ends_at": NOW + 3 * HOUR}
    assert scheduled_end(an_environment(**given)) == ScheduledEnd(NOW + HOUR, ReasonCode.LEASE_OVER)
    renewed = an_environment(**given, lease_ends_at=NOW + 9 * HOUR)
    assert scheduled_end(renewed) == ScheduledEnd(NOW + 2 * HOUR, ReasonCode.HARD_LIMIT_OVER)
    short = an_environment(**(given | {"ends_at": NOW + HOUR}))
    assert scheduled_end(short) == ScheduledEnd(NOW + HOUR, ReasonCode.SESSION_OVER)


@given(
    lease=st.integers(1, 10_000),
    hard=st.integers(1, 10_000),
    renewals=st.lists(st.integers(0, 50_000), max_size=5),
)
def test_no_renewal_passes_the_hard_limit_and_none_shortens(
    lease: int, hard: int, renewals: list[int]
) -> None:
    environment = an_environment(lease_seconds=lease, hard_limit_seconds=hard)
    first = scheduled_end(environment)
    assert first is not None
    for seconds in renewals:
        renewed = an_environment(
            lease_seconds=lease,
            hard_limit_seconds=hard,
            lease_ends_at=NOW + timedelta(seconds=seconds),
        )
        end = scheduled_end(renewed)
        assert end is not None
        assert first.at <= end.at <= NOW + timedelta(seconds=hard)


@pytest.mark.parametrize("phase", [Phase.STARTING, Phase.READY])
def test_an_end_ends_it_and_the_pace_meets_it(phase: Phase) -> None:
    environment = an_environment(phase=phase, lease_seconds=60)
    observed = ObservedState(
        {ID: ObservedService("s", ID, 1, NOW, ObservedTask("t", TaskState.RUNNING))}
    )
    [note] = planned(environment, observed, 60)
    assert isinstance(note, RecordStatus)
    assert note.changed.phase is Phase.STOPPING
    assert note.changed.reason is not None
    assert note.changed.reason.code is ReasonCode.LEASE_OVER
    almost = NOW + timedelta(seconds=59)
    assert poll_interval([an_environment(lease_seconds=60)], 0.001, almost) == 1.0


def test_what_ends_by_itself_after_it_was_ready_is_stopped_and_before_it_has_failed() -> None:
    [over] = ended(0, an_environment())
    assert isinstance(over, RecordFailure)  # its last lines are fetched: they say why
    assert over.changed.phase is Phase.STOPPING
    assert over.changed.reason is not None
    assert over.changed.reason.code is ReasonCode.ENDED_BY_ITSELF
    young = an_environment(phase=Phase.STARTING, ready_at=None, began_at=None)
    [fall] = ended(0, young)
    assert isinstance(fall, RecordFailure)
    assert fall.changed.phase is Phase.FAILED
    assert fall.changed.reason is not None
    assert fall.changed.reason.code is ReasonCode.ENDED_BY_ITSELF


def test_a_crash_before_it_was_ever_ready_fails_at_once() -> None:
    young = an_environment(phase=Phase.STARTING, ready_at=None, began_at=None)
    [fall] = ended(3, young)
    assert isinstance(fall, RecordFailure)
    assert fall.changed.phase is Phase.FAILED


def test_a_crash_is_restarted_a_bounded_number_of_times_later_each_time() -> None:
    environment = an_environment()
    for number, pause in enumerate(BACKOFF, start=1):
        [fall] = ended(3, environment)
        assert isinstance(fall, RecordFailure)
        environment = fall.changed
        assert (environment.phase, environment.restarts) == (Phase.STARTING, number)
        assert environment.restart_at == NOW + pause
        [remove] = ended(3, environment)  # what crashed is not counted twice
        assert isinstance(remove, Remove)
        assert planned(environment, ObservedState(), pause.total_seconds() - 0.1) == []
        assert planned(environment, ObservedState(), pause.total_seconds()) == [Create(environment)]
        environment = an_environment(restarts=number)
    [fall] = ended(3, environment)
    assert isinstance(fall, RecordFailure)
    assert fall.changed.phase is Phase.FAILED
    assert fall.changed.reason is not None
    assert fall.changed.reason.parameters == {"exit_code": 3, "restarts": len(BACKOFF)}


def test_what_ran_steadily_earns_its_restarts_again() -> None:
    [fall] = ended(3, an_environment(restarts=3), STABLE_AFTER.total_seconds())
    assert isinstance(fall, RecordFailure)
    assert (fall.changed.phase, fall.changed.restarts) == (Phase.STARTING, 1)


def test_a_restart_waits_for_the_old_container_and_gives_no_new_time() -> None:
    environment = an_environment(
        phase=Phase.STARTING,
        restarts=1,
        restart_at=NOW,
        hard_limit_seconds=60,
        lease_seconds=30,
    )
    leaving = ObservedState(ending=frozenset({ID}))
    assert planned(environment, leaving, 29) == []
    assert (lease_end(environment), hard_end(environment)) == (
        NOW + timedelta(seconds=30),
        NOW + timedelta(seconds=60),
    )
