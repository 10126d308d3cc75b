"""Questions about service accounts."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import Select, func, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import ApiToken, User

_owner = aliased(User)
_IS_ACCOUNT = User.service_owner_id.is_not(None)


@dataclass(frozen=True)
class AccountRow:
    """A service account with what other rows say of it."""

    account: User
    owner: User
    tokens: int
    last_used_at: datetime | None


def _with_facts(now: datetime) -> Select[User, User, int, datetime | None]:
    own = ApiToken.user_id == User.id
    usable = select(func.count()).where(
        own, ApiToken.revoked_at.is_(None), ApiToken.expires_at > now
    )
    used = select(func.max(ApiToken.last_used_at)).where(own)
    return select(
        User,
        _owner,
        usable.correlate(User).scalar_subquery(),
        used.correlate(User).scalar_subquery(),
    ).join(_owner, _owner.id == User.service_owner_id)


class AccountSort(StrEnum):
    """Order of the service accounts."""

    NAME = "name"
    NAME_BACKWARDS = "-name"
    NEWEST = "-created_at"
    OLDEST = "created_at"


async def accounts(db: AsyncSession, paging: Paging, sort: AccountSort, now: datetime) -> Slice:
    """A page of service accounts (`AccountRow`); `search` in their and their owners' names."""
    query = _with_facts(now)
    if paging.search:
        names = (User.name, _owner.name, _owner.pseudonym)
        query = query.where(
            or_(*(name.icontains(paging.search, autoescape=True) for name in names))
        )
    return await read_slice(db, query, order_of(sort, User, Key(User.id)), paging)


async def account_row(db: AsyncSession, account_id: UUID, now: datetime) -> AccountRow | None:
    row = (await db.execute(_with_facts(now).where(User.id == account_id))).one_or_none()
    return AccountRow(*row) if row else None


async def account_locked(db: AsyncSession, account_id: UUID) -> User | None:
    """The account, locked until the transaction ends."""
    query = select(User).where(User.id == account_id, _IS_ACCOUNT).with_for_update()
    return await db.scalar(query)


async def count(db: AsyncSession) -> int:
    """How many there are, disabled ones too."""
    return await db.scalar(select(func.count()).select_from(User).where(_IS_ACCOUNT)) or 0
