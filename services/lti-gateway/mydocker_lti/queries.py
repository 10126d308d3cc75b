"""Questions to the gateway's tables."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from .models import (
    ContentRequest,
    Deployment,
    EntryLink,
    Invitation,
    LinkCode,
    LoginState,
    PlatformKeySet,
    QueuedScore,
    RefreshToken,
    Refusal,
    Registration,
    Roster,
    SignInState,
    Ticket,
    WebSession,
)


async def registrations_of(
    db: AsyncSession, issuer: str, client_id: str | None
) -> Sequence[Registration]:
    """Registrations of this issuer, disabled ones too; with `client_id` at most one."""
    query = select(Registration).where(Registration.issuer == issuer)
    if client_id is not None:
        query = query.where(Registration.client_id == client_id)
    return (await db.scalars(query.limit(20))).all()


async def all_registrations(db: AsyncSession) -> Sequence[Registration]:
    return (await db.scalars(select(Registration).order_by(Registration.created_at))).all()


async def platform_origins(db: AsyncSession) -> list[str]:
    """Every origin that may show us in a frame."""
    query = select(Registration.origins).where(
        Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    )
    return sorted({origin for origins in await db.scalars(query) for origin in origins})


async def form_origins(db: AsyncSession) -> list[str]:
    """Origins without https that forms of the application go to; https ones need no naming."""
    query = select(Registration.origins).where(
        Registration.disabled_at.is_(None), Registration.approved_at.is_not(None)
    )
    found = {origin for origins in await db.scalars(query) for origin in origins}
    return sorted(origin for origin in found if origin.startswith("http://"))


async def is_shut(
    db: AsyncSession, registration_id: UUID | None, deployment_id: str | None
) -> bool:
    """Whether this platform, or its deployment, is disabled; a sign-in without one is open."""
    if registration_id is None:
        return False
    off = select(Registration.id).where(
        Registration.id == registration_id, Registration.disabled_at.is_not(None)
    )
    gone = select(Deployment.registration_id).where(
        Deployment.registration_id == registration_id,
        Deployment.deployment_id == deployment_id,
        Deployment.disabled_at.is_not(None),
    )
    return await db.scalar(off.union_all(gone).limit(1)) is not None


async def deployments(db: AsyncSession, registration_id: UUID) -> Sequence[Deployment]:
    """All deployments of a platform, disabled ones too."""
    query = select(Deployment).where(Deployment.registration_id == registration_id)
    return (await db.scalars(query.order_by(Deployment.deployment_id))).all()


async def forget_seen_keys(db: AsyncSession, registration_id: UUID) -> None:
    """The platform's keys are at another address now."""
    mine = PlatformKeySet.registration_id == registration_id
    await db.execute(delete(PlatformKeySet).where(mine))


async def login_state(db: AsyncSession, state: str) -> LoginState | None:
    return await db.scalar(select(LoginState).where(LoginState.state == state))


async def spend_login_state(db: AsyncSession, id: UUID, now: datetime) -> bool:
    """True for exactly one caller, however many try at once."""
    query = (
        update(LoginState)
        .where(LoginState.id == id, LoginState.spent_at.is_(None))
        .values(spent_at=now)
        .returning(LoginState.id)
    )
    return await db.scalar(query) is not None


async def locked_ticket(db: AsyncSession, ticket: str) -> Ticket | None:
    return await db.scalar(select(Ticket).where(Ticket.ticket == ticket).with_for_update())


async def locked_sign_in_state(db: AsyncSession, state: str) -> SignInState | None:
    query = select(SignInState).where(SignInState.state == state).with_for_update()
    return await db.scalar(query)


async def locked_entry_link(db: AsyncSession, secret: str) -> EntryLink | None:
    return await db.scalar(select(EntryLink).where(EntryLink.secret == secret).with_for_update())


async def locked_link_code(db: AsyncSession, code: str) -> LinkCode | None:
    return await db.scalar(select(LinkCode).where(LinkCode.code == code).with_for_update())


async def drop_entry_links(db: AsyncSession, user_id: UUID) -> None:
    """Links of this person that nobody used."""
    await db.execute(
        delete(EntryLink).where(EntryLink.user_id == user_id, EntryLink.used_at.is_(None))
    )


async def visits_in(db: AsyncSession, browsers: Collection[UUID]) -> Sequence[WebSession]:
    """Web sessions of these browsers that have not ended, locked."""
    query = select(WebSession).where(
        WebSession.browser.in_(browsers), WebSession.ended_at.is_(None)
    )
    return (await db.scalars(query.order_by(WebSession.id).with_for_update())).all()


async def locked_refresh_token(db: AsyncSession, token: str) -> RefreshToken | None:
    query = select(RefreshToken).where(RefreshToken.token == token).with_for_update()
    return await db.scalar(query)


async def locked_content_request(db: AsyncSession, id: UUID) -> ContentRequest | None:
    return await db.scalar(select(ContentRequest).where(ContentRequest.id == id).with_for_update())


async def forget_old(db: AsyncSession, entries: datetime, days: datetime, months: datetime) -> None:
    """Remove what ended before.

    By age: logins, sign-ins, tickets and codes; web sessions, operators' links and content;
    refusals, rosters, settled scores and invitations.
    """
    await db.execute(delete(LoginState).where(LoginState.expires_at < entries))
    await db.execute(delete(SignInState).where(SignInState.expires_at < entries))
    await db.execute(delete(Ticket).where(Ticket.expires_at < entries))
    await db.execute(delete(EntryLink).where(EntryLink.expires_at < days))
    await db.execute(delete(LinkCode).where(LinkCode.expires_at < entries))
    await db.execute(delete(WebSession).where(WebSession.started_at < days))
    await db.execute(delete(ContentRequest).where(ContentRequest.created_at < days))
    await db.execute(delete(Refusal).where(Refusal.refused_at < months))
    await db.execute(delete(Invitation).where(Invitation.expires_at < months))
    await db.execute(delete(Roster).where(Roster.fetched_at < months))
    await db.execute(delete(QueuedScore).where(QueuedScore.settled_at < months))
