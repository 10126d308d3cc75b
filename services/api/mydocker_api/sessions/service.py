"""Planning, moving and removing sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import ChangeKind, EventKind
from mydocker_kit.errors import NotFound
from mydocker_kit.etags import IfMatch
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..change_log import record
from ..domain.policy import Person
from ..feed import announce
from ..limits.caps import CapReached, check_cap
from ..models import Course
from ..models import CourseSession as Row
from ..orchestration.end_times import move_end_times
from ..orchestration.queries import extra_time_of
from ..orchestration.status_cache import StatusCache
from ..planning import dry_run as simulation
from ..planning import service as planning
from ..planning.schemas import CapacityCheck, CapacityQuestion, DryRun, DryRunQuestion
from ..rights.courses import editable_course, visible_course
from ..settings import Settings
from . import queries
from .queries import SessionSort
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
    sort: SessionSort,
    now: datetime,
) -> Page[VersionedSession]:
    """Sessions of the Courses the person may read, that touch the range."""
    read = await queries.visible_sessions(db, person.id, (after, before), paging, sort, now)
    grants = await extra_time_of(db, {row.course_id for row, _ in read.rows})
    items = [versioned(row, now, title, grants[row.course_id]) for row, title in read.rows]
    return paging.answer(items, read)


async def list_of_course(
    db: AsyncSession,
    person: Person,
    course_id: UUID,
    paging: Paging,
    sort: SessionSort,
    now: datetime,
) -> Page[VersionedSession]:
    """The sessions of a Course, for everybody who may read its settings."""
    course, _ = await visible_course(db, person, course_id)
    read = await queries.sessions_in(db, course_id, paging, sort, now)
    grants = (await extra_time_of(db, [course_id]))[course_id]
    items = [versioned(row, now, course.title, grants) for (row,) in read.rows]
    return paging.answer(items, read)


async def get(
    db: AsyncSession, person: Person, session_id: UUID, now: datetime
) -> VersionedSession:
    """A session of a Course the person may read."""
    row, course = await _known(db, session_id)
    await visible_course(db, person, course.id)
    return await _shown(db, row, course, now)


async def check_capacity(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    question: CapacityQuestion,
    now: datetime,
) -> CapacityCheck:
    """Whether a session of a Course the person may change would find room."""
    course, _ = await editable_course(db, person, course_id)
    return await planning.check(db, statuses, course, question, now)


async def dry_run(
    db: AsyncSession,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    course_id: UUID,
    question: DryRunQuestion,
    now: datetime,
) -> DryRun:
    """When students of a Course the person may change would be ready."""
    course, _ = await editable_course(db, person, course_id)
    return await simulation.dry_run(db, statuses, settings, course, question, now)


async def create(
    db: AsyncSession,
    statuses: StatusCache,
    settings: Settings,
    person: Person,
    course_id: UUID,
    drafts: Sequence[SessionDraft],
    now: datetime,
) -> list[VersionedSession]:
    """Plan sessions of a Course the person may change: all of them, or none."""
    course, _ = await editable_course(db, person, course_id)
    await planning.lock_room(db, course)
    most = settings.sessions_per_course
    await check_cap(db, Row, Row.course_id, course.id, most, SessionsFull, adding=len(drafts))
    rows = [Row(id=uuid4(), course_id=course.id, **draft.model_dump()) for draft in drafts]
    for row in rows:
        await planning.reserve(db, statuses, course, row, now)
        db.add(row)
        await db.flush()  # the next one finds this one planned
        log.info("session.planned", id=row.id, course=course.id, students=row.students)
    await _changed(db, statuses, course, [row.id for row in rows], "planned", now)
    grants = (await extra_time_of(db, [course.id]))[course.id]
    return [versioned(row, now, course.title, grants) for row in rows]


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
    row, course = await _to_change(db, person, session_id, if_match)
    needs_room = _needs(row) != (draft.students, draft.starts_at, draft.ends_at)
    for field, value in draft.model_dump().items():
        setattr(row, field, value)
    if needs_room:
        await planning.lock_room(db, course)
        await planning.reserve(db, statuses, course, row, now)
    await _changed(db, statuses, course, [row.id], "planned", now)
    log.info("session.changed", id=row.id, course=course.id)
    return await _shown(db, row, course, now)


async def delete(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    session_id: UUID,
    if_match: IfMatch,
    now: datetime,
) -> None:
    """Remove a session."""
    row, course = await _to_change(db, person, session_id, if_match)
    await db.delete(row)
    await _changed(db, statuses, course, [session_id], "deleted", now)
    log.info("session.removed", id=session_id, course=course.id)


async def _shown(db: AsyncSession, row: Row, course: Course, now: datetime) -> VersionedSession:
    grants = (await extra_time_of(db, [course.id]))[course.id]
    return versioned(row, now, course.title, grants)


def _needs(row: Row) -> tuple[int, datetime, datetime]:
    """What decides how much room a session takes."""
    return row.students, row.starts_at, row.ends_at


async def _known(db: AsyncSession, session_id: UUID, *, lock: bool = False) -> tuple[Row, Course]:
    row = await queries.session_and_course(db, session_id, lock=lock)
    if row is None:
        raise NotFound(f"session {session_id}")
    return row


async def _to_change(
    db: AsyncSession, person: Person, session_id: UUID, if_match: IfMatch
) -> tuple[Row, Course]:
    """A session of a Course the person may change, locked, in the expected version."""
    row, course = await _known(db, session_id, lock=True)
    await editable_course(db, person, course.id)
    if_match.check(version_of(row))
    return row, course


async def _changed(
    db: AsyncSession,
    statuses: StatusCache,
    course: Course,
    session_ids: Sequence[UUID],
    state: str,
    now: datetime,
) -> None:
    """Carry the change to what runs, and to the pages that show it."""
    await db.flush()
    await move_end_times(db, statuses, course.id, now)
    course.updated_at = now
    await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
    for session_id in session_ids:
        await record(
            db,
            ChangeKind.SESSION,
            session_id,
            now,
            course_id=course.id,
            owner_id=course.owner_id,
            state=state,
        )
