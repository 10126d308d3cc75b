"""Questions about the change log."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import ChangeKind

from ..models import Change, ChangeSource


async def unnumbered(db: AsyncSession, most: int) -> Sequence[Change]:
    """Committed rows without a number, oldest first, locked until the transaction ends."""
    query = select(Change).where(Change.number.is_(None)).order_by(Change.entry).limit(most)
    return (await db.scalars(query.with_for_update())).all()


async def source(db: AsyncSession, name: str, now: datetime) -> ChangeSource:
    """How far a source was read; made at its first use."""
    fresh = insert(ChangeSource).values(name=name, number=0, began_at=now)
    await db.execute(fresh.on_conflict_do_nothing())
    return await db.get_one(ChangeSource, name)


async def last_state(db: AsyncSession, kind: ChangeKind, subject_id: UUID) -> str | None:
    """The state that was recorded last; None where nothing is kept."""
    query = select(Change.state).where(Change.subject_id == subject_id, Change.kind == kind)
    return await db.scalar(query.order_by(Change.entry.desc()).limit(1))


async def delete_old(db: AsyncSession, before: datetime) -> int:
    """Delete numbered rows from before this moment, never the newest: numbers continue from it."""
    newest = select(func.max(Change.number)).scalar_subquery()
    old = delete(Change).where(Change.happened_at < before, Change.number < newest)
    return len((await db.execute(old.returning(Change.entry))).all())
