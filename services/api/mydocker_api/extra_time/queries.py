"""Queries about extra time that was granted."""

from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from ..models import CourseSession, ExtraTimeGrant, User

MOST = 2000


async def granted(
    db: AsyncSession, course_id: UUID
) -> list[tuple[ExtraTimeGrant, str | None, str]]:
    """What was granted in the Course, with the names of who has it and of who granted it."""
    student, teacher = aliased(User), aliased(User)
    query = (
        select(
            ExtraTimeGrant,
            func.coalesce(student.name, student.pseudonym),
            func.coalesce(teacher.name, teacher.pseudonym),
        )
        .outerjoin(student, student.id == ExtraTimeGrant.user_id)
        .join(teacher, teacher.id == ExtraTimeGrant.granted_by)
        .where(ExtraTimeGrant.course_id == course_id)
        .order_by(ExtraTimeGrant.granted_at.desc(), ExtraTimeGrant.id)
        .limit(MOST)
    )
    return [(grant, name, by) for grant, name, by in await db.execute(query)]


async def is_session_of(db: AsyncSession, session_id: UUID, course_id: UUID) -> bool:
    query = select(CourseSession.id).where(
        CourseSession.id == session_id, CourseSession.course_id == course_id
    )
    return await db.scalar(query) is not None


async def save(db: AsyncSession, grant: ExtraTimeGrant) -> UUID:
    """Insert it, in place of what the same people had in the same sessions; returns its id."""
    values = {column.name: getattr(grant, column.name) for column in ExtraTimeGrant.__table__.c}
    key = ("id", "course_id", "session_id", "user_id")
    changed = {name: value for name, value in values.items() if name not in key}
    query = (
        insert(ExtraTimeGrant)
        .values(values)
        .on_conflict_do_update(index_elements=["course_id", "session_id", "user_id"], set_=changed)
        .returning(ExtraTimeGrant.id)
    )
    id: UUID = (await db.execute(query)).scalar_one()
    return id
