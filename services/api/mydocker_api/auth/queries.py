"""Reads a person together with their roles."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, String, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.postgres.db import Question, Sessions

from ..models import Enrolment, User
from ..models.seen import SeenUser, columns_of, read_off

_WITH_ROLES = select(
    *columns_of(User, SeenUser),
    select(func.array_agg(Enrolment.role, type_=ARRAY(String)))
    .where(Enrolment.user_id == User.id)
    .scalar_subquery(),
).where(User.id == bindparam("user_id"))
_ASKED = Question(_WITH_ROLES)
Known = tuple[SeenUser, frozenset[ContextRole]]


async def user_with_roles(db: AsyncSession, user_id: UUID) -> Known | None:
    """The person and every role they have anywhere, as this transaction has left them."""
    await db.flush()
    result = (await db.execute(_WITH_ROLES, {"user_id": user_id})).one_or_none()
    return _known(result) if result else None


async def caller_with_roles(sessions: Sessions, user_id: UUID) -> Known | None:
    """The same outside of any transaction, for nearly every request."""
    result = await _ASKED.one_or_none(sessions, user_id=user_id)
    return _known(result) if result else None


def _known(columns: Iterable[Any]) -> Known:
    row = iter(columns)
    return read_off(SeenUser, row), frozenset(ContextRole(role) for role in next(row) or ())
