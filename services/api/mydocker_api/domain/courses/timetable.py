"""Sessions without dates: which day after the first one, at which time of day, for how long.

The time of day is that of the wall clock in one time zone, so a session at 14:00 stays at 14:00 on
both sides of a change to summer time.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True)
class PlacedSlot:
    """Where a session lies in a timetable."""

    day: int
    """Days after the first session's."""
    time: time
    """Of its start."""
    minutes: int


def without_dates(slots: Sequence[tuple[datetime, datetime]], zone: ZoneInfo) -> list[PlacedSlot]:
    """The slots (start, end) in the order given, relative to the earliest day among them."""
    starts = [start.astimezone(zone) for start, _ in slots]
    first = min((start.date() for start in starts), default=date.min)
    return [
        PlacedSlot(
            (start.date() - first).days,
            start.time().replace(second=0, microsecond=0),
            round((end - begin).total_seconds() / 60),
        )
        for start, (begin, end) in zip(starts, slots, strict=True)
    ]


def with_dates(
    slots: Sequence[PlacedSlot], first: date, zone: ZoneInfo
) -> list[tuple[datetime, datetime]]:
    """Start and end of each, with the first day on `first`.

    A time that the clock skips in spring is read with the offset of before, as RFC 5545 § 3.3.5
    says.
    """
    starts = [
        datetime.combine(first + timedelta(days=slot.day), slot.time, tzinfo=zone) for slot in slots
    ]
    return [
        (start, start.astimezone(ZoneInfo("UTC")) + timedelta(minutes=slot.minutes))
        for start, slot in zip(starts, slots, strict=True)
    ]
