"""Notices when this machine's clock jumps, by holding it against the time that only runs forward.

A stepped clock refuses every launch, for reasons that would blame the platforms.
"""

import time
from collections.abc import Callable
from datetime import datetime

from mydocker_kit.logging import get_logger

from ..domain.refusals import EntryRefused, Reason
from ..metrics import CLOCK_STEP

log = get_logger()
Runtime = Callable[[], float]
NOTICEABLE = 30
"""Seconds; half of what a platform's clock may differ. Less is the clock being corrected."""
_ABOUT_TIME = frozenset(
    {
        Reason.STATE_EXPIRED,
        Reason.TOKEN_EXPIRED,
        Reason.TOKEN_FROM_FUTURE,
        Reason.TOKEN_TOO_OLD,
    }
)


def seconds_running() -> float:
    """Since the machine started, sleep included; no administrator can set it."""
    return time.clock_gettime(time.CLOCK_BOOTTIME)


class ClockWatch:
    """The last moment at which the clock was believed, and how far it has jumped since."""

    def __init__(self, now: datetime, runtime: Runtime = seconds_running) -> None:
        self._runtime = runtime
        self._told = False
        self.believe(now)

    def believe(self, now: datetime) -> None:
        """Take the clock as right: at start, and when a platform's fresh token agrees with it."""
        self._wall, self._ran, self._told = now, self._runtime(), False
        CLOCK_STEP.set(0)

    def look(self, now: datetime) -> int:
        """Seconds the clock has jumped, forward or back; 0 when it has not. Says so once."""
        step = round((now - self._wall).total_seconds() - (self._runtime() - self._ran))
        if abs(step) < NOTICEABLE:
            self.believe(now)
            return 0
        CLOCK_STEP.set(step)
        if not self._told:
            log.error("clock.stepped", seconds=step)
            self._told = True
        return step

    def explain(self, refusal: EntryRefused, now: datetime) -> EntryRefused:
        """A refusal about time gets its true reason when it was our own clock that jumped."""
        if refusal.reason not in _ABOUT_TIME:
            return refusal
        step = self.look(now)
        if step == 0:
            return refusal
        return EntryRefused(Reason.CLOCK_STEPPED, step=step, seen=refusal.reason.value)
