"""Questions about planned sessions."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Course, CourseSession


async def sessions_by_course(
    db: AsyncSession, course_ids: Sequence[UUID]
) -> dict[UUID, list[CourseSession]]:
    """All sessions of these Courses."""
    found: dict[UUID, list[CourseSession]] = {id: [] for id in course_ids}
    query = select(CourseSession).where(CourseSession.course_id.in_(course_ids))
    for one in await db.scalars(query.order_by(CourseSession.starts_at, CourseSession.id)):
        found[one.course_id].append(one)
    return found


async def my_session(
    db: AsyncSession, user_id: UUID, session_id: UUID
) -> tuple[CourseSession, Course] | None:
    """A session of a Course this person owns, locked."""
    query = (
        select(CourseSession, Course)
        .join(Course, Course.id == CourseSession.course_id)
        .where(CourseSession.id == session_id, Course.owner_id == user_id)
        .with_for_update(of=CourseSession)
    )
    found = (await db.execute(query)).one_or_none()
    return (found[0], found[1]) if found else None


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
    return [(one, title) for one, title in rows], total or 0
