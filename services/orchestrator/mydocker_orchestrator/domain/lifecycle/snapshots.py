"""Which snapshots of a work folder are kept, and when the next is due. Pure.

Kept are all of the last hours, then the newest of each day, then the newest of each week.
Submissions are not among them: they stay as long as the work folder's data.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, UUID, uuid5


@dataclass(frozen=True)
class SnapshotPolicy:
    """How often snapshots are taken, and how long they are kept."""

    every: timedelta = timedelta(hours=1)
    """Of folders in use; zero: none are taken by themselves."""
    hours: int = 24
    days: int = 7
    weeks: int = 4


def expired(
    snapshots: Iterable[tuple[UUID, datetime]], policy: SnapshotPolicy, now: datetime
) -> set[UUID]:
    """Those of one folder that go: neither recent, nor the newest of a day or week that counts."""
    kept_days: set[object] = set()
    kept_weeks: set[object] = set()
    gone = set()
    for id, taken_at in sorted(snapshots, key=lambda snapshot: snapshot[1], reverse=True):
        age = now - taken_at
        day, week = taken_at.date(), taken_at.isocalendar()[:2]
        is_recent = age <= timedelta(hours=policy.hours)
        is_of_day = age <= timedelta(days=policy.days) and day not in kept_days
        is_of_week = age <= timedelta(weeks=policy.weeks) and week not in kept_weeks
        if is_recent or is_of_day or is_of_week:
            kept_days.add(day)
            kept_weeks.add(week)
        else:
            gone.add(id)
    return gone


def periodic_id(volume: str, policy: SnapshotPolicy, now: datetime) -> UUID:
    """The id of the snapshot of this period: the same for everybody who asks for it."""
    period = int(now.timestamp() // policy.every.total_seconds())
    return uuid5(NAMESPACE_URL, f"mydocker:snapshot:{volume}:{policy.every}:{period}")
