"""Queries about planned sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import FromClause, case, func, select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import Course, CourseSession
from ..rights.queries import course_visible


@dataclass(frozen=True)
class Planned:
    """What is planned for a Course, without reading every session of it."""

    total: int = 0
    next: CourseSession | None = None
    """The running session, else the next one."""


@dataclass(frozen=True)
class PlannedStudents:
    """For how many students the sessions of a Course are."""

    most: int = 0
    last: int | None = None
    """Of the session that begins last."""


async def planned(
    db: AsyncSession, course_ids: Sequence[UUID], now: datetime
) -> dict[UUID, Planned]:
    """Of each of these Courses that has sessions."""
    of_these = CourseSession.course_id.in_(course_ids)
    counts = (
        select(CourseSession.course_id, func.count())
        .where(of_these)
        .group_by(CourseSession.course_id)
    )
    begun = CourseSession.starts_at <= now
    coming = (
        select(CourseSession)
        .where(of_these, CourseSession.ends_at > now)
        .ext(distinct_on(CourseSession.course_id))
        .order_by(
            CourseSession.course_id,
            begun.desc(),
            case((begun, CourseSession.ends_at)).desc(),
            CourseSession.starts_at,
        )
    )
    following = {session.course_id: session for session in await db.scalars(coming)}
    return {
        course_id: Planned(total, following.get(course_id))
        for course_id, total in await db.execute(counts)
    }


async def planned_students(db: AsyncSession, course_id: UUID) -> PlannedStudents:
    """Of one Course."""
    students = (
        select(CourseSession.students)
        .where(CourseSession.course_id == course_id)
        .order_by(CourseSession.starts_at.desc())
    )
    numbers = (await db.scalars(students)).all()
    return PlannedStudents(max(numbers), numbers[0]) if numbers else PlannedStudents()


class SessionSort(StrEnum):
    """Order of a list of sessions."""

    EARLIEST = "starts_at"
    LATEST = "-starts_at"
    TITLE = "title"
    TITLE_BACKWARDS = "-title"
    NEXT = "next"
    """The running and the next ones first, past ones last, the latest of them first."""


def _order(sort: SessionSort, now: datetime) -> list[Key]:
    if sort is not SessionSort.NEXT:
        return order_of(sort, CourseSession, Key(CourseSession.id))
    is_over = CourseSession.ends_at <= now
    return [
        Key(case((is_over, 1), else_=0)),
        Key(case((~is_over, CourseSession.starts_at)), nullable=True),
        Key(CourseSession.starts_at, descending=True),
        Key(CourseSession.id),
    ]


async def sessions_in(
    db: AsyncSession, course_id: UUID, paging: Paging, sort: SessionSort, now: datetime
) -> Slice:
    """A page of a Course's sessions."""
    query = select(CourseSession).where(CourseSession.course_id == course_id)
    if paging.search:
        query = query.where(CourseSession.title.icontains(paging.search, autoescape=True))
    return await read_slice(db, query, _order(sort, now), paging)


async def session_and_course(
    db: AsyncSession, session_id: UUID, *, lock: bool
) -> tuple[CourseSession, Course] | None:
    """A session and its Course, whoever asks."""
    query = (
        select(CourseSession, Course)
        .join(Course, Course.id == CourseSession.course_id)
        .where(CourseSession.id == session_id)
    )
    if lock:
        query = query.with_for_update(of=CourseSession)
    row = (await db.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def visible_sessions(
    db: AsyncSession,
    user_id: UUID,
    between: tuple[datetime | None, datetime | None],
    paging: Paging,
    sort: SessionSort,
    now: datetime,
) -> Slice:
    """A page of sessions, with their Courses' titles, that this person may read and that touch
    the range.
    """
    after, before = between
    courses = select(Course.id, Course.title).where(course_visible(user_id))
    # A search judges each Course once; read in the order of the index, each session would be.
    visible: FromClause = courses.subquery("visible")
    if paging.search:
        visible = courses.cte("visible").prefix_with("MATERIALIZED", dialect="postgresql")
    query = (
        select(CourseSession, visible.c.title)
        .select_from(CourseSession)
        .join(visible, visible.c.id == CourseSession.course_id)
    )
    if after:
        query = query.where(CourseSession.ends_at > after)
    if before:
        query = query.where(CourseSession.starts_at < before)
    if paging.search:
        titles = (CourseSession.title + " " + visible.c.title).icontains(
            paging.search, autoescape=True
        )
        query = query.where(titles)
    return await read_slice(db, query, _order(sort, now), paging)
