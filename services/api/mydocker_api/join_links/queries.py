"""Queries about join links and who joined by them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Course, CourseJoin, JoinLink, Membership


async def current_link(db: AsyncSession, course_id: UUID) -> JoinLink | None:
    query = select(JoinLink).where(JoinLink.course_id == course_id, JoinLink.revoked_at.is_(None))
    return await db.scalar(query)


async def revoke_current(db: AsyncSession, course_id: UUID, now: datetime) -> bool:
    """Whether there was a link to revoke."""
    revoked = await db.execute(
        update(JoinLink)
        .where(JoinLink.course_id == course_id, JoinLink.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(JoinLink.id)
    )
    return revoked.first() is not None


async def link_of_code(db: AsyncSession, code: str) -> JoinLink | None:
    """The link of a code, its Course locked: concurrent joins are counted one after another."""
    link = await db.scalar(select(JoinLink).where(JoinLink.code == code))
    if link is not None:
        course = select(Course.id).where(Course.id == link.course_id)
        await db.execute(course.with_for_update(key_share=True))
    return link


async def count_joined(db: AsyncSession, course_id: UUID) -> int:
    query = select(func.count()).where(CourseJoin.course_id == course_id)
    return await db.scalar(query) or 0


async def is_member(db: AsyncSession, course_id: UUID, user_id: UUID) -> bool:
    return await db.get(Membership, (course_id, user_id)) is not None


async def add_join(db: AsyncSession, course_id: UUID, user_id: UUID, now: datetime) -> None:
    """The person joined by a link and is a member of the Course. Idempotent."""
    values = {"course_id": course_id, "user_id": user_id, "joined_at": now}
    for table in (CourseJoin, Membership):
        await db.execute(insert(table).values(**values).on_conflict_do_nothing())
