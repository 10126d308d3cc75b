"""One-time hand-over of a verified launch to the browser's application."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.launches import Landing, LaunchPerson
from mydocker_kit.errors import Conflict, Unauthenticated

from ..domain.platform_storage import storage_of
from ..domain.random_secrets import digest, new_secret, same
from ..models import LoginState, Registration, SignInState, Ticket
from ..web.cookies import state_cookie
from . import queries

TICKET_LIFE = timedelta(seconds=60)


class TicketUnknown(Unauthenticated):
    """No such ticket, or not this browser's."""

    code, title = "ticket_unknown", "This entry is not known"


class TicketUnproven(Unauthenticated):
    """No cookie came along: its `parameters` say where the platform's page keeps the proof."""

    code, title = "ticket_unproven", "This entry needs the proof that the course space keeps"


class TicketUsed(Conflict):
    """Somebody entered with it already."""

    code, title = "ticket_used", "This entry was used already"


class TicketExpired(Conflict):
    """It came too late."""

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
    """A ticket that only the browser of this login can use, once, within a minute."""
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
    """The same for a sign-in, which no platform vouches for."""
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
    """The ticket's content, for exactly one caller.

    Without the cookie, or the proof that the platform's page keeps, a ticket is worth nothing:
    otherwise somebody could send a victim to `/enter` with a ticket of his own, and have the
    victim work in his name.
    """
    row = await queries.locked_ticket(db, digest(ticket))
    if row is None:
        raise TicketUnknown
    if row.used_at is not None:
        # First: the browser that used it has given its cookie back, and deserves the true reason.
        raise TicketUsed
    proof = cookies.get(row.cookie) or await _proof_kept_elsewhere(db, row, storage_proof)
    if not same(digest(proof), row.browser):
        raise TicketUnknown
    if row.expires_at <= now:
        raise TicketExpired
    row.used_at = now
    return row


async def _proof_kept_elsewhere(db: AsyncSession, row: Ticket, given: str | None) -> str:
    """What the page fetched from the platform's page, once it was told where to ask.

    Where to ask is never taken from the address: its author would name himself.
    """
    login = await db.get(LoginState, row.launch_id)
    if login is None or login.storage_target is None:
        return ""
    if given is None:
        registration = await db.get_one(Registration, login.registration_id)
        place = storage_of(login.storage_target, registration.authorization_url, login.state)
        raise TicketUnproven(**vars(place))
    return given
