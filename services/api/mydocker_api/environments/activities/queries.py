"""The Courses and sessions of one person."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from ...domain.courses.extra_time import LONGEST
from ...domain.policy import ShareRight
from ...domain.statuses import CourseStatus
from ...models import Course, CourseSession, Environment, Membership, Share


async def courses_of(
    db: AsyncSession, user_id: UUID, limit: int
) -> list[tuple[Course, Environment | None]]:
    """Courses that the person joined and students may open, or may test; with the environment."""
    joined = select(Membership.course_id).where(Membership.user_id == user_id)
    tested = select(Share.course_id).where(
        Share.user_id == user_id, Share.right == ShareRight.TEST, Share.course_id.is_not(None)
    )
    own = and_(Environment.course_id == Course.id, Environment.user_id == user_id)
    query = (
        select(Course, Environment)
        .outerjoin(Environment, own)
        .where(
            or_(
                and_(Course.id.in_(joined), Course.status == CourseStatus.READY),
                and_(Course.id.in_(tested), Course.status == CourseStatus.TEST),
            )
        )
        .order_by(Course.title, Course.id)
        .limit(limit)
    )
    return [(course, environment) for course, environment in await db.execute(query)]


async def coming_sessions(
    db: AsyncSession, course_ids: Sequence[UUID], now: datetime, until: datetime, limit: int
) -> list[CourseSession]:
    """Sessions of these Courses that run, or run on for some, or begin before `until`."""
    query = (
        select(CourseSession)
        .where(
            CourseSession.course_id.in_(course_ids),
            CourseSession.ends_at > now - LONGEST,
            CourseSession.starts_at < until,
        )
        .order_by(CourseSession.starts_at, CourseSession.id)
        .limit(limit)
    )
    return list(await db.scalars(query))
