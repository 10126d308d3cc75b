"""Disk limits: what an environment wrote, against its limits and the free space of its node.

Kernel quotas are not available everywhere, so usage is measured repeatedly and an environment that
wrote too much ends. A container's own writable layer may not exceed its limit. A work folder may
be over its limit: its environment ends only if the folder *grew* over the limit in this attempt
(a folder that was over it already: by more than `SLACK`). Folders outlive the container, and a
person with a full folder must be able to start, look and delete. Where the node itself is nearly
full, the environment that is writing and wrote most in this attempt ends.

The functions are pure. Trends live in memory: after a restart of the orchestrator each attempt is
measured anew, from its usage at that time.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar

from mydocker_kit.contracts.orchestrator.disks import DiskArea
from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode

Key = TypeVar("Key")
MIB = 1024 * 1024
SLACK = 256 * MIB
"""A full work folder may still grow by this: programs that open write caches and locks."""
MIN_WRITTEN = 256 * MIB
"""An attempt that wrote less than this is not what fills the node."""
_MIN_GROWTH = MIB
"""Growth since the last measurement that counts as writing."""
INTERVAL, MIN_INTERVAL = 15.0, 2.0
"""Seconds between two measurements."""
_IDLE_RATIO = 4.0


@dataclass(frozen=True)
class DiskLimits:
    """In bytes; 0 is no limit."""

    container: int = 0
    work_folder: int = 0
    free: int = 0
    """Free space that a node must keep."""

    def __bool__(self) -> bool:
        return any((self.container, self.work_folder, self.free))

    def of(self, area: DiskArea) -> int:
        return self.container if area is DiskArea.CONTAINER else self.work_folder


NO_LIMITS = DiskLimits()


@dataclass(frozen=True)
class UsageTrend:
    """Measured usage of one area (writable layer or work folder) of one attempt."""

    area: DiskArea
    least: int
    """The least measured in this attempt: a folder that was emptied has its whole limit again."""
    used: int
    at: float
    grown: int = 0
    """Bytes since the previous measurement."""
    rate: float = 0.0
    """Bytes per second since then; never below 0."""

    @property
    def written(self) -> int:
        """Bytes written in this attempt."""
        return self.used - self.least


@dataclass(frozen=True)
class Overrun:
    """Why an environment ends: usage and limit of one area."""

    area: DiskArea
    used: int
    limit: int
    free: int | None = None
    """Free space of its node, when this is the reason."""


def updated_trend(before: UsageTrend | None, area: DiskArea, used: int, at: float) -> UsageTrend:
    """The trend after one more measurement."""
    if before is None:
        # A container starts with an empty writable layer.
        return UsageTrend(area, 0 if area is DiskArea.CONTAINER else used, used, at)
    grown, seconds = used - before.used, max(at - before.at, 0.001)
    return UsageTrend(area, min(before.least, used), used, at, grown, max(0.0, grown / seconds))


def overrun(trend: UsageTrend, limits: DiskLimits) -> Overrun | None:
    """The overrun that ends its environment; None within the limit."""
    limit = _limit_for(trend, limits)
    if limit is None or trend.used <= limit:
        return None
    return Overrun(trend.area, trend.used, limits.of(trend.area))


def largest_writer(
    trends: Iterable[tuple[Key, UsageTrend]], free: int | None, limits: DiskLimits
) -> tuple[Key, Overrun] | None:
    """The environment that fills a nearly full node; None with enough space or no writer."""
    if free is None or free >= limits.free:
        return None
    writing = [
        (key, trend)
        for key, trend in trends
        if trend.grown >= _MIN_GROWTH and trend.written >= MIN_WRITTEN
    ]
    if not writing:
        return None
    key, trend = max(writing, key=lambda keyed: keyed[1].written)
    return key, Overrun(trend.area, trend.used, limits.of(trend.area), free)


def measurement_delay(
    trends: Iterable[UsageTrend], spent: float, free: int | None, limits: DiskLimits
) -> tuple[float, float]:
    """Seconds until the next measurement: the minimum, and the planned delay.

    Half the time in which the fastest writer would reach its limit; at once where the node itself
    is nearly full. Measuring takes at most a fifth of the time, however long a walk takes;
    docs/reference/isolation.md says what is not enforced then.
    """
    planned = INTERVAL
    for trend in trends:
        limit = _limit_for(trend, limits)
        if limit is not None and trend.rate > 0:
            planned = min(planned, max(0, limit - trend.used) / trend.rate / 2)
    if free is not None and free < 2 * limits.free:
        planned = MIN_INTERVAL
    least = max(MIN_INTERVAL, spent * _IDLE_RATIO)
    return least, max(least, planned)


def disk_full_reason(exceeded: Overrun) -> Reason:
    """The end of an environment that wrote too much."""
    parameters: dict[str, str | int | float] = {
        "place": exceeded.area.value,
        "used_mib": _mib(exceeded.used),
        "limit_mib": _mib(exceeded.limit),
    }
    if exceeded.free is not None:
        parameters["free_mib"] = exceeded.free // MIB
    return Reason(code=ReasonCode.DISK_FULL, parameters=parameters)


def _limit_for(trend: UsageTrend, limits: DiskLimits) -> int | None:
    """The usage beyond which its environment ends; None without a limit."""
    limit = limits.of(trend.area)
    if not limit:
        return None
    was_full = trend.area is DiskArea.WORK_FOLDER and trend.least > limit
    return trend.least + SLACK if was_full else limit


def _mib(bytes: int) -> int:
    return -(-bytes // MIB)
