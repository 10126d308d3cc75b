"""Queries about all people."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ColumnElement, Select, exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ...domain.policy import MAY_TEACH
from ...domain.statuses import RequestedState
from ...models import CATALOGUE_ISSUER, Enrolment, Environment, Identity, User
from .schemas import PeopleKind

_KINDS: dict[PeopleKind, ColumnElement[bool]] = {
    PeopleKind.WAITING: User.build_asked_at.is_not(None) & User.disabled_at.is_(None),
    PeopleKind.BUILDERS: User.may_build_since.is_not(None),
    PeopleKind.OPERATORS: User.operator_since.is_not(None),
    PeopleKind.DISABLED: User.disabled_at.is_not(None),
}

_IS_PERSON = (
    User.joined_to_id.is_(None),
    User.service_owner_id.is_(None),
    User.issuer != CATALOGUE_ISSUER,
)


@dataclass(frozen=True)
class PersonRow:
    """A person with what other tables know of them."""

    user: User
    teaches: bool
    running: int


def _with_facts() -> Select[User, bool, int]:
    teaches = exists().where(Enrolment.user_id == User.id, Enrolment.role.in_(MAY_TEACH))
    running = (
        select(func.count())
        .where(Environment.user_id == User.id, Environment.wanted == RequestedState.RUNNING)
        .correlate(User)
        .scalar_subquery()
    )
    return select(User, teaches, running).where(*_IS_PERSON)


class PeopleSort(StrEnum):
    """Order of the list of people. Only the creation never changes while a list is read."""

    LAST_SEEN = "-seen_at"
    LONGEST_AWAY = "seen_at"
    NAME = "name"
    NAME_BACKWARDS = "-name"
    NEWEST = "-created_at"
    OLDEST = "created_at"
    LONGEST_WAITING = "build_asked_at"
    """For the permission to build; who does not wait comes last."""


async def everybody(
    db: AsyncSession, paging: Paging, kind: PeopleKind | None, sort: PeopleSort | None
) -> Slice:
    """A page of people (`PersonRow`): last seen first, or those who wait longest first."""
    which = [_KINDS[kind]] if kind else []
    if paging.search:
        which.append(_mentions(paging.search))
    waiting = PeopleSort.LONGEST_WAITING if kind is PeopleKind.WAITING else PeopleSort.LAST_SEEN
    keys = [_key(sort or waiting), Key(User.id)]
    return await read_slice(db, _with_facts().where(*which), keys, paging, keys_first=True)


def _key(sort: PeopleSort) -> Key:
    match sort:
        case PeopleSort.NAME | PeopleSort.NAME_BACKWARDS:
            shown = func.lower(func.coalesce(User.name, User.pseudonym))
            return Key(shown, sort is PeopleSort.NAME_BACKWARDS)
        case PeopleSort.LONGEST_WAITING:
            return Key(User.build_asked_at, nullable=True)
    return order_of(sort, User)[0]


def _mentions(search: str) -> ColumnElement[bool]:
    """Search in the person's names and e-mail, and in all their identities."""
    names = (User.name, User.pseudonym, User.email)
    ids = (Identity.issuer, Identity.subject)
    by_identity = exists().where(
        Identity.user_id == User.id,
        or_(*(column.icontains(search, autoescape=True) for column in ids)),
    )
    return or_(by_identity, *(column.icontains(search, autoescape=True) for column in names))


async def person_row(db: AsyncSession, user_id: UUID) -> PersonRow | None:
    row = (await db.execute(_with_facts().where(User.id == user_id))).one_or_none()
    return PersonRow(*row) if row else None


async def waiting(db: AsyncSession) -> int:
    """How many ask to build images."""
    query = select(func.count()).select_from(User).where(_KINDS[PeopleKind.WAITING])
    return await db.scalar(query) or 0


async def pending_sign_outs(db: AsyncSession, limit: int) -> list[tuple[UUID, SessionEnd]]:
    """People whose web sessions must end and whose end the gateway has not confirmed."""
    since = func.greatest(User.disabled_at, User.signed_out_at)
    query = select(User.id, User.disabled_at).where(
        or_(User.disabled_at.is_not(None), User.signed_out_at.is_not(None)),
        or_(User.shut_out_at.is_(None), User.shut_out_at < since),
    )
    rows = await db.execute(query.order_by(since).limit(limit))
    return [
        (id, SessionEnd.USER_DISABLED if disabled_at else SessionEnd.ACCOUNT_CHANGED)
        for id, disabled_at in rows
    ]


async def note_signed_out(db: AsyncSession, user_id: UUID, now: datetime) -> None:
    await db.execute(update(User).where(User.id == user_id).values(shut_out_at=now))


async def running_of_disabled(db: AsyncSession) -> Sequence[Environment]:
    """Environments that disabled people want to run, locked."""
    query = (
        select(Environment)
        .join(User, User.id == Environment.user_id)
        .where(User.disabled_at.is_not(None), Environment.wanted == RequestedState.RUNNING)
        .order_by(Environment.id)
        .limit(500)
        .with_for_update(of=Environment)
    )
    return (await db.scalars(query)).all()


def _only_by(issuers: Collection[str], by: Collection[str]) -> list[ColumnElement[bool]]:
    """Running, of people with an identity of `by` and none but of `issuers`."""
    own = Identity.user_id == Environment.user_id
    return [
        Environment.wanted == RequestedState.RUNNING,
        exists().where(own, Identity.issuer.in_(by)),
        ~exists().where(own, Identity.issuer.not_in(issuers)),
    ]


async def count_running_by_issuers(db: AsyncSession, issuers: set[str], issuer: str) -> int:
    """Environments of people of this issuer who have no identity but of `issuers`."""
    query = select(func.count()).select_from(Environment).where(*_only_by(issuers, [issuer]))
    return await db.scalar(query) or 0


async def running_by_issuers(db: AsyncSession, issuers: set[str]) -> Sequence[Environment]:
    """Environments whose people have no identity but of these issuers, locked."""
    query = (
        select(Environment)
        .where(*_only_by(issuers, issuers))
        .order_by(Environment.id)
        .limit(500)
        .with_for_update(of=Environment)
    )
    return (await db.scalars(query)).all()
