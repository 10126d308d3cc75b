"""Queries about trials."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Course, User


async def trial_of(
    db: AsyncSession, user_id: UUID, build_id: UUID, *, lock: bool = False
) -> Course | None:
    """The person's trial of a Build.

    `lock`: the person's row is locked until the transaction ends, so that two concurrent calls make
    one trial.
    """
    if lock:
        person = select(User.id).where(User.id == user_id)
        await db.execute(person.with_for_update(key_share=True))
    query = select(Course).where(
        Course.owner_id == user_id, Course.build_id == build_id, Course.is_trial
    )
    return await db.scalar(query.order_by(Course.created_at.desc()).limit(1))
