"""Whether there is room for one more session, and when there would be.

Verdicts: `free`, the machines that exist hold everybody; `tight`, everybody fits once machines are
made, or after a wait until they are there; `impossible`, the pool cannot hold everybody at once
whatever is made. `unknown`, nothing was observed of the pool yet.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .demand import Demand
from .packing import Loads, Packer
from .plan import loads_of, stretches
from .pool import PoolCapacity
from .sizes import Amounts

SUGGESTIONS = 3
_STEP = timedelta(minutes=30)
_HOURS_AROUND = timedelta(hours=4)
_DAYS_AROUND = 7
_SATURDAY = 5


class Verdict(StrEnum):
    """Whether a session finds room."""

    FREE = "free"
    TIGHT = "tight"
    IMPOSSIBLE = "impossible"
    UNKNOWN = "unknown"


class Shortage(StrEnum):
    """What a session that does not fit lacks."""

    MACHINES = "machines"
    """Others need the room at that time, or the pool is too small for so many."""
    SIZE = "size"
    """One environment is larger than any machine of the pool."""
    NONE_USABLE = "none_usable"
    """The pool has no usable machine, and none may be made."""


@dataclass(frozen=True)
class Room:
    """The answer for one session."""

    verdict: Verdict
    fitting: int
    """Environments of the session that find room at its fullest moment, machines made included."""
    fitting_now: int
    """The same on the machines that exist."""
    to_make: int = 0
    """Machines that must be made for it."""
    ready_at: datetime | None = None
    """When they would be there; students who start before it wait."""
    shortage: Shortage | None = None


def room_for(
    capacity: PoolCapacity, demands: Sequence[Demand], session: Demand, now: datetime
) -> Room:
    """Whether `session` finds room beside the other `demands` of its pool."""
    begins = max(session.starts_at, now)
    moments = list(_moments(capacity, demands, session, begins))
    fitting_now = min((moment.on_existing for moment in moments), default=session.count)
    fitting = min((moment.on_all for moment in moments), default=session.count)
    if fitting_now >= session.count:
        return Room(Verdict.FREE, fitting, fitting_now)
    if fitting < session.count:
        shortage = shortage_of(capacity, session.amounts)
        return Room(Verdict.IMPOSSIBLE, fitting, fitting_now, shortage=shortage)
    to_make = max(moment.to_make for moment in moments)
    ready_at = max(capacity.earliest(now), begins)
    if ready_at >= session.ends_at:
        return Room(Verdict.IMPOSSIBLE, fitting_now, fitting_now, shortage=Shortage.MACHINES)
    return Room(Verdict.TIGHT, fitting, fitting_now, to_make, ready_at)


def suggested_slots(
    capacity: PoolCapacity, demands: Sequence[Demand], session: Demand, now: datetime
) -> list[tuple[datetime, datetime]]:
    """Up to three free slots of the same length nearby, in order of time.

    Half hours of the same day come first, then the same hour on the days around; Saturdays and
    Sundays (in the zone of `starts_at`) only for a session that is on one itself.
    """
    length = session.ends_at - session.starts_at
    slots = []
    for starts_at in _candidates(session.starts_at, now):
        moved = replace(session, starts_at=starts_at, ends_at=starts_at + length)
        if room_for(capacity, demands, moved, now).verdict is Verdict.FREE:
            slots.append((moved.starts_at, moved.ends_at))
            if len(slots) == SUGGESTIONS:
                break
    return sorted(slots)


def _candidates(starts_at: datetime, now: datetime) -> Iterator[datetime]:
    """Starts near this one, the nearest first."""
    for steps in range(1, _HOURS_AROUND // _STEP + 1):
        for moved in (starts_at + steps * _STEP, starts_at - steps * _STEP):
            if moved > now and moved.date() == starts_at.date():
                yield moved
    weekend = starts_at.weekday() >= _SATURDAY
    for days in range(1, _DAYS_AROUND + 1):
        for moved in (starts_at + timedelta(days), starts_at - timedelta(days)):
            if moved > now and (weekend or moved.weekday() < _SATURDAY):
                yield moved


@dataclass(frozen=True)
class _Moment:
    """How many of the session fit during one stretch of it."""

    on_existing: int
    on_all: int
    to_make: int


def _moments(
    capacity: PoolCapacity, demands: Sequence[Demand], session: Demand, begins: datetime
) -> Iterator[_Moment]:
    if begins >= session.ends_at:
        return
    known: dict[frozenset[tuple[Amounts, int]], _Moment] = {}
    for _, _, active in stretches(demands, begins, session.ends_at):
        others = loads_of(active)
        key = frozenset(others.items())
        if key not in known:
            known[key] = _moment(capacity, others, session)
            yield known[key]


def _moment(capacity: PoolCapacity, others: Loads, session: Demand) -> _Moment:
    existing, _ = fitting(capacity, others, session, made=capacity.present)
    if existing == session.count:
        return _Moment(existing, existing, 0)
    on_all, to_make = fitting(capacity, others, session, made=capacity.makeable)
    return _Moment(existing, max(existing, on_all), to_make)


def fitting(capacity: PoolCapacity, others: Loads, session: Demand, made: int) -> tuple[int, int]:
    """How many of the session fit beside others with `made` more machines, and how many it takes.

    Everything is packed together first; where that leaves somebody out, the others keep their room
    and the session gets what is left.
    """
    together = dict(others)
    together[session.amounts] = together.get(session.amounts, 0) + session.count
    packing = capacity.pack(together, made)
    before = capacity.pack(others, made)
    if packing.short(together) <= before.short(others):
        return session.count, max(0, packing.made - max(before.made, capacity.present))
    packer = Packer(capacity.sizes, capacity.flavour, made)
    for amounts in sorted(others, reverse=True):
        packer.add(amounts, others[amounts])
    return packer.add(session.amounts, session.count), max(
        0, packer.made - max(before.made, capacity.present)
    )


def shortage_of(capacity: PoolCapacity, amounts: Amounts) -> Shortage:
    if capacity.like is None:
        return Shortage.NONE_USABLE
    sizes = [*capacity.sizes, *([capacity.flavour] if capacity.flavour else [])]
    holds = any(size.holds(amounts) for size in sizes)
    return Shortage.MACHINES if holds else Shortage.SIZE
