"""Who of a class needs help, and what a teacher may do for one student.

A row is stuck when something only a person can mend has happened, or when a start or a place in
the queue takes much longer than usual. Times are compared with the median of the Course's last
starts, because an image of 8 GiB is not slow after 30 seconds.
"""

from datetime import datetime, timedelta
from enum import StrEnum

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    Reason,
    ReasonCode,
)

SLOW_FACTOR = 3.0
"""Times the usual duration from which a start is slow."""
SLOW_AT_LEAST = timedelta(seconds=60)
LONG_WAIT = timedelta(minutes=3)
MANY_RESTARTS = 3


class Attention(StrEnum):
    """Why a student needs help."""

    FAILED = "failed"
    RESTARTING = "restarting"
    """Its container crashed again and again within this attempt."""
    SLOW_START = "slow_start"
    LONG_WAIT = "long_wait"
    ENDED_BY_ITSELF = "ended_by_itself"


class RoomCan(StrEnum):
    """What the teacher may do about one student now."""

    START = "start"
    STOP = "stop"
    RESTART = "restart"
    EXTEND = "extend"
    READ_LOGS = "read_logs"
    OPEN = "open"
    MESSAGE = "message"


def attention(
    phase: Phase | None,
    status: EnvironmentStatus | None,
    reason: Reason | None,
    asked_at: datetime,
    usual_seconds: float | None,
    now: datetime,
) -> Attention | None:
    """Why this environment needs help; None when it does not."""
    match phase:
        case Phase.FAILED:
            return Attention.FAILED
        case Phase.STOPPED:
            ended = reason is not None and reason.code is ReasonCode.ENDED_BY_ITSELF
            return Attention.ENDED_BY_ITSELF if ended else None
        case Phase.QUEUED:
            return Attention.LONG_WAIT if now - asked_at > LONG_WAIT else None
        case Phase.STARTING | Phase.READY:
            if status is not None and status.restarts >= MANY_RESTARTS:
                return Attention.RESTARTING
            since = status.since if status is not None else asked_at
            is_slow = phase is Phase.STARTING and now - since > slow_after(usual_seconds)
            return Attention.SLOW_START if is_slow else None
        case _:
            return None


def slow_after(usual_seconds: float | None) -> timedelta:
    """How long a start may take before somebody should look."""
    usual = timedelta(seconds=(usual_seconds or 0.0) * SLOW_FACTOR)
    return max(SLOW_AT_LEAST, usual)


def room_can(phase: Phase | None, *, has_end: bool, has_page: bool) -> list[RoomCan]:
    """What may be done for a student who came to the Course, in this phase.

    `has_end`: it ends by a lease or a session. `has_page`: a browser opens one of its ports.
    """
    match phase:
        case Phase.QUEUED | Phase.STARTING:
            rights = [RoomCan.STOP, RoomCan.READ_LOGS]
        case Phase.READY:
            rights = [RoomCan.STOP, RoomCan.RESTART, RoomCan.READ_LOGS]
            if has_end:
                rights.append(RoomCan.EXTEND)
            if has_page:
                rights.append(RoomCan.OPEN)
        case Phase.STOPPING:
            rights = []
        case Phase.FAILED | Phase.STOPPED:
            rights = [RoomCan.START, RoomCan.READ_LOGS]
        case _:
            rights = [RoomCan.START]
    return [*rights, RoomCan.MESSAGE]
