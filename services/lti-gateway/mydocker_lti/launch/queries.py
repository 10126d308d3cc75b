"""Queries on login states and deep linking requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import (
    ContentRequest,
    LoginState,
)


async def login_state(db: AsyncSession, state: str) -> LoginState | None:
    return await db.scalar(select(LoginState).where(LoginState.state == state))


async def spend_login_state(db: AsyncSession, id: UUID, now: datetime) -> bool:
    """Mark the state as used; True for exactly one of concurrent callers."""
    query = (
        update(LoginState)
        .where(LoginState.id == id, LoginState.spent_at.is_(None))
        .values(spent_at=now)
        .returning(LoginState.id)
    )
    return await db.scalar(query) is not None


async def locked_content_request(db: AsyncSession, id: UUID) -> ContentRequest | None:
    return await db.scalar(select(ContentRequest).where(ContentRequest.id == id).with_for_update())
