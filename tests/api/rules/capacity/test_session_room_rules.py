"""Whether there is room for a session, and when there would be."""

from datetime import timedelta
from uuid import UUID

from hypothesis import given
from hypothesis import strategies as some
from tests.api.rules.capacity.makers import (
    COURSE,
    HOUR,
    MACHINE,
    NOW,
    SMALL,
    a_demand,
    a_growth,
    demands,
    plan,
)

from mydocker_api.domain.capacity.demand import Demand, RunningEnvironment, with_running
from mydocker_api.domain.capacity.pool import PoolCapacity
from mydocker_api.domain.capacity.room import Shortage, Verdict, room_for, suggested_slots
from mydocker_api.domain.capacity.sizes import Amounts


def test_a_running_environment_of_a_session_counts_once() -> None:
    session = a_demand(3, begins=-1, session=UUID(int=7))
    running = [RunningEnvironment(COURSE, UUID(int=7), SMALL, session.ends_at)] * 5
    demands = with_running([session], running, NOW)
    assert sum(demand.count for demand in demands) == 5


def test_what_runs_outside_of_sessions_takes_room_until_its_end() -> None:
    [demand] = with_running([], [RunningEnvironment(COURSE, None, SMALL, NOW + HOUR)], NOW)
    assert (demand.count, demand.starts_at, demand.ends_at) == (1, NOW, NOW + HOUR)
    assert with_running([], [RunningEnvironment(COURSE, None, SMALL, NOW - HOUR)], NOW) == []


def test_a_session_that_fits_is_free() -> None:
    room = room_for(PoolCapacity([MACHINE] * 2), [a_demand(4)], a_demand(4), NOW)
    assert (room.verdict, room.fitting_now) == (Verdict.FREE, 4)


def test_a_session_for_which_machines_can_be_made_is_tight() -> None:
    capacity = PoolCapacity([MACHINE], a_growth(4))
    room = room_for(capacity, [a_demand(4)], a_demand(6), NOW)
    assert (room.verdict, room.to_make, room.fitting_now) == (Verdict.TIGHT, 2, 0)
    assert room.ready_at == NOW + 2 * HOUR


def test_a_session_that_begins_before_machines_come_is_tight_and_waits() -> None:
    capacity = PoolCapacity([MACHINE], a_growth(4))
    room = room_for(capacity, [], a_demand(8, begins=0.05), NOW)
    assert (room.verdict, room.ready_at) == (Verdict.TIGHT, NOW + timedelta(minutes=10))


def test_a_session_beyond_the_maximum_is_impossible() -> None:
    room = room_for(PoolCapacity([MACHINE]), [a_demand(3)], a_demand(4), NOW)
    assert (room.verdict, room.fitting, room.shortage) == (
        Verdict.IMPOSSIBLE,
        1,
        Shortage.MACHINES,
    )


def test_a_session_too_large_for_any_machine_says_so() -> None:
    giant = a_demand(1, amounts=Amounts.of(9, 1024))
    room = room_for(PoolCapacity([MACHINE]), [], giant, NOW)
    assert (room.verdict, room.shortage) == (Verdict.IMPOSSIBLE, Shortage.SIZE)
    empty = room_for(PoolCapacity([]), [], a_demand(1), NOW)
    assert (empty.verdict, empty.shortage) == (Verdict.IMPOSSIBLE, Shortage.NONE_USABLE)


def test_suggested_slots_are_free_and_the_nearest() -> None:
    capacity = PoolCapacity([MACHINE])
    taken = a_demand(4, begins=2, hours=2)  # 10:00 to 12:00
    slots = suggested_slots(capacity, [taken], a_demand(4, begins=2), NOW)
    starts = [(begin - NOW) / HOUR for begin, _ in slots]
    assert starts == [4.0, 4.5, 5.0]  # nothing before: 08:00 is now
    assert all(end - begin == 2 * HOUR for begin, end in slots)


def test_other_days_are_suggested_without_the_weekend() -> None:
    capacity = PoolCapacity([MACHINE])
    whole_day = a_demand(4, begins=0, hours=16)
    slots = suggested_slots(capacity, [whole_day], a_demand(4, begins=2), NOW)
    assert [begin.weekday() for begin, _ in slots] == [3, 4, 0]  # Thursday, Friday, Monday


@given(some.lists(demands, max_size=5), demands, some.integers(0, 8), some.integers(0, 12))
def test_a_free_session_leaves_nobody_else_waiting(
    others: list[Demand], session: Demand, existing: int, most: int
) -> None:
    capacity = PoolCapacity([MACHINE] * existing, a_growth(most))
    room = room_for(capacity, others, session, NOW)
    assert 0 <= room.fitting_now <= room.fitting <= session.count
    if room.verdict is Verdict.FREE and room_is_enough(capacity, others):
        assert room_is_enough(capacity, [*others, session])
    for begin, end in suggested_slots(capacity, others, session, NOW):
        assert begin > NOW
        assert end - begin == session.ends_at - session.starts_at


def room_is_enough(capacity: PoolCapacity, due: list[Demand]) -> bool:
    """Nobody waits on the machines that exist."""
    alone = PoolCapacity(capacity.machines)
    return not any(stretch.waiting for stretch in plan(alone, *due).stretches)
