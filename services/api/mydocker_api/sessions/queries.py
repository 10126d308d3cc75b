"""Queries about planned sessions."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import case, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by, distinct_on
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Course, CourseSession


@dataclass(frozen=True)
class Planned:
    """What is planned for a Course, without reading every session of it."""

    total: int = 0
    most_students: int = 0
    last_students: int | None = None
    """Of the session that begins last."""
    next: CourseSession | None = None
    """The running session, else the next one."""


async def planned(
    db: AsyncSession, course_ids: Sequence[UUID], now: datetime
) -> dict[UUID, Planned]:
    """Of each of these Courses."""
    of_these = CourseSession.course_id.in_(course_ids)
    last = aggregate_order_by(CourseSession.students, CourseSession.starts_at.desc())
    counts = (
        select(
            CourseSession.course_id,
            func.count(),
            func.max(CourseSession.students),
            func.array_agg(last),
        )
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
        course_id: Planned(total, most, students[0], following.get(course_id))
        for course_id, total, most, students in await db.execute(counts)
    }


async def sessions_in(
    db: AsyncSession, course_id: UUID, now: datetime, offset: int, limit: int
) -> tuple[list[CourseSession], int]:
    """A page of a Course's sessions, and how many there are: the next first, past ones last."""
    of_course = CourseSession.course_id == course_id
    total = await db.scalar(select(func.count()).select_from(CourseSession).where(of_course))
    is_over = CourseSession.ends_at <= now
    query = (
        select(CourseSession)
        .where(of_course)
        .order_by(
            is_over,
            case((~is_over, CourseSession.starts_at)),
            CourseSession.starts_at.desc(),
            CourseSession.id,
        )
    )
    return list(await db.scalars(query.offset(offset).limit(limit))), total or 0


async def my_session(
    db: AsyncSession, user_id: UUID, session_id: UUID, *, lock: bool
) -> tuple[CourseSession, Course] | None:
    """A session of a Course this person owns."""
    query = (
        select(CourseSession, Course)
        .join(Course, Course.id == CourseSession.course_id)
        .where(CourseSession.id == session_id, Course.owner_id == user_id)
    )
    if lock:
        query = query.with_for_update(of=CourseSession)
    row = (await db.execute(query)).one_or_none()
    return (row[0], row[1]) if row else None


async def my_sessions(
    db: AsyncSession,
    user_id: UUID,
    search: str,
    between: tuple[datetime | None, datetime | None],
    offset: int,
    limit: int,
) -> tuple[list[tuple[CourseSession, str]], int]:
    """Sessions of this person's Courses that touch the range, and how many there are."""
    after, before = between
    query = (
        select(CourseSession, Course.title)
        .join(Course, Course.id == CourseSession.course_id)
        .where(Course.owner_id == user_id)
    )
    if after:
        query = query.where(CourseSession.ends_at > after)
    if before:
        query = query.where(CourseSession.starts_at < before)
    if search:
        titles = (CourseSession.title + " " + Course.title).icontains(search, autoescape=True)
        query = query.where(titles)
    total = await db.scalar(select(func.count()).select_from(query.subquery()))
    ordered = query.order_by(CourseSession.starts_at, CourseSession.id)
    rows = await db.execute(ordered.offset(offset).limit(limit))
    return [(session, title) for session, title in rows], total or 0
