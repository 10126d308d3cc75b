"""Who fills a disk: what an Environment wrote, against its limits and the room of its machine.

The disk has no quota of the kernel's everywhere, so it is measured again and again, and who wrote
too much is ended. A container's own disk may not pass its limit. A work folder may be over its
limit: its Environment ends only if the folder *grew* over it in this attempt (one that was over it
already: by more than `SLACK`), because it is kept, and who comes back to a full one must be able to
start, look and delete. Where the machine itself is nearly full, whoever is writing then and wrote
most in this attempt ends.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from mydocker_kit.contracts.disks import DiskPlace
from mydocker_kit.contracts.environments import Reason, ReasonCode

Key = TypeVar("Key")
MIB = 1024 * 1024
SLACK = 256 * MIB
"""A full work folder may still grow by this: programs that open write caches and locks."""
FILLS = 256 * MIB
"""Who wrote less in this attempt is not the one who fills the machine."""
_WRITES = MIB
"""Grown by so much since the last look: it is being written to now."""
EVERY, SOONEST = 15.0, 2.0
"""Seconds from one look to the next."""
_MOST_OF_THE_TIME = 4.0


@dataclass(frozen=True)
class DiskLimits:
    """In bytes; 0 is no limit."""

    container: int = 0
    work_folder: int = 0
    free: int = 0
    """What has to stay free on a machine."""

    def __bool__(self) -> bool:
        return any((self.container, self.work_folder, self.free))

    def of(self, place: DiskPlace) -> int:
        return self.container if place is DiskPlace.CONTAINER else self.work_folder


NO_LIMITS = DiskLimits()


@dataclass(frozen=True)
class Trace:
    """What is remembered of one place of one attempt."""

    place: DiskPlace
    least: int
    """The least seen in this attempt: a folder that was emptied has its whole limit again."""
    used: int
    at: float
    grown: int = 0
    """Since the look before."""
    rate: float = 0.0
    """Bytes a second since then; never below 0."""

    @property
    def written(self) -> int:
        """In this attempt."""
        return self.used - self.least


@dataclass(frozen=True)
class Overrun:
    """Why an Environment ends."""

    place: DiskPlace
    used: int
    limit: int
    free: int | None = None
    """Left on its machine, when this is the reason."""


def traced(before: Trace | None, place: DiskPlace, used: int, at: float) -> Trace:
    """The trace after one more look."""
    if before is None:
        # A container begins with nothing of its own.
        return Trace(place, 0 if place is DiskPlace.CONTAINER else used, used, at)
    grown, seconds = used - before.used, max(at - before.at, 0.001)
    return Trace(place, min(before.least, used), used, at, grown, max(0.0, grown / seconds))


def overrun(trace: Trace, limits: DiskLimits) -> Overrun | None:
    """Whether this place is over its limit, and that ends its Environment."""
    bound = _bound(trace, limits)
    if bound is None or trace.used <= bound:
        return None
    return Overrun(trace.place, trace.used, limits.of(trace.place))


def filler(
    traces: Iterable[tuple[Key, Trace]], free: int | None, limits: DiskLimits
) -> tuple[Key, Overrun] | None:
    """Who fills a machine that has too little left; None while it has enough, or nobody does."""
    if free is None or free >= limits.free:
        return None
    writing = [
        (key, trace) for key, trace in traces if trace.grown >= _WRITES and trace.written >= FILLS
    ]
    if not writing:
        return None
    key, trace = max(writing, key=lambda one: one[1].written)
    return key, Overrun(trace.place, trace.used, limits.of(trace.place), free)


def pause(
    traces: Iterable[Trace], spent: float, free: int | None, limits: DiskLimits
) -> tuple[float, float]:
    """Seconds until the next look: at least, and as it is planned.

    Half the time in which the fastest writer would reach its limit; at once where the machine
    itself is nearly full. Looking never takes more than a fifth of the time, however long a walk
    takes: what is then not held is said in docs/operating.md.
    """
    planned = EVERY
    for trace in traces:
        bound = _bound(trace, limits)
        if bound is not None and trace.rate > 0:
            planned = min(planned, max(0, bound - trace.used) / trace.rate / 2)
    if free is not None and free < 2 * limits.free:
        planned = SOONEST
    least = max(SOONEST, spent * _MOST_OF_THE_TIME)
    return least, max(least, planned)


def why_full(over: Overrun) -> Reason:
    """The end of an Environment that wrote too much."""
    parameters: dict[str, str | int | float] = {
        "place": over.place.value,
        "used_mib": _mib(over.used),
        "limit_mib": _mib(over.limit),
    }
    if over.free is not None:
        parameters["free_mib"] = over.free // MIB
    return Reason(code=ReasonCode.DISK_FULL, parameters=parameters)


def _bound(trace: Trace, limits: DiskLimits) -> int | None:
    """What it may hold before it ends its Environment."""
    limit = limits.of(trace.place)
    if not limit:
        return None
    was_full = trace.place is DiskPlace.WORK_FOLDER and trace.least > limit
    return trace.least + SLACK if was_full else limit


def _mib(bytes: int) -> int:
    return -(-bytes // MIB)
