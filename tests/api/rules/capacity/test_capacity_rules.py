"""Packing, plans and verdicts of capacity: examples that people recognize, and properties."""

from collections import Counter
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some
from tests.api.rules.capacity.makers import (
    HOUR,
    MACHINE,
    NOW,
    WEEK,
    a_demand,
    a_growth,
    demands,
    plan,
)

from mydocker_api.domain.capacity.demand import Demand
from mydocker_api.domain.capacity.pool import PlanReason, PoolCapacity
from mydocker_api.domain.capacity.sizes import Amounts

# Packing


# Plans


def test_machines_that_exist_are_enough() -> None:
    [before, during, after] = plan(PoolCapacity([MACHINE] * 2), a_demand(8)).stretches
    assert (before.environments, during.environments, after.environments) == (0, 8, 0)
    assert (during.needed, during.machines, during.waiting) == (2, 2, 0)
    assert during.reasons == (PlanReason.ENOUGH,)


def test_machines_are_ordered_before_a_session_by_their_lead_time() -> None:
    planned = plan(PoolCapacity([MACHINE], a_growth(5)), a_demand(10))
    [order] = planned.orders
    assert order.count == 2
    assert order.needed_at == NOW + 2 * HOUR
    assert order.order_at == NOW + 2 * HOUR - timedelta(minutes=10)
    during = next(stretch for stretch in planned.stretches if stretch.environments)
    assert (during.machines, during.waiting) == (3, 0)
    assert during.reasons == (PlanReason.MADE,)
    assert planned.stretches[-1].machines == 1


def test_a_pool_at_its_maximum_makes_some_wait() -> None:
    planned = plan(PoolCapacity([MACHINE], a_growth(2)), a_demand(12))
    during = next(stretch for stretch in planned.stretches if stretch.environments)
    assert (during.needed, during.machines, during.waiting) == (3, 2, 4)
    assert PlanReason.MAXIMUM in during.reasons


def test_machines_ordered_now_come_too_late_for_now() -> None:
    planned = plan(PoolCapacity([MACHINE], a_growth(5)), a_demand(10, begins=0))
    early, late = planned.stretches[:2]
    assert (early.machines, early.waiting) == (1, 6)
    assert PlanReason.TOO_SOON in early.reasons
    assert early.ends_at == late.starts_at == NOW + timedelta(minutes=10)
    assert (late.machines, late.waiting) == (3, 0)


def test_a_gap_shorter_than_the_grace_keeps_its_machines() -> None:
    morning, noon = a_demand(8, begins=2, hours=2), a_demand(8, begins=4.25, hours=1)
    capacity = plan(PoolCapacity([MACHINE], a_growth(5)), morning, noon)
    assert [order.count for order in capacity.orders] == [1]
    assert PlanReason.KEPT in next(s for s in capacity.stretches[2:] if not s.environments).reasons
    eager = a_growth(5, keep=timedelta(0))
    made_twice = plan(PoolCapacity([MACHINE], eager), morning, noon)
    assert [order.count for order in made_twice.orders] == [1, 1]


def test_idle_machines_are_kept_ready() -> None:
    planned = plan(PoolCapacity([MACHINE], a_growth(5, idle=1)), a_demand(4))
    during = next(stretch for stretch in planned.stretches if stretch.environments)
    assert (during.needed, during.machines) == (1, 2)


def test_the_budget_of_a_month_is_never_passed() -> None:
    week = [a_demand(8, begins=2 + 24 * day) for day in range(5)]
    growth = a_growth(5, price=1.0, budget=5.0)
    planned = plan(PoolCapacity([MACHINE], growth), *week)
    assert planned.cost <= 5.0
    refused = [stretch for stretch in planned.stretches if PlanReason.BUDGET in stretch.reasons]
    assert len(refused) == 3
    assert all(stretch.waiting == 4 for stretch in refused)


def test_an_environment_larger_than_any_machine_waits_for_ever() -> None:
    giant = a_demand(1, amounts=Amounts.of(32, 1024))
    planned = plan(PoolCapacity([MACHINE], a_growth(5)), giant)
    during = next(stretch for stretch in planned.stretches if stretch.environments)
    assert during.reasons == (PlanReason.TOO_LARGE,)
    assert during.waiting == 1


def test_a_pool_without_machines_says_so() -> None:
    during = plan(PoolCapacity([]), a_demand(3)).stretches[1]
    assert during.reasons == (PlanReason.NO_MACHINES,)
    assert (during.needed, during.machines, during.waiting) == (0, 0, 3)


@given(
    some.lists(demands, max_size=6),
    some.integers(0, 6),
    some.integers(0, 12),
    some.integers(0, 3),
    some.floats(0, 200),
)
def test_a_plan_keeps_to_its_limits(
    due: list[Demand], existing: int, most: int, idle: int, budget: float
) -> None:
    growth = a_growth(most, idle=idle, price=1.0, budget=budget)
    capacity = PoolCapacity([MACHINE] * existing, growth)
    planned = plan(capacity, *due)
    assert planned.cost <= budget + 1e-6
    edges = [planned.stretches[0].starts_at, *(s.ends_at for s in planned.stretches)]
    assert edges == sorted(edges)
    assert (edges[0], edges[-1]) == (NOW, NOW + WEEK)
    for stretch in planned.stretches:
        assert existing <= stretch.machines <= max(existing, most)
        assert 0 <= stretch.waiting <= stretch.environments
        if stretch.starts_at < NOW + growth.lead:
            assert stretch.machines == existing
        if stretch.waiting:
            assert stretch.reasons
    risen = sum(order.count for order in planned.orders)
    assert risen >= max(stretch.machines for stretch in planned.stretches) - existing


@given(some.lists(demands, max_size=6), some.integers(0, 8))
def test_every_demand_is_in_the_stretches_that_it_overlaps(due: list[Demand], n: int) -> None:
    for stretch in plan(PoolCapacity([MACHINE] * n), *due).stretches:
        expected = [d for d in due if d.overlaps(stretch.starts_at, stretch.ends_at)]
        assert Counter(stretch.demands) == Counter(expected)


# Running environments


# Room for one more session
