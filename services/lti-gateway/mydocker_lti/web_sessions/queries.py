"""Queries on web sessions, tickets, refresh tokens and entry links."""

from collections.abc import Collection, Sequence
from uuid import UUID

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from ..models import (
    Deployment,
    EntryLink,
    RefreshToken,
    Registration,
    Ticket,
    WebSession,
)


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


async def locked_ticket(db: AsyncSession, ticket: str) -> Ticket | None:
    return await db.scalar(select(Ticket).where(Ticket.ticket == ticket).with_for_update())


async def locked_refresh_token(db: AsyncSession, token: str) -> RefreshToken | None:
    query = select(RefreshToken).where(RefreshToken.token == token).with_for_update()
    return await db.scalar(query)


async def locked_entry_link(db: AsyncSession, secret: str) -> EntryLink | None:
    return await db.scalar(select(EntryLink).where(EntryLink.secret == secret).with_for_update())


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
