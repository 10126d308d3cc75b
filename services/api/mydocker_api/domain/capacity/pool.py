"""A pool: what it has and may get, and what is planned for it."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from functools import cached_property

from .demand import Demand
from .packing import Loads, Packing, pack
from .sizes import Amounts


@dataclass(frozen=True)
class Growth:
    """What machines may be made besides those that exist."""

    flavour: Amounts
    most: int
    """Machines of the pool, existing ones included."""
    lead: timedelta
    """From the order until a machine takes environments: 95th percentile, images included."""
    idle: int = 0
    """Empty machines that are kept ready."""
    keep: timedelta = timedelta(minutes=30)
    """A machine that is needed again this soon is not removed meanwhile."""
    hourly_price: float = 0.0
    monthly_budget: float | None = None
    """In the currency of the price; None: no limit."""
    present: int = 0
    """Machines of the flavour that were made already, or are on their way: they go when the plan
    does not need them."""
    spent: float = 0.0
    """Of the budget, in the month of now."""


@dataclass(frozen=True)
class PoolCapacity:
    """The machines of a pool: those that exist and stay, and those that may be made."""

    machines: Sequence[Amounts]
    growth: Growth | None = None
    overcommit: float = 1.0
    """How often a CPU is given out; memory, GPUs and disk are never."""

    @cached_property
    def sizes(self) -> Counter[Amounts]:
        """What the machines give out, equal ones counted."""
        return Counter(machine.overcommitted(self.overcommit) for machine in self.machines)

    @cached_property
    def flavour(self) -> Amounts | None:
        """What a machine that may be made gives out."""
        return self.growth.flavour.overcommitted(self.overcommit) if self.growth else None

    @property
    def like(self) -> Amounts | None:
        """The machine that further need is counted in: the flavour, else the largest there is."""
        return self.flavour or max(self.sizes, default=None)

    @property
    def makeable(self) -> int:
        """How many machines may be made."""
        return max(0, self.growth.most - len(self.machines)) if self.growth else 0

    @property
    def present(self) -> int:
        """How many of them are there already, or on their way."""
        return min(self.growth.present, self.makeable) if self.growth else 0

    def makeable_at(self, at: datetime, now: datetime) -> int:
        """How many of them there may be at this moment."""
        return self.makeable if at >= self.earliest(now) else self.present

    @property
    def most(self) -> int:
        """Machines, when all are there."""
        return len(self.machines) + self.makeable

    def pack(self, loads: Loads, made: int) -> Packing:
        """Pack onto the machines that exist and `made` more."""
        return pack(loads, self.sizes, self.like, made)

    def earliest(self, now: datetime) -> datetime:
        """When a machine ordered now takes environments; `now` where none can be."""
        return now + self.growth.lead if self.growth else now


class PlanReason(StrEnum):
    """Why a stretch of time has the machines it has."""

    ENOUGH = "enough"
    """The existing machines hold everything."""
    MADE = "made"
    """Machines are made for it."""
    KEPT = "kept"
    """Machines are kept that are needed again soon, or idle ones that the pool wants ready."""
    MAXIMUM = "maximum"
    """The pool has as many machines as it may."""
    TOO_SOON = "too_soon"
    """Machines ordered now come later than this."""
    BUDGET = "budget"
    """The month's budget is spent."""
    TOO_LARGE = "too_large"
    """An environment is larger than any machine of the pool."""
    NO_MACHINES = "no_machines"
    """The pool has no usable machine, and none may be made."""


@dataclass(frozen=True)
class Stretch:
    """A stretch of time in which nothing begins or ends."""

    starts_at: datetime
    ends_at: datetime
    demands: tuple[Demand, ...]
    environments: int
    waiting: int
    """Environments that find no room."""
    needed: int
    """Machines that would hold everything that fits on a machine at all."""
    machines: int
    """Machines that there will be."""
    reasons: tuple[PlanReason, ...]

    @property
    def hours(self) -> float:
        return (self.ends_at - self.starts_at) / timedelta(hours=1)


@dataclass(frozen=True)
class Order:
    """Machines to begin to make, and by when they are needed."""

    order_at: datetime
    needed_at: datetime
    count: int


@dataclass(frozen=True)
class PoolPlan:
    """The plan of one pool."""

    stretches: tuple[Stretch, ...]
    orders: tuple[Order, ...]
    cost: float
    """Of the machines that are made, in the currency of their price."""
