"""When a course opens, what ends its environments, and which session is shown."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.domain.courses.opening import (
    Availability,
    Opening,
    Slot,
    end_of,
    opening,
    shown_slot,
    slot_of_running,
)

from .makers import HOUR, NOW, OPEN


def a_slot(
    starts: float, ends: float, *, block: bool = True, stop: bool = True, id: UUID | None = None
) -> Slot:
    """A session from `starts` to `ends`, in hours from now."""
    return Slot(id or uuid4(), NOW + starts * HOUR, NOW + ends * HOUR, block, stop)


def test_without_sessions_a_course_is_always_open() -> None:
    assert opening([], NOW) == OPEN


def test_a_running_session_opens_and_lends_its_end() -> None:
    running = a_slot(-1, 1)
    times = opening([a_slot(-5, -4), running, a_slot(3, 4)], NOW)
    assert (times.availability, times.slot) == (Availability.OPEN, running)
    assert end_of(times.slot) == NOW + HOUR


def test_of_two_running_sessions_the_longer_counts() -> None:
    short, long = a_slot(-1, 0.5), a_slot(-1, 2)
    assert opening([long, short], NOW).slot == long


def test_a_coming_session_that_blocks_says_when_it_opens() -> None:
    times = opening([a_slot(5, 6), a_slot(1, 2)], NOW)
    assert (times.availability, times.opens_at) == (Availability.NOT_YET, NOW + HOUR)


def test_a_coming_session_that_does_not_block_opens_now() -> None:
    early = a_slot(1, 2, block=False)
    assert opening([early], NOW) == Opening(Availability.OPEN, slot=early)


def test_after_the_last_session_a_start_is_refused() -> None:
    assert opening([a_slot(-2, -1)], NOW).availability is Availability.CLOSED


def test_a_session_starts_on_its_first_instant_and_is_over_on_its_last() -> None:
    assert opening([a_slot(0, 1)], NOW).availability is Availability.OPEN
    assert opening([a_slot(-1, 0)], NOW).availability is Availability.CLOSED


@pytest.mark.parametrize("slots", [[a_slot(1, 2)], [a_slot(-2, -1)], []])
def test_editors_may_always_start(slots: list[Slot]) -> None:
    assert opening(slots, NOW, is_editor=True) == OPEN


def test_without_automatic_stop_nothing_ends() -> None:
    assert end_of(a_slot(-1, 1, stop=False)) is None
    assert end_of(None) is None


def test_the_running_session_is_shown_else_the_next_else_the_last() -> None:
    over, older, running, coming = a_slot(-2, -1), a_slot(-9, -8), a_slot(-1, 1), a_slot(1, 2)
    assert shown_slot([over, running, coming], NOW) == running
    assert shown_slot([over, a_slot(5, 6), coming], NOW) == coming
    assert shown_slot([older, over], NOW) == over
    assert shown_slot([], NOW) is None


def test_what_runs_keeps_its_session_and_takes_the_running_one_when_that_is_gone() -> None:
    own, running = a_slot(-3, -2), a_slot(-1, 1)
    assert slot_of_running([own, running], own.id, NOW) == own
    assert slot_of_running([running], own.id, NOW) == running
    assert slot_of_running([a_slot(1, 2)], own.id, NOW) is None


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(1, 50), st.booleans()), max_size=6))
def test_a_start_is_never_both_over_and_coming(hours: list[tuple[int, int, bool]]) -> None:
    slots = [a_slot(start, start + length, block=block) for start, length, block in hours]
    times = opening(slots, NOW)
    assert (times.opens_at is not None) == (times.availability is Availability.NOT_YET)
    if times.availability is Availability.CLOSED:
        assert all(slot.ends_at <= NOW for slot in slots)
