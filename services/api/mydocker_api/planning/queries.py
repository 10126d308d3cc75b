"""Sessions by pool, and the lock that serializes reservations of a pool."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, and_, func, literal, or_, select
from sqlalchemy.dialects.postgresql import TSTZMULTIRANGE, Range
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import load_only

from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..domain.statuses import CapacityState, CourseStatus
from ..models import Course, CourseSession, User
from ..rights.queries import course_visible

_LOCK = "mydocker.capacity"
_REQUESTED = literal(CapacityState.REQUESTED, CourseSession.capacity.type, literal_execute=True)
"""In the statement's text: PostgreSQL sees that the index of these sessions serves."""
_ASKED_OF_COURSE = (
    *(Course.title, Course.pool, Course.cpu, Course.memory_mib, Course.gpu),
    *(Course.folder_mib, Course.lease),
)
"""What its environments reserve, and how it is called."""


async def lock_reservations(db: AsyncSession, pool: str) -> None:
    """Serialize reservations of this pool until the transaction ends.

    Taken before any row of a Course is locked, so that two transactions never wait for each other.
    """
    await db.execute(select(func.pg_advisory_xact_lock(func.hashtext(_LOCK), func.hashtext(pool))))


def _in_pool(pool: str) -> ColumnElement[bool]:
    """Courses of this pool; PostgreSQL cannot estimate how many a `coalesce` selects."""
    named = Course.pool == pool
    return or_(named, Course.pool.is_(None)) if pool == DEFAULT_POOL else named


async def sessions_of_pool(
    db: AsyncSession, pool: str, starts_at: datetime, ends_at: datetime
) -> list[tuple[CourseSession, Course]]:
    """Sessions that touch this time, of Courses in this pool that may still run."""
    query = (
        select(CourseSession, Course)
        .join(Course, Course.id == CourseSession.course_id)
        .where(
            _in_pool(pool),
            Course.status != CourseStatus.ARCHIVED,
            CourseSession.ends_at > starts_at,
            CourseSession.starts_at < ends_at,
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
    )
    return [(session, course) for session, course in await db.execute(query)]


class ReservedSession(NamedTuple):
    """A session whose room is counted on, and what its Course asks for each environment."""

    id: UUID
    course_id: UUID
    students: int
    starts_at: datetime
    ends_at: datetime
    cpu: float | None
    memory_mib: int | None
    gpu: int | None


async def reserved_sessions(
    db: AsyncSession, pool: str, stretches: Sequence[tuple[datetime, datetime]]
) -> list[ReservedSession]:
    """Reserved sessions in this pool that touch any of these stretches, each once."""
    wanted = literal([Range(*stretch) for stretch in stretches], TSTZMULTIRANGE)
    time = func.tstzrange(CourseSession.starts_at, CourseSession.ends_at)  # has an index
    # First those of that time, by the index: a prepared statement's plan, which knows no values,
    # would look through the whole index once for each Course.
    session = (
        select(
            CourseSession.id,
            CourseSession.course_id,
            CourseSession.students,
            CourseSession.starts_at,
            CourseSession.ends_at,
        )
        .where(CourseSession.capacity == CapacityState.RESERVED, time.op("&&")(wanted))
        .cte("in_that_time")
        .prefix_with("MATERIALIZED", dialect="postgresql")
    )
    query = (
        select(session, Course.cpu, Course.memory_mib, Course.gpu)
        .join(Course, Course.id == session.c.course_id)
        .where(_in_pool(pool), Course.status != CourseStatus.ARCHIVED)
        .order_by(session.c.starts_at, session.c.id)
    )
    return [ReservedSession(*row) for row in await db.execute(query)]


async def lock_sessions_to_come(db: AsyncSession, course_id: UUID, now: datetime) -> None:
    """Lock the sessions of a Course that are not over, in one order."""
    query = select(CourseSession.id).where(_to_come(course_id, now)).order_by(CourseSession.id)
    await db.execute(query.with_for_update())


async def sessions_to_come(
    db: AsyncSession, course_id: UUID, now: datetime
) -> Sequence[CourseSession]:
    """The sessions of a Course that are not over, the first one first."""
    query = select(CourseSession).where(_to_come(course_id, now))
    return (await db.scalars(query.order_by(CourseSession.starts_at, CourseSession.id))).all()


def _to_come(course_id: UUID, now: datetime) -> ColumnElement[bool]:
    return and_(CourseSession.course_id == course_id, CourseSession.ends_at > now)


async def courses(db: AsyncSession, ids: Iterable[UUID]) -> dict[UUID, Course]:
    """These Courses, by id."""
    rows = await db.scalars(select(Course).where(Course.id.in_(list(ids))))
    return {course.id: course for course in rows}


async def visible(db: AsyncSession, user_id: UUID, ids: Iterable[UUID]) -> set[UUID]:
    """Those of these Courses whose settings this person may read."""
    of_these = Course.id.in_(list(ids))
    return set(await db.scalars(select(Course.id).where(of_these, course_visible(user_id))))


class RequestSort(StrEnum):
    """Order of the sessions that request room."""

    EARLIEST = "starts_at"
    LATEST = "-starts_at"


async def requests(db: AsyncSession, now: datetime, paging: Paging, sort: RequestSort) -> Slice:
    """A page of sessions to come for which room is requested."""
    query = (
        select(CourseSession, Course, User)
        .join(Course, Course.id == CourseSession.course_id)
        .join(User, User.id == Course.owner_id)
        .where(
            CourseSession.capacity == _REQUESTED,
            CourseSession.ends_at > now,
            Course.status != CourseStatus.ARCHIVED,
        )
    )
    query = query.options(
        load_only(*_ASKED_OF_COURSE, raiseload=True),
        load_only(User.name, User.pseudonym, raiseload=True),
    )
    if paging.search:
        titles = CourseSession.title + " " + Course.title
        query = query.where(titles.icontains(paging.search, autoescape=True))
    keys = order_of(sort, CourseSession, Key(CourseSession.id))
    return await read_slice(db, query, keys, paging)


async def session_and_course(
    db: AsyncSession, session_id: UUID
) -> tuple[CourseSession, Course] | None:
    """A session, locked, and its Course."""
    session = await db.get(CourseSession, session_id, with_for_update=True)
    if session is None:
        return None
    course = await db.get(Course, session.course_id)
    return (session, course) if course else None
