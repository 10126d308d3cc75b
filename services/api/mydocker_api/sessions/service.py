"""Planning, moving and removing sessions."""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import NotFound
from mydocker_kit.logging import get_logger

from ..caps import CapReached, check_cap
from ..contexts.supervision import supervision
from ..domain import policy
from ..domain.policy import Person
from ..feed import announce
from ..models import Course
from ..models import CourseSession as Row
from ..orchestration.end_times import retime
from ..orchestration.status_cache import LiveEnvironments
from ..paging import Paging
from ..settings import Settings
from . import queries
from .schemas import CourseSession, SessionDraft
from .views import shown

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
) -> Page[CourseSession]:
    """Sessions of the person's Courses that touch the range."""
    rows, total = await queries.my_sessions(
        db, person.id, paging.search, (after, before), paging.offset, paging.page_size
    )
    return Page(
        items=[shown(row, now, title) for row, title in rows],
        total=total,
        page=paging.page,
        page_size=paging.page_size,
    )


async def list_of_course(
    db: AsyncSession, person: Person, course_id: UUID, paging: Paging, now: datetime
) -> Page[CourseSession]:
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
        items=[shown(row, now, course.title) for row in rows],
        total=total,
        page=paging.page,
        page_size=paging.page_size,
    )


async def create(
    db: AsyncSession,
    live: LiveEnvironments,
    settings: Settings,
    person: Person,
    course_id: UUID,
    draft: SessionDraft,
    now: datetime,
) -> CourseSession:
    """Plan a session of the person's own Course."""
    course = await db.get(Course, course_id)
    if course is None or course.owner_id != person.id:
        raise NotFound(f"course {course_id}")
    most = settings.sessions_per_course
    await check_cap(db, Row, Row.course_id, course.id, most, SessionsFull)
    row = Row(id=uuid4(), course_id=course.id, **draft.model_dump())
    db.add(row)
    await _changed(db, live, course, now)
    log.info("session.planned", id=row.id, course=course.id, students=row.students)
    return shown(row, now, course.title)


async def update(
    db: AsyncSession,
    live: LiveEnvironments,
    person: Person,
    session_id: UUID,
    draft: SessionDraft,
    now: datetime,
) -> CourseSession:
    """Change a session; what runs in it ends when it now ends."""
    row, course = await _mine(db, person, session_id)
    for field, value in draft.model_dump().items():
        setattr(row, field, value)
    await _changed(db, live, course, now)
    log.info("session.changed", id=row.id, course=course.id)
    return shown(row, now, course.title)


async def delete(
    db: AsyncSession, live: LiveEnvironments, person: Person, session_id: UUID, now: datetime
) -> None:
    """Remove a session."""
    row, course = await _mine(db, person, session_id)
    await db.delete(row)
    await _changed(db, live, course, now)
    log.info("session.removed", id=session_id, course=course.id)


async def _mine(db: AsyncSession, person: Person, session_id: UUID) -> tuple[Row, Course]:
    found = await queries.my_session(db, person.id, session_id)
    if found is None:
        raise NotFound(f"session {session_id}")
    return found


async def _changed(db: AsyncSession, live: LiveEnvironments, course: Course, now: datetime) -> None:
    """Carry the change to what runs, and to the pages that show it."""
    await db.flush()
    await retime(db, live, course.id, now)
    course.updated_at = now
    await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
