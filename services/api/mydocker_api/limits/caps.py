"""Caps on how many rows one owner may have: they bound lists, copies and backups."""

from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute

from mydocker_kit.errors import Conflict

from ..models import Course, CourseSession, User
from ..models.base import Base


class CapReached(Conflict):
    """The owner has as many as allowed and must remove one first."""


async def check_cap(
    db: AsyncSession,
    table: type[Base],
    owner: InstrumentedAttribute[UUID],
    owner_id: UUID,
    most: int,
    refusal: type[CapReached],
    *,
    adding: int = 1,
) -> None:
    """Raise when the owner would have more than `most`.

    The owner's row is locked until the transaction ends, so that concurrent additions count each
    other.
    """
    holder: type[Any] = Course if table is CourseSession else User
    locked = select(holder.id).where(holder.id == owner_id)
    await db.execute(locked.with_for_update(key_share=True))
    owned = select(func.count()).select_from(table).where(owner == owner_id)
    if table is Course:
        owned = owned.where(Course.is_trial.is_(False))
    count = await db.scalar(owned)
    if (count or 0) + adding > most:
        raise refusal(most=most)
