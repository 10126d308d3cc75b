"""How long the work folders of a Course are kept, and when notices begin. Pure.

A Course ends with its last session, or when it is archived; somebody who starts an environment
later moves the end. Its folders are erased a retention after that, never before people could read
the notice for the whole notice period: an upgrade, or a shorter retention, erases nothing at once.
A deleted Course has no retention, but a time in which the deletion can be undone.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

LONGEST_KEEP = timedelta(days=366)
"""How far ahead an erasure can be postponed at once."""
_SLOWEST_RETRY = timedelta(hours=6)


class RetentionNotice(StrEnum):
    """The notice of the erasure of a Course's folders."""

    NONE = "none"
    FIRST = "first"
    """From the notice period on."""
    LAST = "last"
    """In the last days."""
    DUE = "due"
    """It goes on now, and cannot be postponed any more."""


@dataclass(frozen=True)
class RetentionPolicy:
    """What operators set."""

    days: int = 90
    """From the end of a Course to the erasure of its folders; 0: never."""
    notice_days: int = 30
    last_notice_days: int = 7
    deletion_days: int = 14
    """From the deletion of a Course to the erasure of its folders."""


@dataclass(frozen=True)
class CourseLife:
    """What decides about the end of a Course and about its folders."""

    archived_at: datetime | None = None
    sessions_end_at: datetime | None = None
    """The end of the session that ends last."""
    started_at: datetime | None = None
    """The newest start of an environment."""
    is_running: bool = False
    """An environment runs, or is asked to."""
    noticed_at: datetime | None = None
    """Since when the notice is shown."""
    keep_until: datetime | None = None
    """Until when somebody postponed the erasure."""
    deleted_at: datetime | None = None


def course_end(life: CourseLife, now: datetime) -> datetime | None:
    """When the Course ended; None while it has not, or has neither sessions nor been archived."""
    if life.is_running:
        return None
    end = life.archived_at
    if end is None:
        end = life.sessions_end_at
        if end is None or end > now:
            return None
    return max(end, life.started_at or end)


def planned_erasure(life: CourseLife, policy: RetentionPolicy, now: datetime) -> datetime | None:
    """When the folders would be erased, whether or not the notice was shown; None: never."""
    if life.deleted_at is not None:
        return life.deleted_at + timedelta(days=policy.deletion_days)
    end = course_end(life, now)
    if end is None or not policy.days:
        return None
    return max(end + timedelta(days=policy.days), life.keep_until or end)


def erasure(life: CourseLife, policy: RetentionPolicy, now: datetime) -> datetime | None:
    """When the folders are erased; None: never."""
    planned = planned_erasure(life, policy, now)
    if planned is None or life.deleted_at is not None:
        return planned
    return max(planned, (life.noticed_at or now) + timedelta(days=policy.notice_days))


def needs_notice(life: CourseLife, policy: RetentionPolicy, now: datetime) -> bool:
    """Whether the notice of the erasure is due."""
    planned = planned_erasure(life, policy, now)
    return planned is not None and planned - timedelta(days=policy.notice_days) <= now


def is_due(life: CourseLife, policy: RetentionPolicy, now: datetime) -> bool:
    """Whether the folders are erased now."""
    at = erasure(life, policy, now)
    return at is not None and at <= now


def notice(life: CourseLife, policy: RetentionPolicy, now: datetime) -> RetentionNotice:
    """The notice that is shown now."""
    at = erasure(life, policy, now)
    if at is None:
        return RetentionNotice.NONE
    if at <= now:
        return RetentionNotice.DUE
    if at - timedelta(days=policy.last_notice_days) <= now:
        return RetentionNotice.LAST
    if life.deleted_at is not None or at - timedelta(days=policy.notice_days) <= now:
        return RetentionNotice.FIRST
    return RetentionNotice.NONE


def retry_after(tries: int) -> timedelta:
    """How long a folder waits after its last try: its machine is away, or a container has it."""
    return min(timedelta(minutes=5 * 2 ** min(tries, 10)), _SLOWEST_RETRY)
