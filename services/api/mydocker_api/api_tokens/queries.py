"""Questions about API tokens."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import ApiToken, User


async def tokens_of(db: AsyncSession, user_id: UUID) -> list[ApiToken]:
    """A person's tokens, newest first."""
    query = select(ApiToken).where(ApiToken.user_id == user_id)
    return list(await db.scalars(query.order_by(ApiToken.created_at.desc(), ApiToken.id)))


async def token_locked(db: AsyncSession, token_id: UUID) -> ApiToken | None:
    """One token, locked until the transaction ends."""
    query = select(ApiToken).where(ApiToken.id == token_id)
    return await db.scalar(query.with_for_update())


class TokenSort(StrEnum):
    """Order of the list of all tokens."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    NAME = "name"
    NAME_BACKWARDS = "-name"


async def tokens_of_everybody(db: AsyncSession, paging: Paging, sort: TokenSort) -> Slice:
    """A page of all tokens with their owners; `search` looks at both names."""
    query = select(ApiToken, User).join(User, User.id == ApiToken.user_id)
    if paging.search:
        names = (ApiToken.name, User.name, User.pseudonym, User.email)
        query = query.where(
            or_(*(name.icontains(paging.search, autoescape=True) for name in names))
        )
    return await read_slice(db, query, order_of(sort, ApiToken, Key(ApiToken.id)), paging)


async def delete_ended(db: AsyncSession, before: datetime) -> int:
    """Delete tokens that expired or were revoked before this moment; how many there were."""
    ended = or_(ApiToken.expires_at < before, ApiToken.revoked_at < before)
    gone = await db.execute(delete(ApiToken).where(ended).returning(ApiToken.id))
    return len(gone.all())
