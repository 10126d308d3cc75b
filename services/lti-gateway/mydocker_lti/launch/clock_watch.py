"""Detects steps of this machine's clock by comparing it with the monotonic clock.

After a step all launches are refused as expired or from the future, which looks like a fault of the
platforms. With this check the refusal and the log name the step.
"""

import time
from collections.abc import Callable
from datetime import datetime

from mydocker_kit.observability.logging import get_logger

from ..domain.refusals import EntryRefused, Reason
from ..metrics import CLOCK_STEP

log = get_logger()
Runtime = Callable[[], float]
MIN_STEP_SECONDS = 30
"""Half of the clock skew allowed for platforms; smaller steps are corrections (NTP)."""
_ABOUT_TIME = frozenset(
    {
        Reason.STATE_EXPIRED,
        Reason.TOKEN_EXPIRED,
        Reason.TOKEN_FROM_FUTURE,
        Reason.TOKEN_TOO_OLD,
    }
)


def seconds_running() -> float:
    """Seconds since boot, suspension included; cannot be set."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ClockWatch:
    """The last reading at which the clock was right, and the step since then."""

    def __init__(self, now: datetime, runtime: Runtime = seconds_running) -> None:
        self._runtime = runtime
        self._is_reported = False
        self.trust(now)

    def trust(self, now: datetime) -> None:
        """Take the clock as right: at start, and when a platform's new token agrees with it."""
        self._wall, self._ran, self._is_reported = now, self._runtime(), False
        CLOCK_STEP.set(0)

    def check(self, now: datetime) -> int:
        """Seconds by which the clock was stepped (negative: back), or 0. Logs a step once."""
        step = round((now - self._wall).total_seconds() - (self._runtime() - self._ran))
        if abs(step) < MIN_STEP_SECONDS:
            self.trust(now)
            return 0
        CLOCK_STEP.set(step)
        if not self._is_reported:
            log.error("clock.stepped", seconds=step)
            self._is_reported = True
        return step

    def explain(self, refusal: EntryRefused, now: datetime) -> EntryRefused:
        """`CLOCK_STEPPED` instead of a refusal about time while our clock is stepped."""
        if refusal.reason not in _ABOUT_TIME:
            return refusal
        step = self.check(now)
        if step == 0:
            return refusal
        return EntryRefused(Reason.CLOCK_STEPPED, step=step, seen=refusal.reason.value)
