"""How many things one owner may have: a bound on what lists, copies and backups must carry."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from mydocker_kit.errors import Conflict

from .models import Course, CourseSession, User
from .models.base import Base


class CapReached(Conflict):
    """There are as many as there may be; remove one first."""


async def check_cap(
    db: AsyncSession,
    table: type[Base],
    owner: InstrumentedAttribute[UUID],
    owner_id: UUID,
    most: int,
    refusal: type[CapReached],
) -> None:
    """Raise when the owner has `most` already.

    The owner's row is locked until the transaction ends, so that two additions of one moment count
    each other.
    """
    holder: type[Any] = Course if table is CourseSession else User
    locked = select(holder.id).where(holder.id == owner_id)
    await db.execute(locked.with_for_update(key_share=True))
    held = await db.scalar(select(func.count()).select_from(table).where(owner == owner_id))
    if (held or 0) >= most:
        raise refusal(most=most)
