"""Sessions without dates, and with them again."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from mydocker_api.domain.courses.timetable import with_dates, without_dates

pytestmark = pytest.mark.unit
PARIS = ZoneInfo("Europe/Paris")
HOURS = timedelta(hours=2)


def test_a_weekly_session_keeps_its_hour_when_the_clock_changes() -> None:
    starts = [datetime(2026, 10, day, 14, tzinfo=PARIS) for day in (19, 26)]
    slots = without_dates([(start, start + HOURS) for start in starts], PARIS)
    assert [(slot.day, slot.time.hour, slot.minutes) for slot in slots] == [
        (0, 14, 120),
        (7, 14, 120),
    ]
    again = with_dates(slots, date(2027, 3, 24), PARIS)  # summer time begins on the 28th
    assert [start.astimezone(UTC) for start, _ in again] == [
        datetime(2027, 3, 24, 13, tzinfo=UTC),
        datetime(2027, 3, 31, 12, tzinfo=UTC),
    ]
    assert all(end - start == HOURS for start, end in again)


def test_a_session_over_the_change_lasts_as_long_as_it_did() -> None:
    start = datetime(2026, 10, 24, 22, tzinfo=PARIS)
    end = start.astimezone(UTC) + timedelta(hours=8)
    [slot] = without_dates([(start, end)], PARIS)
    assert slot.minutes == 480
    [(begin, over)] = with_dates([slot], date(2027, 3, 27), PARIS)
    assert over - begin.astimezone(UTC) == timedelta(hours=8)


def test_days_count_from_the_earliest_session_whatever_the_order() -> None:
    first, later = datetime(2026, 9, 7, 23, tzinfo=UTC), datetime(2026, 9, 9, 8, tzinfo=UTC)
    slots = without_dates([(later, later + HOURS), (first, first + HOURS)], PARIS)
    # 23:00 UTC is 01:00 of the next day in Paris.
    assert [(slot.day, slot.time.hour) for slot in slots] == [(1, 10), (0, 1)]


def test_no_session_is_no_timetable() -> None:
    assert without_dates([], PARIS) == []
