"""Which machines are made and removed: in time, within the budget, none with somebody on it."""

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from mydocker_kit.contracts.orchestrator.machines import (
    MachineNeed,
    MachineProblem,
    MachineState,
)
from mydocker_orchestrator.domain.machines.backoff import retry_after
from mydocker_orchestrator.domain.machines.costs import Billing, spent_this_month
from mydocker_orchestrator.domain.machines.decision import (
    SETTLE,
    MachineFacts,
    ScalingLimits,
    decide,
)

pytestmark = pytest.mark.unit

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
LIMITS = ScalingLimits(most=10, lead=10 * MINUTE, keep=30 * MINUTE, join_within=20 * MINUTE)


def need(machines: int, begins: timedelta, ends: timedelta) -> MachineNeed:
    return MachineNeed(starts_at=NOW + begins, ends_at=NOW + ends, machines=machines)


def machine(
    number: int, state: MachineState = MachineState.READY, age: timedelta = HOUR, **facts: object
) -> MachineFacts:
    return replace(MachineFacts(f"m{number}", state, NOW - age), **facts)  # type: ignore[arg-type]


def test_machines_are_ordered_as_long_before_as_they_take_and_no_longer() -> None:
    needs = [need(2, 11 * MINUTE, HOUR)]
    assert decide([], needs, LIMITS, NOW).order == 0
    assert decide([], needs, LIMITS, NOW + MINUTE).order == 2


def test_what_is_ordered_or_boots_is_not_ordered_again() -> None:
    needs = [need(3, 5 * MINUTE, HOUR)]
    coming = [
        machine(1, MachineState.ORDERED, MINUTE),
        machine(2, MachineState.MADE, MINUTE),
    ]
    assert decide(coming, needs, LIMITS, NOW).order == 1


def test_a_machine_that_is_needed_again_soon_stays() -> None:
    needs = [need(1, 29 * MINUTE, HOUR)]
    assert decide([machine(1)], needs, LIMITS, NOW).cordon == ()
    assert decide([machine(1)], needs, replace(LIMITS, keep=MINUTE), NOW).cordon == ("m1",)


def test_a_machine_that_leaves_is_taken_back_before_one_is_made() -> None:
    leaving = machine(1, MachineState.LEAVING, cordoned_at=NOW - HOUR, environments=2)
    decision = decide([leaving], [need(2, -HOUR, HOUR)], LIMITS, NOW)
    assert (decision.take_back, decision.order, decision.remove) == (("m1",), 1, ())


@pytest.mark.parametrize(
    "facts",
    [{"environments": 1}, {"folders": 1}, {"cordoned_at": None}, {"cordoned_at": NOW - MINUTE / 4}],
)
def test_a_machine_is_removed_only_once_it_is_cordoned_and_empty(facts: dict[str, object]) -> None:
    gone = machine(1, MachineState.LEAVING, cordoned_at=NOW - HOUR)
    assert decide([gone], [], LIMITS, NOW).remove == ("m1",)
    assert decide([replace(gone, **facts)], [], LIMITS, NOW).remove == ()  # type: ignore[arg-type]


def test_the_emptiest_machines_leave_and_those_that_are_not_there_yet_first() -> None:
    machines = [
        machine(1, environments=5),
        machine(2, environments=1),
        machine(3, MachineState.MADE, MINUTE),
    ]
    assert decide(machines, [need(1, -HOUR, HOUR)], LIMITS, NOW).cordon == ("m3", "m2")


def test_a_machine_that_never_joins_or_is_lost_leaves_and_another_is_made() -> None:
    machines = [
        machine(1, MachineState.MADE, HOUR),
        machine(2, MachineState.MADE, HOUR, failed_checks=True),
        machine(3, is_lost=True, environments=1),
    ]
    decision = decide(machines, [need(3, -HOUR, HOUR)], LIMITS, NOW)
    assert dict(decision.problems) == {
        "m1": MachineProblem.NEVER_JOINED,
        "m2": MachineProblem.CHECKS_FAILED,
        "m3": MachineProblem.LOST,
    }
    assert (set(decision.cordon), decision.order) == ({"m1", "m2", "m3"}, 3)
    left = replace(machines[0], state=MachineState.LEAVING, has_problem=True)
    assert decide([left], [need(1, -HOUR, HOUR)], LIMITS, NOW).take_back == ()


def test_an_old_plan_removes_nothing() -> None:
    assert decide([machine(1)], [], LIMITS, NOW).cordon == ("m1",)
    assert decide([machine(1)], [], replace(LIMITS, may_shrink=False), NOW).cordon == ()


def test_the_maximum_counts_machines_that_still_leave() -> None:
    leaving = [machine(n, MachineState.LEAVING, environments=1, has_problem=True) for n in range(9)]
    assert decide(leaving, [need(5, -HOUR, HOUR)], LIMITS, NOW).order == 1


def test_what_cannot_be_paid_until_its_end_is_not_made() -> None:
    limits = replace(LIMITS, hourly_price=1.0, budget_left=5.0)
    assert decide([], [need(9, timedelta(0), 2 * HOUR)], limits, NOW).order == 1
    assert decide([], [need(9, timedelta(0), HOUR / 2)], limits, NOW).order == 4


def test_failures_are_retried_ever_more_slowly() -> None:
    waits = [retry_after(failures) for failures in range(1, 20)]
    assert waits[:3] == [MINUTE / 2, MINUTE, 2 * MINUTE]
    assert waits == sorted(waits)
    assert waits[-1] == 30 * MINUTE


def test_a_month_pays_its_own_hours_only() -> None:
    begin = datetime(2026, 2, 28, 22, 0, tzinfo=UTC)
    at = datetime(2026, 3, 1, 3, 0, tzinfo=UTC)
    paid = [Billing(begin, None, 2.0), Billing(begin, at - HOUR, 1.0), Billing(None, None, 5.0)]
    assert spent_this_month(paid, at) == pytest.approx(2.0 * 3 + 1.0 * 2)


@dataclass
class World:
    """A pool whose environments run exactly while sessions do, and machines that boot in time."""

    limits: ScalingLimits
    needs: list[MachineNeed]
    budget: float
    machines: dict[str, MachineFacts] = field(default_factory=dict)
    paid: dict[str, Billing] = field(default_factory=dict)
    ends: dict[str, datetime] = field(default_factory=dict)
    """Until when the environments of a machine run."""
    number: int = 0

    def step(self, now: datetime) -> None:
        self.work(now)
        left = self.budget - spent_this_month(self.paid.values(), now)
        decision = decide(
            list(self.machines.values()), self.needs, replace(self.limits, budget_left=left), now
        )
        self.obey(decision.cordon, MachineState.LEAVING, now)
        self.obey(decision.take_back, MachineState.READY, now)
        for name in decision.remove:
            assert not self.machines[name].environments
            del self.machines[name]
            self.paid[name] = replace(self.paid[name], ends_at=now)
        for _ in range(decision.order):
            self.number += 1
            name = f"m{self.number:03}"
            self.machines[name] = MachineFacts(name, MachineState.READY, now)
            self.paid[name] = Billing(now, None, self.limits.hourly_price)
        assert len(self.machines) <= self.limits.most

    def work(self, now: datetime) -> None:
        """An environment stays where it began and ends with its session; only machines that are
        ready get new ones."""
        self.ends = {name: end for name, end in self.ends.items() if now < end}
        active = [need for need in self.needs if need.starts_at <= now < need.ends_at]
        free = sorted(
            name
            for name, facts in self.machines.items()
            if facts.state is MachineState.READY and name not in self.ends
        )
        due = max((need.machines for need in active), default=0)
        for rank, name in zip(range(len(self.ends) + 1, due + 1), free, strict=False):
            self.ends[name] = max(need.ends_at for need in active if need.machines >= rank)
        for name, facts in self.machines.items():
            self.machines[name] = replace(facts, environments=int(name in self.ends))

    def obey(self, names: tuple[str, ...], state: MachineState, now: datetime) -> None:
        for name in names:
            cordoned_at = now - SETTLE if state is MachineState.LEAVING else None
            facts = replace(self.machines[name], state=state, since=now, cordoned_at=cordoned_at)
            self.machines[name] = facts


needs_over_a_day = some.lists(
    some.builds(
        lambda begins, length, machines: need(
            machines, begins * HOUR / 2, (begins + length) * HOUR / 2
        ),
        some.integers(0, 20),
        some.integers(1, 8),
        some.integers(0, 6),
    ),
    max_size=5,
)


@settings(max_examples=150, deadline=None)
@given(
    needs_over_a_day,
    some.sampled_from([0.0, 3.0, 10.0, 25.0]),
    some.integers(0, 60),
    some.integers(0, 30),
)
def test_the_budget_is_never_passed_and_nobody_loses_a_machine(
    needs: list[MachineNeed], budget: float, keep: int, lead: int
) -> None:
    limits = replace(LIMITS, most=6, keep=keep * MINUTE, lead=lead * MINUTE, hourly_price=1.0)
    world = World(limits, needs, budget)
    for tick in range(0, 16 * 60, 5):
        world.step(NOW + tick * MINUTE)
        spent = spent_this_month(world.paid.values(), NOW + tick * MINUTE)
        assert spent <= budget + 1e-9
    end = NOW + timedelta(hours=24)
    for tick in range(12):
        world.step(end + tick * 5 * MINUTE)
    assert world.machines == {}
