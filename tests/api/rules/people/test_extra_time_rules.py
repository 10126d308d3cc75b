"""Extra time: what a person has beyond the end of a session."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.domain.courses.extra_time import (
    LONGEST,
    MOST_MINUTES,
    ExtraSummary,
    ExtraTime,
    extra_minutes,
    own_slots,
    summary,
)
from mydocker_api.domain.courses.opening import Availability, Slot, end_of, opening

from ..makers import HOUR, NOW

ADA, BOB = uuid4(), uuid4()
SLOT = Slot(uuid4(), NOW - 2 * HOUR, NOW, block_before_start=True, automatic_stop=True)


def to(
    person: UUID | None, *, of: UUID | None = None, minutes: int = 0, percent: int = 0
) -> ExtraTime:
    return ExtraTime(of, person, minutes, percent)


def test_nobody_has_extra_time_without_a_grant() -> None:
    assert own_slots([SLOT], [], ADA) == [SLOT]


@pytest.mark.parametrize(("percent", "minutes"), [(33, 40), (25, 30), (50, 60), (1, 2)])
def test_a_share_counts_on_the_session_and_is_rounded_up(percent: int, minutes: int) -> None:
    assert extra_minutes(SLOT, [to(ADA, percent=percent)], ADA) == minutes


def test_what_everybody_has_and_what_the_person_has_add_up() -> None:
    grants = [to(None, minutes=10), to(ADA, percent=25)]
    assert extra_minutes(SLOT, grants, ADA) == 40
    assert extra_minutes(SLOT, grants, BOB) == 10


def test_a_grant_for_the_session_replaces_the_one_for_all() -> None:
    grants = [to(ADA, minutes=30), to(ADA, of=SLOT.id, minutes=5)]
    assert extra_minutes(SLOT, grants, ADA) == 5
    assert extra_minutes(SLOT, grants[::-1], ADA) == 5


def test_a_grant_for_another_session_gives_nothing_here() -> None:
    assert extra_minutes(SLOT, [to(ADA, of=uuid4(), minutes=5)], ADA) == 0


def test_extra_time_lets_a_person_start_and_stops_them_later() -> None:
    assert opening([SLOT], NOW).availability is Availability.CLOSED
    slots = own_slots([SLOT], [to(ADA, minutes=20)], ADA)
    times = opening(slots, NOW)
    assert times.availability is Availability.OPEN
    assert end_of(times.slot) == NOW + HOUR / 3
    assert times.slot
    assert times.slot.extra_minutes == 20
    assert opening(own_slots([SLOT], [to(ADA, minutes=20)], BOB), NOW) == opening([SLOT], NOW)


def test_the_summary_counts_people_and_the_longest() -> None:
    grants = [to(None, minutes=10), to(ADA, percent=25), to(BOB, of=uuid4(), minutes=90)]
    assert summary(SLOT, grants) == ExtraSummary(40, 1)
    assert summary(SLOT, []) == ExtraSummary(0, 0)
    assert summary(SLOT, grants[:1]) == ExtraSummary(10, 0)


@given(
    st.lists(
        st.builds(
            ExtraTime,
            st.sampled_from([None, SLOT.id]),
            st.sampled_from([None, ADA, BOB]),
            st.integers(0, 1440),
            st.integers(0, 200),
        )
    )
)
def test_nobody_has_less_than_the_session_or_more_than_a_day(grants: list[ExtraTime]) -> None:
    [slot] = own_slots([SLOT], grants, ADA)
    assert SLOT.ends_at <= slot.ends_at <= SLOT.ends_at + LONGEST
    assert slot.extra_minutes <= MOST_MINUTES
    assert summary(SLOT, grants).minutes >= slot.extra_minutes
