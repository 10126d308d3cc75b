"""Tickets that were used."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import AccessTicket


async def spend_ticket(db: AsyncSession, id: UUID, expires_at: datetime, now: datetime) -> bool:
    """True the first time, over all replicas; also deletes expired tickets."""
    await db.execute(delete(AccessTicket).where(AccessTicket.expires_at < now))
    new = insert(AccessTicket).values(jti=id, expires_at=expires_at)
    spent = await db.execute(new.on_conflict_do_nothing().returning(AccessTicket.jti))
    return spent.first() is not None
