"""Queries on sign-in states and account link codes."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import (
    LinkCode,
    SignInState,
)


async def locked_sign_in_state(db: AsyncSession, state: str) -> SignInState | None:
    query = select(SignInState).where(SignInState.state == state).with_for_update()
    return await db.scalar(query)


async def locked_link_code(db: AsyncSession, code: str) -> LinkCode | None:
    return await db.scalar(select(LinkCode).where(LinkCode.code == code).with_for_update())
