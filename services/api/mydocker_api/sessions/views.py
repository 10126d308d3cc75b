"""Sessions as the browser sees them."""

from collections.abc import Sequence
from datetime import UTC, datetime

from mydocker_kit.etags import etag_of

from ..domain.courses.extra_time import ExtraTime, summary
from ..domain.courses.opening import Slot
from ..models import CourseSession as Row
from ..models.seen import SeenSession
from .queries import Planned, PlannedStudents
from .schemas import CourseSession, OwnSession, PlannedSessions, SessionDraft, VersionedSession


def shown(row: Row | SeenSession, now: datetime, course_title: str = "") -> CourseSession:
    """The session as the browser sees it."""
    # Checked when it was written: `model_construct` spares the check on every window.
    return CourseSession.model_construct(
        id=row.id,
        course_id=row.course_id,
        course_title=course_title,
        title=row.title,
        students=row.students,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        block_before_start=row.block_before_start,
        automatic_stop=row.automatic_stop,
        state=row.slot.state(now),
    )


def shown_to(row: Row | SeenSession, slot: Slot, now: datetime, course_title: str) -> OwnSession:
    """The session as it is for one person; `slot` is theirs."""
    own = dict(shown(row, now, course_title))
    own.update(ends_at=slot.ends_at, state=slot.state(now), extra_minutes=slot.extra_minutes)
    return OwnSession.model_construct(**own)


def version_of(row: Row) -> str:
    """The entity tag of a session. An instant is one, in whatever zone it was sent."""
    return etag_of(
        SessionDraft.model_construct(
            title=row.title,
            students=row.students,
            starts_at=row.starts_at.astimezone(UTC),
            ends_at=row.ends_at.astimezone(UTC),
            block_before_start=row.block_before_start,
            automatic_stop=row.automatic_stop,
        )
    )


def versioned(
    row: Row, now: datetime, course_title: str, grants: Sequence[ExtraTime]
) -> VersionedSession:
    """The session as its editors see it, with what extra time gives in it."""
    seen = shown(row, now, course_title)
    extra = summary(row.slot, grants)
    return VersionedSession.model_construct(
        **dict(seen),
        capacity=row.capacity,
        capacity_reason=row.capacity_reason,
        extra_minutes=extra.minutes,
        extra_people=extra.people,
        etag=version_of(row),
    )


def planned_sessions(
    planned: Planned, students: PlannedStudents, now: datetime, course_title: str
) -> PlannedSessions:
    """What is planned, as the browser sees it."""
    coming = planned.next
    return PlannedSessions(
        total=planned.total,
        next=shown(coming, now, course_title) if coming else None,
        most_students=students.most,
        last_students=students.last,
    )
