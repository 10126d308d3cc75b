"""Links and unlinks identities of an account, by proof of both."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.gateway.sign_ins import AccountName, LinkRequest
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import AccessToken

from ...auth.service import person_of
from ...contexts.withdrawal import leave_courses_of
from ...domain.people import accounts as rules
from ...domain.policy import Person
from ...feed import announce
from ...metrics import ACCOUNT_CHANGES
from ...models import AccountLink, Enrolment, Identity, User
from ..identity.identities import identities_of, known_person, link
from . import queries
from .merging import merge
from .schemas import Account, LinkRequestShown, MyIdentity, Side

log = get_logger()


async def account_name(db: AsyncSession, user_id: UUID) -> AccountName:
    """How an account is called."""
    person = await person_of(db, user_id)
    return AccountName(name=person.name, email=person.email)


async def account(db: AsyncSession, person: Person) -> Account:
    """Who I am here, and how I come in."""
    identities = await identities_of(db, person.id)
    can = ["unlink"] if len(identities) > 1 else []
    return Account(
        name=person.name,
        email=person.email,
        identities=[
            MyIdentity(
                id=identity.id,
                issuer=identity.issuer,
                subject=identity.subject,
                linked_at=identity.linked_at,
                seen_at=identity.seen_at,
                can=can,
            )
            for identity in identities
        ],
    )


async def store_request(db: AsyncSession, asked: LinkRequest, now: datetime) -> None:
    """Store what was proved until the person decides; idempotent by the id."""
    await person_of(db, asked.user_id)  # refuses who is disabled, or was joined meanwhile
    who = asked.person
    await db.execute(delete(AccountLink).where(AccountLink.expires_at < now - rules.LINK_LIFE))
    new = insert(AccountLink).values(
        id=asked.id,
        user_id=asked.user_id,
        web_session_id=asked.web_session_id,
        issuer=who.issuer,
        subject=who.subject,
        name=who.name,
        other_id=await known_person(db, who.issuer, who.subject),
        expires_at=now + rules.LINK_LIFE,
    )
    await db.execute(new.on_conflict_do_nothing())
    log.info("account.link_requested", link=asked.id, person=asked.user_id)


async def request_shown(
    db: AsyncSession, token: AccessToken, id: UUID, now: datetime
) -> LinkRequestShown:
    """What joining would mean; raises when it cannot be."""
    row = await _own_request(db, token, id)
    mine, other = await _both(db, row, now)
    theirs = (
        [identity.issuer for identity in await identities_of(db, other.id)]
        if other
        else [row.issuer]
    )
    ours = [identity.issuer for identity in await identities_of(db, mine.id)]
    return LinkRequestShown(
        id=row.id,
        expires_at=row.expires_at,
        mine=Side(name=mine.shown_name, issuers=ours),
        other=Side(name=(other.shown_name if other else row.name) or row.subject, issuers=theirs),
        moving=await queries.moving(db, mine.id, other) if other else None,
    )


async def accept(db: AsyncSession, token: AccessToken, id: UUID, now: datetime) -> Account:
    """Merge or link. Checked again under locks: the page may have been open for minutes."""
    row = await _own_request(db, token, id, lock=True)
    mine, other = await _both(db, row, now)
    if other is not None:
        await merge(db, mine, other, now)
    elif not await link(db, mine.id, row.issuer, row.subject, now):
        raise rules.AccountChanged
    row.joined_at = now
    await db.flush()
    await announce(db, EventKind.PERSON_CHANGED, mine.id, None, mine.id)
    ACCOUNT_CHANGES.labels("joined" if other else "linked").inc()
    taken_in = other.id if other else None
    log.info("account.linked", link=row.id, person=mine.id, issuer=row.issuer, joined=taken_in)
    return await account(db, await person_of(db, mine.id))


async def decline(db: AsyncSession, token: AccessToken, id: UUID) -> None:
    """Delete the request."""
    await db.delete(await _own_request(db, token, id, lock=True))


async def unlink(db: AsyncSession, person: Person, identity_id: UUID, now: datetime) -> None:
    """Remove an identity of the person, with the roles that it gave.

    All web sessions of the person end, since some may have begun with it.
    """
    user = (await queries.lock_people(db, person.id))[person.id]
    remaining = {identity.id: identity for identity in await identities_of(db, person.id)}
    gone = remaining.pop(identity_id, None)
    if gone is None:
        raise NotFound(f"identity {identity_id}")
    rules.check_unlinks([identity_id, *remaining], identity_id)
    await db.delete(gone)
    await db.flush()
    await _lose_roles(db, person.id, gone)
    if (user.issuer, user.subject) == (gone.issuer, gone.subject):
        main = next(iter(remaining.values()))
        user.issuer, user.subject = main.issuer, main.subject
    user.signed_out_at = now
    ACCOUNT_CHANGES.labels("unlinked").inc()
    log.info("account.unlinked", person=person.id, issuer=gone.issuer)


async def _lose_roles(db: AsyncSession, user_id: UUID, gone: Identity) -> None:
    """Delete the roles that this identity gave; without an issuer, those of the same subject."""
    by_it = or_(
        Enrolment.issuer == gone.issuer,
        Enrolment.issuer.is_(None) & (Enrolment.subject == gone.subject),
    )
    lost = delete(Enrolment).where(Enrolment.user_id == user_id, by_it)
    for context_id in (await db.scalars(lost.returning(Enrolment.context_id))).all():
        await leave_courses_of(db, context_id, user_id)
    await announce(db, EventKind.ROLE_CHANGED, user_id, None, user_id)


async def _own_request(
    db: AsyncSession, token: AccessToken, id: UUID, *, lock: bool = False
) -> AccountLink:
    """The person's request of this web session; `NotFound` for any other."""
    query = select(AccountLink).where(
        AccountLink.id == id,
        AccountLink.user_id == token.user_id,
        AccountLink.web_session_id == token.web_session_id,
    )
    row = await db.scalar(query.with_for_update() if lock else query)
    if row is None:
        raise NotFound(f"link request {id}")
    return row


async def _both(db: AsyncSession, row: AccountLink, now: datetime) -> tuple[User, User | None]:
    """Both accounts, locked; raises unless they may be merged."""
    other_id = await known_person(db, row.issuer, row.subject)
    people = await queries.lock_people(db, row.user_id, other_id)
    if await known_person(db, row.issuer, row.subject) != other_id:
        raise rules.AccountChanged
    mine, other = people[row.user_id], people.get(other_id) if other_id else None
    proved = rules.Proved(row.issuer, row.other_id, row.expires_at, row.joined_at is not None)
    rules.check_joins(
        await _facts(db, mine), proved, await _facts(db, other) if other else None, now
    )
    return mine, other


async def _facts(db: AsyncSession, user: User) -> rules.Account:
    issuers = frozenset(identity.issuer for identity in await identities_of(db, user.id))
    return rules.Account(user.id, issuers, disabled=user.disabled_at is not None)
