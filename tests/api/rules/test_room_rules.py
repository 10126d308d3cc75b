"""Who of a class needs help."""

from datetime import timedelta
from uuid import uuid4

import pytest
from tests.api.rules.makers import NOW

from mydocker_api.domain.environments.leases import extended
from mydocker_api.domain.environments.room import Attention, attention, room_can, slow_after
from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    Reason,
    ReasonCode,
)

SECOND = timedelta(seconds=1)


def a_status(phase: Phase, **changes: object) -> EnvironmentStatus:
    facts = {"since": NOW, "asked_at": NOW, **changes}
    return EnvironmentStatus(
        id=uuid4(),
        owner_id=uuid4(),
        course_id=uuid4(),
        session_id=None,
        attempt=1,
        version=1,
        phase=phase,
        **facts,
    )


@pytest.mark.parametrize(
    ("phase", "seconds", "restarts", "expected"),
    [
        (Phase.QUEUED, 60, 0, None),
        (Phase.QUEUED, 181, 0, Attention.LONG_WAIT),
        (Phase.STARTING, 50, 0, None),
        (Phase.STARTING, 91, 0, Attention.SLOW_START),
        (Phase.STARTING, 5, 3, Attention.RESTARTING),
        (Phase.READY, 9999, 0, None),
        (Phase.READY, 9999, 3, Attention.RESTARTING),
        (Phase.FAILED, 1, 0, Attention.FAILED),
        (Phase.STOPPED, 1, 0, None),
        (Phase.STOPPING, 9999, 0, None),
    ],
)
def test_a_student_needs_help_when_something_is_unusual(
    phase: Phase, seconds: int, restarts: int, expected: Attention | None
) -> None:
    status = a_status(phase, restarts=restarts)
    now = NOW + seconds * SECOND
    assert attention(phase, status, None, NOW, 30.0, now) is expected


def test_what_ended_by_itself_needs_help_and_what_was_stopped_does_not() -> None:
    status = a_status(Phase.STOPPED)
    ended, stopped = (
        Reason(code=code) for code in (ReasonCode.ENDED_BY_ITSELF, ReasonCode.STOPPED_BY_OWNER)
    )
    asked = attention(Phase.STOPPED, status, ended, NOW, None, NOW)
    assert asked is Attention.ENDED_BY_ITSELF
    assert attention(Phase.STOPPED, status, stopped, NOW, None, NOW) is None
    assert attention(None, None, None, NOW, None, NOW) is None


def test_a_start_is_slow_against_the_usual_time_of_its_course() -> None:
    assert slow_after(None) == 60 * SECOND
    assert slow_after(5.0) == 60 * SECOND
    assert slow_after(100.0) == 300 * SECOND


def test_what_may_be_done_follows_the_phase() -> None:
    assert room_can(None, has_end=False, has_page=False) == ["start", "message"]
    assert room_can(Phase.STOPPING, has_end=True, has_page=True) == ["message"]
    assert "extend" not in room_can(Phase.READY, has_end=False, has_page=True)


def test_more_time_moves_every_end_and_never_beyond_the_hard_limit() -> None:
    hour = timedelta(hours=1)
    status = a_status(Phase.READY, lease_ends_at=NOW + hour, hard_ends_at=NOW + 2 * hour)
    more = extended(status, NOW + hour, 30)
    assert more is not None
    assert more.lease_ends_at == more.session_ends_at == NOW + 1.5 * hour
    most = extended(status, None, 600)
    assert most is not None
    assert most.lease_ends_at == NOW + 2 * hour
    at_its_end = a_status(Phase.READY, lease_ends_at=NOW + 2 * hour, hard_ends_at=NOW + 2 * hour)
    assert extended(at_its_end, None, 30) is None
    assert extended(a_status(Phase.READY), None, 30) is None
