"""One-time tickets that pass a verified launch or sign-in to the application in the browser."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import Landing, LaunchPerson
from mydocker_kit.errors import Conflict, Unauthenticated

from ..domain.launches.platform_storage import storage_of
from ..domain.random_secrets import digest, new_secret, same
from ..models import LoginState, Registration, SignInState, Ticket
from ..web.cookies import state_cookie
from . import queries

TICKET_LIFE = timedelta(seconds=60)


class TicketUnknown(Unauthenticated):
    """No such ticket, or one of another browser."""

    code, title = "ticket_unknown", "This entry is not known"


class TicketUnproven(Unauthenticated):
    """The cookie is missing; `parameters` name the platform storage that holds the secret."""

    code, title = "ticket_unproven", "This entry needs the proof that the course space keeps"


class TicketUsed(Conflict):
    """The ticket was used."""

    code, title = "ticket_used", "This entry was used already"


class TicketExpired(Conflict):
    """The ticket has expired."""

    code, title = "ticket_expired", "This entry is no longer valid"


def issue_ticket(
    db: AsyncSession,
    login: LoginState,
    deployment_id: str | None,
    user_id: UUID,
    landing: Landing,
    locale: str | None,
    now: datetime,
) -> str:
    """A ticket that only the browser of this login can use, once, within `TICKET_LIFE`."""
    ticket = new_secret()
    db.add(
        Ticket(
            ticket=digest(ticket),
            launch_id=login.id,
            registration_id=login.registration_id,
            deployment_id=deployment_id,
            user_id=user_id,
            landing=landing.model_dump(mode="json"),
            locale=locale,
            browser=login.browser,
            cookie=state_cookie(login.state),
            expires_at=now + TICKET_LIFE,
        )
    )
    return ticket


def issue_for_sign_in(
    db: AsyncSession,
    state: SignInState,
    person: LaunchPerson,
    provider_session: str | None,
    user_id: UUID,
    landing: Landing,
    now: datetime,
) -> str:
    """A ticket for a sign-in at a provider, bound to the browser that started it."""
    ticket = new_secret()
    db.add(
        Ticket(
            ticket=digest(ticket),
            launch_id=state.id,
            provider=state.provider,
            provider_session=digest(provider_session) if provider_session else None,
            provider_subject=digest(person.subject),
            user_id=user_id,
            landing=landing.model_dump(mode="json"),
            locale=person.locale,
            browser=state.browser,
            cookie=state_cookie(state.state),
            expires_at=now + TICKET_LIFE,
        )
    )
    return ticket


async def use_ticket(
    db: AsyncSession,
    ticket: str,
    cookies: Mapping[str, str],
    storage_proof: str | None,
    now: datetime,
) -> Ticket:
    """Use the ticket up; returns its row.

    Login-CSRF check: requires the cookie of the login, or the secret in the platform storage.
    Otherwise an attacker could send a victim to `/enter` with a ticket of his own, and the victim
    would work in the attacker's account.
    """
    row = await queries.locked_ticket(db, digest(ticket))
    if row is None:
        raise TicketUnknown
    if row.used_at is not None:
        # Before the browser check: the browser that used the ticket no longer has the cookie.
        raise TicketUsed
    proof = cookies.get(row.cookie) or await _storage_proof(db, row, storage_proof)
    if not same(digest(proof), row.browser):
        raise TicketUnknown
    if row.expires_at <= now:
        raise TicketExpired
    row.used_at = now
    return row


async def _storage_proof(db: AsyncSession, row: Ticket, given: str | None) -> str:
    """The secret that the page read from the platform storage; `TicketUnproven` names the storage.

    The storage comes from the login, never from the URL, which an attacker may have written.
    """
    login = await db.get(LoginState, row.launch_id)
    if login is None or login.storage_target is None:
        return ""
    if given is None:
        registration = await db.get_one(Registration, login.registration_id)
        storage = storage_of(login.storage_target, registration.authorization_url, login.state)
        raise TicketUnproven(**vars(storage))
    return given
