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


async def is_disabled(
    db: AsyncSession, registration_id: UUID | None, deployment_id: str | None
) -> bool:
    """Whether the platform or its deployment is disabled; False for a sign-in without one."""
    if registration_id is None:
        return False
    disabled_platform = select(Registration.id).where(
        Registration.id == registration_id, Registration.disabled_at.is_not(None)
    )
    disabled_deployment = select(Deployment.registration_id).where(
        Deployment.registration_id == registration_id,
        Deployment.deployment_id == deployment_id,
        Deployment.disabled_at.is_not(None),
    )
    query = disabled_platform.union_all(disabled_deployment).limit(1)
    return await db.scalar(query) is not None


async def locked_ticket(db: AsyncSession, ticket: str) -> Ticket | None:
    return await db.scalar(select(Ticket).where(Ticket.ticket == ticket).with_for_update())


async def locked_refresh_token(db: AsyncSession, token: str) -> RefreshToken | None:
    query = select(RefreshToken).where(RefreshToken.token == token).with_for_update()
    return await db.scalar(query)


async def locked_entry_link(db: AsyncSession, secret: str) -> EntryLink | None:
    return await db.scalar(select(EntryLink).where(EntryLink.secret == secret).with_for_update())


async def drop_entry_links(db: AsyncSession, user_id: UUID) -> None:
    """Delete unused entry links of this person."""
    await db.execute(
        delete(EntryLink).where(EntryLink.user_id == user_id, EntryLink.used_at.is_(None))
    )


async def sessions_in_browsers(
    db: AsyncSession, browsers: Collection[UUID]
) -> Sequence[WebSession]:
    """Open web sessions of these browsers, locked."""
    query = select(WebSession).where(
        WebSession.browser.in_(browsers), WebSession.ended_at.is_(None)
    )
    return (await db.scalars(query.order_by(WebSession.id).with_for_update())).all()
