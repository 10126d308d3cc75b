"""When work folders are erased, and when notices begin."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mydocker_api.domain.courses.retention import (
    CourseLife,
    RetentionNotice,
    RetentionPolicy,
    course_end,
    erasure,
    is_due,
    needs_notice,
    notice,
    retry_after,
)

END = datetime(2026, 6, 30, 16, tzinfo=UTC)
POLICY = RetentionPolicy()
OVER = CourseLife(sessions_end_at=END, started_at=END - timedelta(days=1))


def days(count: float) -> datetime:
    """So long after the end."""
    return END + timedelta(days=count)


def test_a_course_ends_with_its_last_session_or_when_it_is_archived() -> None:
    assert course_end(OVER, days(1)) == END
    assert course_end(OVER, days(-1)) is None
    assert course_end(CourseLife(started_at=END), days(1)) is None, "no session: it is always open"
    archived = replace(OVER, archived_at=days(-20), started_at=days(-30))
    assert course_end(archived, days(-10)) == days(-20), "sessions to come do not count any more"
    assert course_end(replace(OVER, started_at=days(5)), days(6)) == days(5)
    assert course_end(replace(OVER, is_running=True), days(200)) is None


def test_folders_go_a_retention_after_the_end_and_a_notice_period_after_the_notice() -> None:
    assert not needs_notice(OVER, POLICY, days(59))
    assert needs_notice(OVER, POLICY, days(60))
    noticed = replace(OVER, noticed_at=days(60))
    assert erasure(noticed, POLICY, days(61)) == days(90)
    assert not is_due(noticed, POLICY, days(89.9))
    assert is_due(noticed, POLICY, days(90))
    late = replace(OVER, noticed_at=days(400))
    assert erasure(late, POLICY, days(401)) == days(430), "an upgrade erases nothing at once"
    assert not is_due(OVER, POLICY, days(4000)), "nobody was told"


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (50, RetentionNotice.NONE),
        (60, RetentionNotice.FIRST),
        (82.9, RetentionNotice.FIRST),
        (83, RetentionNotice.LAST),
        (90, RetentionNotice.DUE),
    ],
)
def test_the_notice_becomes_urgent(at: float, expected: RetentionNotice) -> None:
    assert notice(replace(OVER, noticed_at=days(60)), POLICY, days(at)) is expected


def test_a_postponement_moves_the_erasure_and_the_notice() -> None:
    postponed = replace(OVER, noticed_at=days(60), keep_until=days(200))
    assert erasure(postponed, POLICY, days(61)) == days(200)
    assert not needs_notice(postponed, POLICY, days(100))
    assert needs_notice(postponed, POLICY, days(170))
    early = replace(OVER, noticed_at=days(60), keep_until=days(10))
    assert erasure(early, POLICY, days(61)) == days(90), "it shortens nothing"


def test_a_deleted_course_goes_after_its_own_time() -> None:
    deleted = replace(OVER, deleted_at=days(3))
    assert erasure(deleted, POLICY, days(4)) == days(17)
    assert notice(deleted, POLICY, days(4)) is RetentionNotice.FIRST
    assert not is_due(deleted, POLICY, days(16))
    assert is_due(deleted, POLICY, days(17))


def test_a_retention_of_zero_keeps_folders_for_ever() -> None:
    never = replace(POLICY, days=0)
    assert erasure(replace(OVER, noticed_at=days(1)), never, days(4000)) is None
    assert is_due(replace(OVER, deleted_at=days(3)), never, days(17)), "but a deletion"


def test_retries_become_rarer_but_never_end() -> None:
    waits = [retry_after(tries) for tries in range(1, 20)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(minutes=10)
    assert waits[-1] == timedelta(hours=6)
