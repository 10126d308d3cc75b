"""Which machines of a pool to make, cordon, take back and remove now.

The plan (`MachineNeed`) says how many machines the timetable and the queue need over time. A
machine is ordered as long before a need as it takes to come (`lead`), and leaves when no need
within `keep` wants it. It leaves in two steps: it is cordoned, and removed only once no environment
and no work folder is on it. Before anything new is made, a machine that leaves is taken back.

Budget rule: a machine is made only if what was spent this month, and what all machines will cost
until their needs end and they are gone, stays within the budget. Where even the machines that exist
would pass it, they leave; one that is used stays until its environments end.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from mydocker_kit.contracts.orchestrator.machines import (
    MachineNeed,
    MachineProblem,
    MachineState,
)

SETTLE = timedelta(seconds=30)
"""A machine is cordoned for this long before it is removed: starts under way then show up."""
DRAIN = timedelta(minutes=15)
"""How long a machine is assumed to cost after its needs ended and `keep` passed."""
_HOUR = timedelta(hours=1)
_COMING = (MachineState.ORDERED, MachineState.MADE)
_WORKING = (*_COMING, MachineState.READY)


@dataclass(frozen=True)
class MachineFacts:
    """A machine that is not removed yet."""

    name: str
    state: MachineState
    since: datetime
    """When it came into this state."""
    environments: int = 0
    folders: int = 0
    cordoned_at: datetime | None = None
    """Since when nothing new is put on it; None: something may be."""
    is_lost: bool = False
    """The Swarm has not reached it for longer than a machine may take to join."""
    failed_checks: bool = False
    has_problem: bool = False
    """It leaves because something is wrong with it."""

    @property
    def is_free(self) -> bool:
        """Nobody uses it, and nobody's work is on its disk."""
        return not self.environments and not self.folders


@dataclass(frozen=True)
class ScalingLimits:
    """What an operator allows."""

    most: int
    """Machines that Terraform may make."""
    lead: timedelta
    keep: timedelta
    join_within: timedelta
    hourly_price: float = 0.0
    budget_left: float | None = None
    """Of this month, in the currency of the price; None: no limit."""
    may_shrink: bool = True
    """False: machines leave only because something is wrong with them, or the budget is spent."""


@dataclass(frozen=True)
class ScalingDecision:
    """What to do now. Names of machines, but for `order`."""

    order: int = 0
    cordon: tuple[str, ...] = ()
    take_back: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()
    problems: tuple[tuple[str, MachineProblem], ...] = ()
    """Machines that leave because something is wrong with them."""
    wanted: int = 0
    reasons: tuple[str, ...] = ()


def decide(
    machines: Sequence[MachineFacts],
    needs: Sequence[MachineNeed],
    limits: ScalingLimits,
    now: datetime,
) -> ScalingDecision:
    """The next step; the same facts give the same answer."""
    problems = dict(_problems(machines, limits, now))
    working = [
        machine
        for machine in machines
        if machine.state in _WORKING and machine.name not in problems
    ]
    leaving = [machine for machine in machines if machine.state is MachineState.LEAVING]
    soon = _most_needed(needs, now, now + limits.lead)
    later = max(soon, _most_needed(needs, now, now + max(limits.lead, limits.keep)))
    if not limits.may_shrink:
        later = max(later, len(working))
    affordable = _affordable(needs, limits, now)
    wanted, kept_count = min(soon, affordable), min(later, affordable)
    missing = max(0, wanted - len(working))
    back = _to_take_back(leaving, missing)
    room = max(0, limits.most - len(machines))
    order = min(missing - len(back), room)
    surplus = _surplus(working, len(working) - kept_count)
    return ScalingDecision(
        order=order,
        cordon=(*problems, *(machine.name for machine in surplus)),
        take_back=tuple(back),
        remove=tuple(_removable(leaving, back, now)),
        problems=tuple(problems.items()),
        wanted=wanted,
        reasons=_reasons(needs, now, now + limits.lead),
    )


def _problems(
    machines: Sequence[MachineFacts], limits: ScalingLimits, now: datetime
) -> Iterator[tuple[str, MachineProblem]]:
    for machine in machines:
        late = machine.state is MachineState.MADE and now - machine.since > limits.join_within
        if late and machine.failed_checks:
            yield machine.name, MachineProblem.CHECKS_FAILED
        elif late:
            yield machine.name, MachineProblem.NEVER_JOINED
        elif machine.state is MachineState.READY and machine.is_lost:
            yield machine.name, MachineProblem.LOST


def _most_needed(needs: Sequence[MachineNeed], start: datetime, end: datetime) -> int:
    due = (need.machines for need in needs if need.starts_at <= end and start < need.ends_at)
    return max(due, default=0)


def _reasons(needs: Sequence[MachineNeed], start: datetime, end: datetime) -> tuple[str, ...]:
    due = (need for need in needs if need.starts_at <= end and start < need.ends_at)
    return tuple(dict.fromkeys(reason for need in due for reason in need.reasons))


def _to_take_back(leaving: Sequence[MachineFacts], missing: int) -> list[str]:
    """The busiest first: those would stay longest anyway."""
    usable = [machine for machine in leaving if not machine.has_problem and not machine.is_lost]
    usable.sort(key=lambda machine: (-machine.environments, machine.name))
    return [machine.name for machine in usable[:missing]]


def _surplus(working: Sequence[MachineFacts], count: int) -> list[MachineFacts]:
    """Machines that nobody needs: those that are not there yet first, then the emptiest."""
    order = sorted(
        working,
        key=lambda machine: (
            machine.state is MachineState.READY,
            machine.folders > 0,
            machine.environments,
            machine.name,
        ),
    )
    return order[: max(0, count)]


def _removable(
    leaving: Sequence[MachineFacts], taken_back: Sequence[str], now: datetime
) -> Iterator[str]:
    for machine in leaving:
        cordoned_at = machine.cordoned_at
        settled = cordoned_at is not None and now - cordoned_at >= SETTLE
        if machine.is_free and settled and machine.name not in taken_back:
            yield machine.name


def _affordable(needs: Sequence[MachineNeed], limits: ScalingLimits, now: datetime) -> int:
    """The most machines whose cost until they are gone stays within what is left this month."""
    if limits.budget_left is None or limits.hourly_price <= 0:
        return limits.most
    month_ends_at = _next_month(now)
    count = 0
    cost = 0.0
    while count < limits.most:
        gone_at = min(_unneeded_from(needs, count + 1, limits, now), month_ends_at)
        cost += max(gone_at - now, timedelta(0)) / _HOUR * limits.hourly_price
        if cost > limits.budget_left:
            break
        count += 1
    return count


def _unneeded_from(
    needs: Sequence[MachineNeed], number: int, limits: ScalingLimits, now: datetime
) -> datetime:
    """When the machine of this number, ordered now, is gone again."""
    ends_at = now + max(limits.lead, limits.keep)
    for need in sorted(needs, key=lambda need: need.starts_at):
        if need.machines >= number and need.starts_at <= ends_at < need.ends_at + limits.keep:
            ends_at = need.ends_at + limits.keep
    return ends_at + DRAIN


def _next_month(now: datetime) -> datetime:
    first = now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)
    return (first + timedelta(days=32)).replace(day=1)
