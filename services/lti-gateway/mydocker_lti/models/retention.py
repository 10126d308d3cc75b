"""Deletes rows whose retention period has passed."""

from datetime import datetime

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from . import (
    ContentRequest,
    EntryLink,
    Invitation,
    LinkCode,
    LoginState,
    QueuedScore,
    Refusal,
    Roster,
    SignInState,
    Ticket,
    WebSession,
)


async def delete_expired(
    db: AsyncSession, entries: datetime, days: datetime, months: datetime
) -> None:
    """Delete rows that expired before these instants.

    `entries`: logins, sign-ins, tickets and codes. `days`: web sessions, entry links and deep
    linking requests. `months`: refusals, rosters, delivered scores and invitations.
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
