"""Decisions of operators about people: operating, building images, access."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ...domain import policy
from ...domain.policy import AccountState, Person
from ...feed import announce
from ...metrics import BUILD_REQUESTS, PEOPLE_CHANGES
from ...models import User
from ..identity.operators import check_not_last
from . import queries
from .queries import PersonRow
from .schemas import PeopleKind, PersonEntry

log = get_logger()


class NotYourself(Conflict):
    """An operator cannot disable their own account."""

    code, title = "not_yourself", "You cannot disable yourself"


async def everybody(
    db: AsyncSession,
    operator: Person,
    paging: Paging,
    kind: PeopleKind | None,
    sort: queries.PeopleSort | None,
) -> Page[PersonEntry]:
    """A page of people."""
    read = await queries.everybody(db, paging, kind, sort)
    items = [_shown(queries.PersonRow(*row), operator) for row in read.rows]
    return paging.answer(items, read)


async def make_operator(
    db: AsyncSession, operator: Person, user_id: UUID, now: datetime
) -> PersonEntry:
    """Let this person operate from now on."""
    user = await _locked(db, user_id)
    if user.operator_since is None:
        user.operator_since = now
        await _changed(db, user, operator, "operator_made")
    return await _entry(db, operator, user_id)


async def unmake_operator(db: AsyncSession, operator: Person, user_id: UUID) -> PersonEntry:
    """Take the right to operate; somebody who has it must be left."""
    await check_not_last(db, user_id)
    user = await _locked(db, user_id)
    if user.operator_since is not None:
        user.operator_since = None
        await _changed(db, user, operator, "operator_unmade")
    return await _entry(db, operator, user_id)


async def approve_build(
    db: AsyncSession, operator: Person, user_id: UUID, now: datetime
) -> PersonEntry:
    """Let this person build images, asked or not."""
    user = await _locked(db, user_id)
    if user.may_build_since is None or user.build_asked_at is not None:
        user.may_build_since, user.build_asked_at = user.may_build_since or now, None
        await _changed(db, user, operator, "build_approved")
    return await _entry(db, operator, user_id)


async def withdraw_build(db: AsyncSession, operator: Person, user_id: UUID) -> PersonEntry:
    """Take the approval back, or answer a request with no. What was built stays."""
    user = await _locked(db, user_id)
    if user.may_build_since is not None or user.build_asked_at is not None:
        user.may_build_since = user.build_asked_at = None
        await _changed(db, user, operator, "build_withdrawn")
    return await _entry(db, operator, user_id)


async def disable(
    db: AsyncSession, operator: Person, user_id: UUID, reason: str, now: datetime
) -> PersonEntry:
    """Disable a person. The loop ends their web sessions and stops their environments."""
    if user_id == operator.id:
        raise NotYourself
    await check_not_last(db, user_id)
    user = await _locked(db, user_id)
    if user.disabled_at is None:
        user.disabled_at = now
        await _changed(db, user, operator, "disabled")
    user.disabled_reason = reason
    return await _entry(db, operator, user_id)


async def enable(db: AsyncSession, operator: Person, user_id: UUID) -> PersonEntry:
    """Let this person enter again; they sign in anew."""
    user = await _locked(db, user_id)
    if user.disabled_at is not None:
        user.disabled_at = user.disabled_reason = user.shut_out_at = None
        await _changed(db, user, operator, "enabled")
    return await _entry(db, operator, user_id)


async def _locked(db: AsyncSession, user_id: UUID) -> User:
    user = await db.get(User, user_id, with_for_update=True)
    if user is None or user.service_owner_id is not None:
        raise NotFound(f"person {user_id}")
    return user


async def _changed(db: AsyncSession, user: User, operator: Person, change: str) -> None:
    await db.flush()
    await announce(db, EventKind.PERSON_CHANGED, user.id, None, user.id)
    PEOPLE_CHANGES.labels(change).inc()
    BUILD_REQUESTS.set(await queries.waiting(db))
    log.info(f"person.{change}", person=user.id, by=operator.id)


async def _entry(db: AsyncSession, operator: Person, user_id: UUID) -> PersonEntry:
    await db.flush()
    row = await queries.person_row(db, user_id)
    if row is None:
        raise NotFound(f"person {user_id}")
    return _shown(row, operator)


def _shown(row: PersonRow, operator: Person) -> PersonEntry:
    user = row.user
    account = AccountState(
        operates=user.operator_since is not None,
        may_build=user.may_build_since is not None,
        asks_to_build=user.build_asked_at is not None,
        disabled=user.disabled_at is not None,
    )
    return PersonEntry(
        id=user.id,
        name=user.shown_name,
        email=user.email,
        issuer=user.issuer,
        subject=user.subject,
        created_at=user.created_at,
        seen_at=user.seen_at,
        operates=account.operates,
        teaches=row.teaches,
        build_approval=policy.build_approval(account),
        build_asked_at=user.build_asked_at,
        disabled_at=user.disabled_at,
        disabled_reason=user.disabled_reason,
        running_environments=row.running,
        can=policy.person_can(account, is_self=user.id == operator.id),
    )
