"""When each student of a session would be ready: a simulation, nothing is started.

Students click in order, at once or spread evenly over some minutes. Each waits first for room,
first come first served, beside what sessions and running environments of others hold; machines that
may be added come after their lead time. Then they wait for their machine: a start takes processor
time, so a machine begins one start after another. Last comes the start itself, whose length was
measured or is assumed. Who found room keeps it until the session ends.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import heapify, heapreplace
from math import ceil

from .demand import Demand
from .plan import loads_of, stretches
from .pool import PoolCapacity
from .room import Shortage, fitting, shortage_of

MOST_GROUPS = 200
_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class StartPace:
    """How long starts take."""

    seconds: float
    """Of one start alone, once there is room."""
    cpu_seconds: float
    """Processor time by which a start delays the next one on its machine."""


@dataclass(frozen=True)
class SimulatedStart:
    """The start of one student who is ready before the session ends."""

    asked_at: datetime
    room_at: datetime
    """When there is room for it; later than `asked_at`: the student waits in the queue."""
    ready_at: datetime

    @property
    def waits(self) -> bool:
        return self.room_at > self.asked_at


@dataclass(frozen=True)
class StartGroup:
    """Students who are ready within the same stretch of time, in their order."""

    count: int
    waits: bool
    """In the queue, for room."""
    asked_at: datetime
    """When the first of them clicks."""
    ready_at: datetime
    """When the last of them is ready."""


@dataclass(frozen=True)
class DryRun:
    """The answer for a session."""

    students: int
    starts: tuple[SimulatedStart, ...]
    """In the order in which they are ready."""
    to_make: int
    """Machines that must be added for it."""
    shortage: Shortage | None
    """Why some are not ready before the end."""

    @property
    def queued(self) -> int:
        """How many wait for room and get it before the end."""
        return sum(start.waits for start in self.starts)

    @property
    def never(self) -> int:
        """How many are not ready before the end."""
        return self.students - len(self.starts)

    def ready_share(self, share: float) -> datetime | None:
        """When this share of all students is ready; None: never."""
        needed = max(1, ceil(self.students * share))
        return self.starts[needed - 1].ready_at if needed <= len(self.starts) else None

    def groups(self) -> list[StartGroup]:
        """The same by seconds, or by longer stretches where there are more than `MOST_GROUPS`."""
        if not self.starts:
            return []
        first = self.starts[0].ready_at
        width = max(_SECOND, (self.starts[-1].ready_at - first) / (MOST_GROUPS - 1))
        groups: dict[tuple[int, bool], list[SimulatedStart]] = {}
        for start in self.starts:
            key = ((start.ready_at - first) // width, start.waits)
            groups.setdefault(key, []).append(start)
        return [
            StartGroup(len(starts), waits, starts[0].asked_at, starts[-1].ready_at)
            for (_, waits), starts in groups.items()
        ]


def dry_run(
    capacity: PoolCapacity,
    others: Sequence[Demand],
    session: Demand,
    now: datetime,
    pace: StartPace,
    spread: timedelta = timedelta(0),
) -> DryRun:
    """When each student of `session` would be ready beside the `others` of its pool.

    `spread`: their clicks are spread evenly over this time; none: all click at the start.
    """
    begins = max(session.starts_at, now)
    asked = [begins + spread * number / session.count for number in range(session.count)]
    places = list(_places(capacity, others, session, asked, now))
    to_make = max((made for _, made in places), default=0)
    rooms = [room_at for room_at, _ in places]
    ready = _ready_times(capacity, session, rooms, to_make, pace)
    starts = [
        SimulatedStart(asked_at, room_at, ready_at)
        for asked_at, room_at, ready_at in zip(asked, rooms, ready, strict=False)
        if ready_at <= session.ends_at
    ]
    short = len(places) < session.count
    shortage = shortage_of(capacity, session.amounts) if short else None
    return DryRun(session.count, tuple(starts), to_make, shortage)


def _places(
    capacity: PoolCapacity,
    others: Sequence[Demand],
    session: Demand,
    asked: Sequence[datetime],
    now: datetime,
) -> Iterator[tuple[datetime, int]]:
    """Of each student in turn: when there is room, and the machines that were added until then."""
    begins, earliest = asked[0], capacity.earliest(now)
    if begins >= session.ends_at:
        return
    placed = made = 0
    for begin, end, active in stretches(others, begins, session.ends_at, [earliest]):
        makeable = capacity.makeable_at(begin, now)
        room, to_make = fitting(capacity, loads_of(active), session, makeable)
        made = max(made, to_make)
        while placed < min(room, session.count) and asked[placed] < end:
            yield max(asked[placed], begin), made
            placed += 1


def _ready_times(
    capacity: PoolCapacity,
    session: Demand,
    rooms: Sequence[datetime],
    to_make: int,
    pace: StartPace,
) -> Iterator[datetime]:
    """When each of these starts is ready, on the fewest machines that hold them."""
    if not rooms:
        return
    packing = capacity.pack({session.amounts: len(rooms)}, capacity.makeable)
    machines = max(1, packing.used + packing.made)
    interval = timedelta(seconds=pace.cpu_seconds / _cores(capacity, session, to_make))
    free_at = [rooms[0]] * machines
    heapify(free_at)
    for room_at in rooms:
        begin = max(room_at, free_at[0])
        heapreplace(free_at, begin + interval)
        yield begin + timedelta(seconds=pace.seconds)


def _cores(capacity: PoolCapacity, session: Demand, to_make: int) -> float:
    """Cores of a machine that holds such environments, on average."""
    machines = [machine for machine in capacity.machines if machine.holds(session.amounts)]
    if capacity.growth and to_make:
        machines += [capacity.growth.flavour] * to_make
    cores = [machine.cpu_milli / 1000 for machine in machines if machine.cpu_milli > 0]
    return sum(cores) / len(cores) if cores else 1.0
