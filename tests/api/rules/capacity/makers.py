"""Demands, machines and plans of the capacity rules, one maker for each."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from hypothesis import strategies as some

from mydocker_api.domain.capacity.demand import Demand
from mydocker_api.domain.capacity.plan import plan_pool
from mydocker_api.domain.capacity.pool import Growth, PoolCapacity, PoolPlan
from mydocker_api.domain.capacity.sizes import Amounts

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
"""A Wednesday."""
HOUR = timedelta(hours=1)
WEEK = timedelta(days=7)
COURSE = UUID(int=1)
SMALL = Amounts.of(1, 1024)
MACHINE = Amounts.of(4, 16_384)


def a_demand(
    count: int,
    begins: float = 2,
    hours: float = 2,
    amounts: Amounts = SMALL,
    session: UUID | None = None,
) -> Demand:
    starts_at = NOW + begins * HOUR
    return Demand(COURSE, amounts, count, starts_at, starts_at + hours * HOUR, session or uuid4())


def a_growth(
    most: int,
    *,
    lead: timedelta = timedelta(minutes=10),
    idle: int = 0,
    keep: timedelta = timedelta(minutes=30),
    price: float = 0.0,
    budget: float | None = None,
) -> Growth:
    return Growth(MACHINE, most, lead, idle, keep, price, budget)


def plan(capacity: PoolCapacity, *demands: Demand) -> PoolPlan:
    return plan_pool(capacity, demands, NOW, NOW + WEEK)


sizes = some.builds(
    Amounts,
    some.integers(100, 8000),
    some.integers(64, 32_768),
    some.integers(0, 4),
    some.integers(0, 50),
)
machine_sizes = some.builds(
    Amounts,
    some.integers(500, 64_000),
    some.integers(512, 262_144),
    some.integers(0, 8),
    some.integers(0, 500),
)
pools = some.dictionaries(machine_sizes, some.integers(1, 20), max_size=4)
load_sets = some.dictionaries(sizes, some.integers(1, 60), max_size=5)
demands = some.builds(
    Demand,
    some.just(COURSE),
    some.sampled_from([SMALL, Amounts.of(1.5, 2048), Amounts.of(2, 8192, gpus=1)]),
    some.integers(1, 60),
    some.integers(-5, 100).map(lambda hours: NOW + hours * HOUR),
    some.integers(101, 160).map(lambda hours: NOW + hours * HOUR),
    some.none(),
)
