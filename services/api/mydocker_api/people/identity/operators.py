"""Operators of the platform: granted and withdrawn by a command, never by an LMS role."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.sign_ins import NewOperator, Operator
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging
from mydocker_kit.postgres.keyset import Key, read_slice

from ...models import User
from .identities import upsert_person

log = get_logger()


class LastOperator(Conflict):
    """Somebody must be left who can operate the platform."""

    code, title = "last_operator", "This is the last operator"


async def make_operator(db: AsyncSession, request: NewOperator, now: datetime) -> Operator:
    """The person of this (issuer, subject) operates from now on; once made, nothing changes."""
    user_id = await upsert_person(db, request.issuer, request.subject, {"name": request.name}, now)
    user = await db.get_one(User, user_id, with_for_update=True)
    if user.operator_since is None:
        user.operator_since = now
        log.info("operator.made", user=user.id)
    return _shown(user, user.operator_since)


async def operators(db: AsyncSession, paging: Paging) -> Page[Operator]:
    """Longest first."""
    operating = User.operator_since.is_not(None) & User.service_owner_id.is_(None)
    keys = [Key(User.operator_since, nullable=True), Key(User.id)]
    read = await read_slice(db, select(User).where(operating), keys, paging)
    return paging.answer([_shown(user, user.operator_since) for (user,) in read.rows], read)


async def remove_operator(db: AsyncSession, user_id: UUID) -> None:
    """The person stays, the right goes: their next request is refused already."""
    await check_not_last(db, user_id)
    user = await db.get(User, user_id, with_for_update=True)
    if user is None or user.operator_since is None:
        raise NotFound(f"operator {user_id}")
    user.operator_since = None
    log.info("operator.removed", user=user.id)


async def check_not_last(db: AsyncSession, user_id: UUID) -> None:
    """`LastOperator` when nobody else may operate; who is disabled may not."""
    active = await _active_operators(db)
    if active == {user_id}:
        raise LastOperator("Make another one first: nobody else could operate the platform.")


async def _active_operators(db: AsyncSession) -> set[UUID]:
    """The present operators; locked, so that two concurrent removals cannot remove the last."""
    query = select(User.id).where(
        User.operator_since.is_not(None),
        User.disabled_at.is_(None),
        User.service_owner_id.is_(None),  # nobody signs in as a service account
    )
    return set(await db.scalars(query.order_by(User.id).with_for_update()))


def _shown(user: User, since: datetime) -> Operator:
    return Operator(
        user_id=user.id,
        issuer=user.issuer,
        subject=user.subject,
        name=user.shown_name,
        since=since,
    )
