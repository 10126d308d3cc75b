"""Planning, moving and removing sessions."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import NotFound
from mydocker_kit.etags import IfMatch
from mydocker_kit.logging import get_logger

from ..caps import CapReached, check_cap
from ..contexts.supervision import supervision
from ..domain import policy
from ..domain.policy import Person
from ..feed import announce
from ..models import Course
from ..models import CourseSession as Row
from ..orchestration.end_times import move_end_times
from ..orchestration.status_cache import StatusCache
from ..paging import Paging
from ..settings import Settings
from . import queries
from .schemas import SessionDraft, VersionedSession
from .views import version_of, versioned

log = get_logger()


class SessionsFull(CapReached):
    """As many sessions as one Course may have."""

    code, title = "sessions_full", "There are as many sessions as there may be"


async def list_sessions(
    db: AsyncSession,
    person: Person,
    paging: Paging,
    after: datetime | None,
    before: datetime | None,
    now: datetime,
) -> Page[VersionedSession]:
    """Sessions of the person's Courses that touch the range."""
    rows, total = await queries.my_sessions(
        db, person.id, paging.search, (after, before), paging.offset, paging.page_size
    )
    return Page(
        items=[versioned(row, now, title) for row, title in rows],
        total=total,
        page=paging.page,
        page_size=paging.page_size,
    )


async def list_of_course(
    db: AsyncSession, person: Person, course_id: UUID, paging: Paging, now: datetime
) -> Page[VersionedSession]:
    """The sessions of a Course, for its editors and for teachers where it is placed."""
    course = await db.get(Course, course_id)
    if course is None:
        raise NotFound(f"course {course_id}")
    seen = await supervision(db, person, course)
    relation = policy.relation(
        person, course.owner_id, is_member=False, is_colleague=bool(seen.contexts)
    )
    if not policy.may_view(relation):
        raise NotFound(f"course {course_id}")
    rows, total = await queries.sessions_in(db, course_id, now, paging.offset, paging.page_size)
    return Page(
        items=[versioned(row, now, course.title) for row in rows],
        total=total,
        page=paging.page,
        page_size=paging.page_size,
    )


async def get(
    db: AsyncSession, person: Person, session_id: UUID, now: datetime
) -> VersionedSession:
    """A session of the person's own Course."""
    row, course = await _mine(db, person, session_id)
    return versioned(row, now, course.title)


async def create(
    db: AsyncSession,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    course_id: UUID,
    draft: SessionDraft,
    now: datetime,
) -> VersionedSession:
    """Plan a session of the person's own Course."""
    course = await db.get(Course, course_id)
    if course is None or course.owner_id != person.id:
        raise NotFound(f"course {course_id}")
    most = settings.sessions_per_course
    await check_cap(db, Row, Row.course_id, course.id, most, SessionsFull)
    row = Row(id=uuid4(), course_id=course.id, **draft.model_dump())
    db.add(row)
    await _changed(db, statuses, course, now)
    log.info("session.planned", id=row.id, course=course.id, students=row.students)
    return versioned(row, now, course.title)


async def update(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    session_id: UUID,
    draft: SessionDraft,
    if_match: IfMatch,
    now: datetime,
) -> VersionedSession:
    """Change a session; what runs in it ends when it now ends."""
    row, course = await _mine_to_change(db, person, session_id, if_match)
    for field, value in draft.model_dump().items():
        setattr(row, field, value)
    await _changed(db, statuses, course, now)
    log.info("session.changed", id=row.id, course=course.id)
    return versioned(row, now, course.title)


async def delete(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    session_id: UUID,
    if_match: IfMatch,
    now: datetime,
) -> None:
    """Remove a session."""
    row, course = await _mine_to_change(db, person, session_id, if_match)
    await db.delete(row)
    await _changed(db, statuses, course, now)
    log.info("session.removed", id=session_id, course=course.id)


async def _mine(
    db: AsyncSession, person: Person, session_id: UUID, *, lock: bool = False
) -> tuple[Row, Course]:
    row = await queries.my_session(db, person.id, session_id, lock=lock)
    if row is None:
        raise NotFound(f"session {session_id}")
    return row


async def _mine_to_change(
    db: AsyncSession, person: Person, session_id: UUID, if_match: IfMatch
) -> tuple[Row, Course]:
    """A session of the person's own Course, locked, in the expected version."""
    row, course = await _mine(db, person, session_id, lock=True)
    if_match.check(version_of(row), changed_by=person.name)
    return row, course


async def _changed(db: AsyncSession, statuses: StatusCache, course: Course, now: datetime) -> None:
    """Carry the change to what runs, and to the pages that show it."""
    await db.flush()
    await move_end_times(db, statuses, course.id, now)
    course.updated_at = now
    await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
