"""Queries about login names and public keys."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import Environment, SshKey, User


async def environment_named(db: AsyncSession, login: str) -> tuple[Environment, User] | None:
    """The Environment behind a login name, and whose it is."""
    query = (
        select(Environment, User)
        .join(User, User.id == Environment.user_id)
        .where(Environment.username == login)
    )
    row = (await db.execute(query)).first()
    return (row[0], row[1]) if row else None


async def keys_of(db: AsyncSession, user_id: UUID) -> list[SshKey]:
    """A person's public keys, oldest first."""
    query = select(SshKey).where(SshKey.user_id == user_id).order_by(SshKey.created_at, SshKey.id)
    return list(await db.scalars(query))


async def key_of(db: AsyncSession, user_id: UUID, key_id: UUID) -> SshKey | None:
    """One key, if it is this person's."""
    query = select(SshKey).where(SshKey.user_id == user_id, SshKey.id == key_id)
    return await db.scalar(query)


async def note_use(db: AsyncSession, user_id: UUID, fingerprint: str, now: datetime) -> bool:
    """Write down that a key opened something; false when the person has no such key."""
    use = (
        update(SshKey)
        .where(SshKey.user_id == user_id, SshKey.fingerprint == fingerprint)
        .values(used_at=now)
        .returning(SshKey.id)
    )
    return (await db.execute(use)).first() is not None


async def disabled_among(db: AsyncSession, user_ids: Sequence[UUID]) -> set[UUID]:
    """Which of these people may not enter."""
    query = select(User.id).where(User.id.in_(user_ids), User.disabled_at.is_not(None))
    return set(await db.scalars(query))
