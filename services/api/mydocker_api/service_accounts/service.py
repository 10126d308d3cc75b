"""Creates, changes, disables service accounts.

A service account is a row of `users` without an identity, so that it owns Courses and Images as
people do and every rule of `domain.policy` holds for it; without an identity nobody signs in as
one. An operator answers for it: while that person is disabled or operates no more, its tokens are
refused (`auth.api_tokens`).
"""

from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.base import Page
from mydocker_kit.errors import NotFound
from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.paging import Paging

from ..api_tokens import service as api_tokens
from ..api_tokens.schemas import ApiTokenDraft, ApiTokenMade, ApiTokenShown
from ..domain.environments.credentials import new_pseudonym
from ..domain.policy import MayDo, Person
from ..limits.caps import CapReached
from ..metrics import SERVICE_ACCOUNT_CHANGES
from ..models import User
from ..settings import Settings
from . import queries
from .queries import AccountRow
from .schemas import ServiceAccount, ServiceAccountCan, ServiceAccountDraft

log = get_logger()
ISSUER = "urn:mydocker:service-account"
"""Of the pair (issuer, subject) that `users` asks for; no sign-in has it."""


class ServiceAccountsFull(CapReached):
    """There are as many as the platform allows."""

    code, title = "service_accounts_full", "There are as many service accounts as there may be"


async def everybody(
    db: AsyncSession, person: Person, paging: Paging, sort: queries.AccountSort, now: datetime
) -> Page[ServiceAccount]:
    """A page of service accounts."""
    read = await queries.accounts(db, paging, sort, now)
    items = [_shown(queries.AccountRow(*row), person) for row in read.rows]
    return paging.answer(items, read)


async def get(db: AsyncSession, person: Person, account_id: UUID, now: datetime) -> ServiceAccount:
    """One service account; raises `NotFound`."""
    await db.flush()
    row = await queries.account_row(db, account_id, now)
    if row is None:
        raise NotFound(f"service account {account_id}")
    return _shown(row, person)


async def create(
    db: AsyncSession,
    settings: Settings,
    person: Person,
    draft: ServiceAccountDraft,
    now: datetime,
) -> ServiceAccount:
    """A new service account, for which this operator answers."""
    if await queries.count(db) >= settings.service_accounts:
        raise ServiceAccountsFull(most=settings.service_accounts)
    id = uuid4()
    account = User(
        id=id,
        issuer=ISSUER,
        subject=str(id),
        name=draft.name,
        pseudonym=new_pseudonym(),
        created_at=now,
        seen_at=now,
        service_owner_id=person.id,
    )
    _give(account, draft.rights, now)
    db.add(account)
    _note("created", account, person)
    return await get(db, person, id, now)


async def update(
    db: AsyncSession,
    person: Person,
    account_id: UUID,
    draft: ServiceAccountDraft,
    if_match: IfMatch,
    now: datetime,
) -> ServiceAccount:
    """Give it another name and other rights; its next request follows them."""
    account = await _locked(db, account_id)
    if_match.check(etag_of(_draft_of(account)))
    account.name = draft.name
    _give(account, draft.rights, now)
    _note("changed", account, person)
    return await get(db, person, account_id, now)


async def disable(
    db: AsyncSession, person: Person, account_id: UUID, now: datetime
) -> ServiceAccount:
    """Refuse its tokens from now on; what it created stays."""
    account = await _locked(db, account_id)
    if account.disabled_at is None:
        account.disabled_at = now
        _note("disabled", account, person)
    return await get(db, person, account_id, now)


async def enable(
    db: AsyncSession, person: Person, account_id: UUID, now: datetime
) -> ServiceAccount:
    """Accept its tokens again."""
    account = await _locked(db, account_id)
    if account.disabled_at is not None:
        account.disabled_at = account.shut_out_at = None
        _note("enabled", account, person)
    return await get(db, person, account_id, now)


async def take_over(
    db: AsyncSession, person: Person, account_id: UUID, now: datetime
) -> ServiceAccount:
    """Answer for it in place of its owner."""
    account = await _locked(db, account_id)
    if account.service_owner_id != person.id:
        account.service_owner_id = person.id
        _note("taken_over", account, person)
    return await get(db, person, account_id, now)


async def tokens(db: AsyncSession, account_id: UUID) -> list[ApiTokenShown]:
    """Its tokens, newest first; raises `NotFound`."""
    await _locked(db, account_id)
    return await api_tokens.own(db, account_id)


async def create_token(
    db: AsyncSession, settings: Settings, account_id: UUID, draft: ApiTokenDraft, now: datetime
) -> ApiTokenMade:
    """A new token of the account, with its secret; raises `NotFound`."""
    await _locked(db, account_id)
    return await api_tokens.create(db, settings, account_id, draft, now)


async def _locked(db: AsyncSession, account_id: UUID) -> User:
    account = await queries.account_locked(db, account_id)
    if account is None:
        raise NotFound(f"service account {account_id}")
    return account


def _give(account: User, rights: list[MayDo], now: datetime) -> None:
    """The rights and no other; those that it has keep their beginning."""
    for right, name in _COLUMNS.items():
        since = getattr(account, name) or now
        setattr(account, name, since if right in rights else None)


_COLUMNS = {
    MayDo.CREATE_COURSES: "may_prepare_since",
    MayDo.BUILD_IMAGES: "may_build_since",
    MayDo.OPERATE: "operator_since",
}


def _draft_of(account: User) -> ServiceAccountDraft:
    rights = [right for right, name in _COLUMNS.items() if getattr(account, name)]
    return ServiceAccountDraft(name=account.shown_name, rights=rights)


def _note(change: str, account: User, person: Person) -> None:
    SERVICE_ACCOUNT_CHANGES.labels(change).inc()
    rights = [right.value for right in _draft_of(account).rights]
    log.info(f"service_account.{change}", account=account.id, by=person.id, rights=rights)


def _shown(row: AccountRow, person: Person) -> ServiceAccount:
    account, draft = row.account, _draft_of(row.account)
    disabled = account.disabled_at is not None
    can = [ServiceAccountCan.ENABLE if disabled else ServiceAccountCan.DISABLE]
    if row.owner.id != person.id:
        can.append(ServiceAccountCan.TAKE_OVER)
    return ServiceAccount(
        id=account.id,
        etag=etag_of(draft),
        name=draft.name,
        rights=draft.rights,
        owner_id=row.owner.id,
        owner_name=row.owner.shown_name,
        owner_operates=row.owner.operator_since is not None and row.owner.disabled_at is None,
        created_at=account.created_at,
        disabled_at=account.disabled_at,
        tokens=row.tokens,
        last_used_at=row.last_used_at,
        can=can,
    )
