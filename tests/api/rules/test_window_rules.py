"""What the environment window shows and offers."""

from datetime import timedelta
from uuid import uuid4

import pytest

from mydocker_api.domain.courses.opening import Availability, Opening
from mydocker_api.domain.environments.lifecycle import (
    EnvironmentRequest,
    is_alive,
    phase,
    state,
    warn_times,
    warnings_due,
    window_can,
)
from mydocker_api.domain.statuses import RequestedState, WindowCan, WindowState
from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    Reason,
    ReasonCode,
)

from .makers import NOW, OPEN


def a_status(status_phase: Phase, attempt: int = 1, **changes: object) -> EnvironmentStatus:
    values: dict[str, object] = {
        "id": uuid4(),
        "owner_id": uuid4(),
        "course_id": uuid4(),
        "session_id": None,
        "attempt": attempt,
        "version": 1,
        "phase": status_phase,
        "since": NOW,
        "asked_at": NOW,
    }
    return EnvironmentStatus.model_validate(values | changes)


def a_wish(
    attempt: int = 1, wanted: RequestedState = RequestedState.RUNNING, **changes: object
) -> EnvironmentRequest:
    values: dict[str, object] = {"revision": 1, "asked_at": NOW, **changes}
    return EnvironmentRequest(attempt=attempt, wanted=wanted, **values)  # type: ignore[arg-type]


def test_nothing_asked_is_not_started() -> None:
    assert state(phase(None, None), OPEN) is WindowState.NOT_STARTED
    assert not is_alive(None, None)


def test_asked_and_not_heard_yet_is_starting() -> None:
    assert phase(a_wish(), None) is Phase.STARTING
    assert is_alive(a_wish(), None)


def test_news_of_an_older_attempt_say_nothing_of_the_newest() -> None:
    old = a_status(Phase.FAILED, attempt=1)
    assert phase(a_wish(attempt=2), old) is Phase.STARTING
    assert is_alive(a_wish(attempt=2), old)


@pytest.mark.parametrize("news", list(Phase))
def test_a_running_wish_shows_what_the_orchestrator_says(news: Phase) -> None:
    assert phase(a_wish(), a_status(news)) is news
    assert is_alive(a_wish(), a_status(news)) == (
        news in (Phase.QUEUED, Phase.STARTING, Phase.READY)
    )


@pytest.mark.parametrize(
    ("news", "shown"),
    [
        (Phase.READY, Phase.STOPPING),
        (Phase.STARTING, Phase.STOPPING),
        (Phase.STOPPING, Phase.STOPPING),
        (Phase.STOPPED, Phase.STOPPED),
        (Phase.FAILED, Phase.FAILED),
    ],
)
def test_once_a_stop_is_asked_it_is_stopping_until_it_is_gone(news: Phase, shown: Phase) -> None:
    wish = a_wish(wanted=RequestedState.STOPPED)
    assert phase(wish, a_status(news)) is shown
    assert not is_alive(wish, a_status(news))


def test_a_start_stopped_before_it_was_heard_is_stopped() -> None:
    assert phase(a_wish(wanted=RequestedState.STOPPED), None) is Phase.STOPPED


def test_a_refused_wish_has_failed_and_may_be_tried_again() -> None:
    wish = a_wish(refusal=Reason(code=ReasonCode.ENGINE_REFUSED))
    assert phase(wish, None) is Phase.FAILED
    assert not is_alive(wish, None)


def test_what_ended_hides_that_no_start_is_possible_but_not_when_one_will_be() -> None:
    assert state(Phase.STOPPED, Opening(Availability.CLOSED)) is WindowState.STOPPED
    assert state(Phase.STOPPED, Opening(Availability.NOT_YET, NOW)) is WindowState.NOT_OPEN_YET
    assert state(Phase.READY, Opening(Availability.CLOSED)) is WindowState.READY
    assert state(None, Opening(Availability.CLOSED)) is WindowState.CLOSED


@pytest.mark.parametrize("shown", list(WindowState))
def test_no_state_offers_start_and_stop_together(shown: WindowState) -> None:
    rights = window_can(shown, OPEN, startable=True, is_editor=False)
    assert not {WindowCan.START, WindowCan.STOP} <= set(rights)
    assert WindowCan.EDIT_COURSE not in rights


def test_the_last_session_being_over_or_a_missing_image_offers_no_start() -> None:
    closed = Opening(Availability.CLOSED)
    assert not window_can(WindowState.STOPPED, closed, startable=True, is_editor=False)
    assert not window_can(WindowState.NOT_STARTED, OPEN, startable=False, is_editor=False)
    rights = window_can(WindowState.READY, closed, startable=True, is_editor=False)
    assert WindowCan.RESTART not in rights
    assert WindowCan.STOP in rights


def test_warnings_ring_once_at_their_moment() -> None:
    end = NOW + 5 * timedelta(minutes=1)
    assert warn_times(end, (300, 60)) == [NOW, NOW + timedelta(minutes=4)]
    assert warn_times(None, (300,)) == []
    second = timedelta(seconds=1)
    assert warnings_due(end, (300, 60), NOW - second, NOW)
    assert not warnings_due(end, (300, 60), NOW, NOW + second)
