"""A dry run: when each student would be ready, by example and by property."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from tests.api.rules.capacity.makers import HOUR, MACHINE, NOW, a_demand, a_growth, demands

from mydocker_api.domain.capacity.demand import Demand
from mydocker_api.domain.capacity.dry_run import MOST_GROUPS, StartPace, dry_run
from mydocker_api.domain.capacity.pool import PoolCapacity
from mydocker_api.domain.capacity.room import Shortage, Verdict, room_for
from mydocker_api.domain.capacity.sizes import Amounts

PACE = StartPace(seconds=10, cpu_seconds=2)
SECOND = timedelta(seconds=1)
BEGIN = NOW + 2 * HOUR


def test_starts_on_one_machine_follow_one_another() -> None:
    answer = dry_run(PoolCapacity([MACHINE]), [], a_demand(4), NOW, PACE)
    # Two seconds of processor time on four cores: half a second between starts.
    ready = [(start.ready_at - BEGIN) / SECOND for start in answer.starts]
    assert ready == [10, 10.5, 11, 11.5]
    assert (answer.queued, answer.never, answer.to_make, answer.shortage) == (0, 0, 0, None)


def test_starts_on_several_machines_go_on_at_the_same_time() -> None:
    answer = dry_run(PoolCapacity([MACHINE] * 2), [], a_demand(8), NOW, PACE)
    ready = [(start.ready_at - BEGIN) / SECOND for start in answer.starts]
    assert ready == [10, 10, 10.5, 10.5, 11, 11, 11.5, 11.5]


def test_whom_others_leave_no_room_waits_until_they_end() -> None:
    taken = a_demand(3, begins=1, hours=2)
    answer = dry_run(PoolCapacity([MACHINE]), [taken], a_demand(4), NOW, PACE)
    assert [start.waits for start in answer.starts] == [False, True, True, True]
    assert answer.starts[0].ready_at == BEGIN + 10 * SECOND
    assert answer.starts[1].room_at == NOW + 3 * HOUR
    assert answer.ready_share(1) == NOW + 3 * HOUR + 11 * SECOND
    assert answer.ready_share(0.25) == answer.starts[0].ready_at


def test_whom_nobody_leaves_room_is_never_ready() -> None:
    answer = dry_run(PoolCapacity([MACHINE]), [], a_demand(6), NOW, PACE)
    assert (len(answer.starts), answer.never, answer.shortage) == (4, 2, Shortage.MACHINES)
    assert answer.ready_share(1) is None
    assert answer.ready_share(0.5) is not None


def test_machines_that_are_added_come_after_their_lead_time() -> None:
    capacity = PoolCapacity([MACHINE], a_growth(3, lead=timedelta(minutes=10)))
    answer = dry_run(capacity, [], a_demand(9, begins=0), NOW, PACE)
    rooms = [start.room_at - NOW for start in answer.starts]
    assert rooms == [timedelta(0)] * 4 + [timedelta(minutes=10)] * 5
    assert (answer.to_make, answer.never) == (2, 0)
    in_time = dry_run(capacity, [], a_demand(9), NOW, PACE)
    assert (in_time.queued, in_time.to_make) == (0, 2)


def test_clicks_that_are_spread_wait_less_for_each_other() -> None:
    spread = timedelta(minutes=4)
    answer = dry_run(PoolCapacity([MACHINE]), [], a_demand(4), NOW, PACE, spread)
    ready = [start.ready_at - BEGIN for start in answer.starts]
    assert ready == [timedelta(minutes=n) + 10 * SECOND for n in range(4)]


def test_a_session_that_goes_on_begins_now() -> None:
    answer = dry_run(PoolCapacity([MACHINE]), [], a_demand(1, begins=-1), NOW, PACE)
    assert answer.starts[0].ready_at == NOW + 10 * SECOND


def test_a_start_longer_than_the_session_is_never_ready() -> None:
    slow = StartPace(seconds=3 * 3600, cpu_seconds=0)
    answer = dry_run(PoolCapacity([MACHINE]), [], a_demand(2), NOW, slow)
    assert (answer.starts, answer.never, answer.shortage) == ((), 2, None)
    assert answer.groups() == []


def test_a_pool_without_a_machine_that_holds_one_says_why() -> None:
    giant = a_demand(2, amounts=Amounts.of(32, 1024))
    answer = dry_run(PoolCapacity([MACHINE]), [], giant, NOW, PACE)
    assert (answer.never, answer.shortage) == (2, Shortage.SIZE)
    none = dry_run(PoolCapacity([]), [], a_demand(2), NOW, PACE)
    assert (none.never, none.shortage) == (2, Shortage.NONE_USABLE)


@given(
    some.lists(demands, max_size=5),
    demands,
    some.integers(0, 8),
    some.integers(0, 12),
    some.floats(0, 120),
    some.floats(0, 20),
    some.integers(0, 30),
)
def test_a_dry_run_keeps_to_order_and_room(
    others: list[Demand],
    session: Demand,
    existing: int,
    most: int,
    seconds: float,
    cpu_seconds: float,
    minutes: int,
) -> None:
    capacity = PoolCapacity([MACHINE] * existing, a_growth(most))
    pace, spread = StartPace(seconds, cpu_seconds), timedelta(minutes=minutes)
    answer = dry_run(capacity, others, session, NOW, pace, spread)
    ready = [start.ready_at for start in answer.starts]
    assert ready == sorted(ready)
    for start in answer.starts:
        assert max(session.starts_at, NOW) <= start.asked_at <= start.room_at < session.ends_at
        assert start.room_at + timedelta(seconds=seconds) <= start.ready_at <= session.ends_at
    groups = answer.groups()
    assert sum(group.count for group in groups) == len(answer.starts)
    assert len(groups) <= 2 * MOST_GROUPS
    assert existing + answer.to_make <= max(existing, most)
    assert answer.never + len(answer.starts) == session.count


@given(some.lists(demands, max_size=5), demands, some.integers(0, 8))
def test_nobody_waits_for_room_in_a_free_session(
    others: list[Demand], session: Demand, existing: int
) -> None:
    capacity = PoolCapacity([MACHINE] * existing)
    answer = dry_run(capacity, others, session, NOW, PACE)
    if room_for(capacity, others, session, NOW).verdict is Verdict.FREE:
        assert (answer.queued, answer.shortage) == (0, None)
