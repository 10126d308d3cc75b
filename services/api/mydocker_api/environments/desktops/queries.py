"""Queries about desktops."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ...models import Environment, User


async def environment_of(db: AsyncSession, id: UUID, user_id: UUID) -> Environment | None:
    """This person's Environment, if it is theirs and they may enter."""
    query = (
        select(Environment)
        .join(User, User.id == Environment.user_id)
        .where(Environment.id == id, User.id == user_id, User.disabled_at.is_(None))
    )
    return await db.scalar(query)
