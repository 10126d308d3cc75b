"""Machines of one pool over time, with reasons.

`plan_pool` cuts time where a demand begins or ends. For each stretch it packs all environments that
are due then: onto the machines that exist, then onto machines of the pool's flavour that may be
made. What limits the latter is said as a reason: the maximum of the pool, the lead time (a machine
ordered now is there only after it booted), the budget of the month, or that no machine is large
enough. Machines that a later stretch needs again soon are kept rather than made twice.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from math import floor

from .demand import Demand
from .packing import Loads, Packing
from .pool import Growth, Order, PlanReason, PoolCapacity, PoolPlan, Stretch
from .sizes import Amounts

_UNBOUNDED = 1_000_000
"""Machines: more than any pool has, to find out how many a demand would need."""


@dataclass
class _Draft:
    """A stretch while it is decided how many machines are made for it."""

    starts_at: datetime
    ends_at: datetime
    demands: tuple[Demand, ...]
    loads: Loads
    made: int = 0
    """Machines besides those that exist."""
    needed: int = 0
    reasons: list[PlanReason] = field(default_factory=list)

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / timedelta(hours=1)


def plan_pool(
    capacity: PoolCapacity, demands: Iterable[Demand], now: datetime, until: datetime
) -> PoolPlan:
    """The machines of a pool from `now` until `until`, for these demands."""
    packings = _Packings(capacity)
    drafts = [
        _Draft(starts_at, ends_at, active, loads_of(active))
        for starts_at, ends_at, active in stretches(
            demands, now, until, _turns(capacity, now, until)
        )
    ]
    for draft in drafts:
        _decide(draft, capacity, packings, now)
    if capacity.growth:
        _keep_between(drafts, capacity.growth)
        _within_budget(drafts, capacity.growth, now)
    finished = tuple(_finish(draft, capacity, packings) for draft in drafts)
    return PoolPlan(finished, _orders(finished, capacity), _cost(finished, capacity))


def _turns(capacity: PoolCapacity, now: datetime, until: datetime) -> list[datetime]:
    """When the first machine can be there, and when the budget of a month begins."""
    if capacity.growth is None:
        return []
    months = []
    month = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    while month < until:
        months.append(month)
        month = (month + timedelta(days=32)).replace(day=1)
    return [capacity.earliest(now), *months]


def stretches(
    demands: Iterable[Demand],
    starts_at: datetime,
    ends_at: datetime,
    also_at: Sequence[datetime] = (),
) -> Iterator[tuple[datetime, datetime, tuple[Demand, ...]]]:
    """The stretches between which demands begin or end, each with the demands that are due."""
    due = [demand for demand in demands if demand.overlaps(starts_at, ends_at)]
    moments = {starts_at, ends_at, *(at for at in also_at if starts_at < at < ends_at)}
    for demand in due:
        moments.update((max(demand.starts_at, starts_at), min(demand.ends_at, ends_at)))
    times = sorted(moments)
    active: dict[int, Demand] = {}
    begins, ends = defaultdict(list), defaultdict(list)
    for number, demand in enumerate(due):
        begins[bisect_left(times, max(demand.starts_at, starts_at))].append(number)
        ends[bisect_left(times, min(demand.ends_at, ends_at))].append(number)
    for index, (begin, end) in enumerate(pairwise(times)):
        for number in ends[index]:
            active.pop(number, None)
        for number in begins[index]:
            active[number] = due[number]
        yield begin, end, tuple(active.values())


def loads_of(demands: Iterable[Demand]) -> Loads:
    """How many environments of each size these demands are together."""
    loads: Counter[Amounts] = Counter()
    for demand in demands:
        loads[demand.amounts] += demand.count
    return loads


class _Packings:
    """Packings of a pool, each computed once: a timetable repeats itself every week."""

    def __init__(self, capacity: PoolCapacity) -> None:
        self._capacity = capacity
        self._known: dict[tuple[frozenset[tuple[Amounts, int]], int], Packing] = {}

    def of(self, loads: Mapping[Amounts, int], made: int) -> Packing:
        key = (frozenset(loads.items()), made)
        if key not in self._known:
            self._known[key] = self._capacity.pack(loads, made)
        return self._known[key]


def _decide(draft: _Draft, capacity: PoolCapacity, packings: _Packings, now: datetime) -> None:
    """How many machines this stretch wants and may have, without its neighbours."""
    unbounded = packings.of(draft.loads, _UNBOUNDED)
    draft.needed = unbounded.used + unbounded.made
    draft.reasons.extend(_shortfalls(draft.loads, unbounded, capacity))
    growth = capacity.growth
    if growth is None:
        return
    spare = len(capacity.machines) - unbounded.used
    wanted = max(unbounded.made, unbounded.made + growth.idle - spare)
    draft.made = min(wanted, capacity.makeable)
    makeable = capacity.makeable_at(draft.starts_at, now)
    if min(unbounded.made, draft.made) > makeable:
        draft.reasons.append(PlanReason.TOO_SOON)
    draft.made = min(draft.made, makeable)
    if draft.made:
        draft.reasons.append(PlanReason.MADE if unbounded.made else PlanReason.KEPT)


def _shortfalls(loads: Loads, unbounded: Packing, capacity: PoolCapacity) -> Iterator[PlanReason]:
    """Why some of these find no room even with every machine that may be made."""
    if loads and capacity.like is None:
        yield PlanReason.NO_MACHINES
    elif unbounded.short(loads):
        yield PlanReason.TOO_LARGE
    if unbounded.made > capacity.makeable:
        yield PlanReason.MAXIMUM


def _keep_between(drafts: Sequence[_Draft], growth: Growth) -> None:
    """Keep machines over stretches that need fewer, when they are needed again soon."""
    for index, draft in enumerate(drafts):
        if not draft.made:
            continue
        gap: list[_Draft] = []
        for later in drafts[index + 1 :]:
            if later.starts_at - draft.ends_at > growth.keep:
                break
            if later.made and gap:
                level = min(draft.made, later.made)
                for between in gap:
                    if between.made < level:
                        between.made = level
                        between.reasons.append(PlanReason.KEPT)
            if later.made >= draft.made:
                break
            gap.append(later)


def _within_budget(drafts: Sequence[_Draft], growth: Growth, now: datetime) -> None:
    """Make fewer machines where the budget of a calendar month (UTC) would be passed."""
    if growth.monthly_budget is None or growth.hourly_price <= 0:
        return
    left: dict[tuple[int, int], float] = defaultdict(lambda: growth.monthly_budget or 0.0)
    today = now.astimezone(UTC)
    left[today.year, today.month] -= growth.spent
    for draft in drafts:
        begins = draft.starts_at.astimezone(UTC)
        month = (begins.year, begins.month)
        price = draft.hours * growth.hourly_price
        affordable = max(0, floor(left[month] / price + 1e-9)) if price else draft.made
        if affordable < draft.made:
            draft.made = affordable
            draft.reasons.append(PlanReason.BUDGET)
        left[month] -= draft.made * price


def _finish(draft: _Draft, capacity: PoolCapacity, packings: _Packings) -> Stretch:
    waiting = packings.of(draft.loads, draft.made).short(draft.loads)
    reasons = dict.fromkeys(draft.reasons)
    if not waiting and not draft.made:
        reasons = {PlanReason.ENOUGH: None}
    return Stretch(
        starts_at=draft.starts_at,
        ends_at=draft.ends_at,
        demands=draft.demands,
        environments=sum(draft.loads.values()),
        waiting=waiting,
        needed=draft.needed,
        machines=len(capacity.machines) + draft.made,
        reasons=tuple(reasons),
    )


def _orders(finished: Sequence[Stretch], capacity: PoolCapacity) -> tuple[Order, ...]:
    """Each rise of the number of machines, as much earlier as a machine takes to come."""
    if capacity.growth is None:
        return ()
    before, orders = len(capacity.machines) + capacity.present, []
    for stretch in finished:
        if stretch.machines > before:
            order_at = stretch.starts_at - capacity.growth.lead
            orders.append(Order(order_at, stretch.starts_at, stretch.machines - before))
        before = stretch.machines
    return tuple(orders)


def _cost(finished: Sequence[Stretch], capacity: PoolCapacity) -> float:
    if capacity.growth is None:
        return 0.0
    made = sum((stretch.machines - len(capacity.machines)) * stretch.hours for stretch in finished)
    return made * capacity.growth.hourly_price
