"""Whether an Environment is idle: nobody asks it for anything, and it computes nothing.

It is used as long as a request reaches one of its ports, a shell, desktop or stream is open, or its
programs use the processor. Who has not used it for the time that its Course or pool sets is warned
first: the stop comes a whole warning later, and any use in between takes it back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class IdleStep(StrEnum):
    """What is to be done about one Environment."""

    LEAVE = "leave"
    WARN = "warn"
    TAKE_BACK = "take_back"
    """It was used after the warning."""
    STOP = "stop"


@dataclass(frozen=True)
class IdleState:
    """What decides about one Environment."""

    limit: timedelta
    """How long it may go unused."""
    used_at: datetime
    """The last use that was seen; its beginning, when there was none."""
    stops_at: datetime | None
    """When the warning says that it will stop; None: not warned."""


def idle_limit(course_minutes: int | None, pool_minutes: int | None) -> int | None:
    """Minutes that an Environment may go unused: the Course may set less than the pool."""
    return min((minutes for minutes in (course_minutes, pool_minutes) if minutes), default=None)


def next_step(state: IdleState, warning: timedelta, now: datetime) -> IdleStep:
    """What to do now; `warning` is the time between warning and stop."""
    if state.stops_at is None:
        return IdleStep.WARN if now - state.used_at >= state.limit else IdleStep.LEAVE
    if state.used_at > state.stops_at - warning:
        return IdleStep.TAKE_BACK
    return IdleStep.STOP if now >= state.stops_at else IdleStep.LEAVE
