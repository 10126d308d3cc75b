"""Session revocation feed: web sessions that end early, numbered so that api can follow them.

`end_sessions` gives each revoked session the next number under an advisory lock, so that numbers
become visible in order, and notifies. api reads the feed after its last number; `Revocations`
replays numbers of the last hours, so that a restart of api misses none.
"""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.gateway.sessions import EndedSession, SessionEnd
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import NumberedFeed, notify

from ..domain.random_secrets import digest
from ..metrics import SESSIONS_ENDED
from ..models import END_NUMBERS, Deployment, EntryLink, Registration, Ticket, WebSession

log = get_logger()
CHANNEL = "mydocker_lti_endings"
REPLAY_WINDOW = timedelta(hours=13)
"""Longer than the longest credential that api derives from a web session (12 h cookies)."""
CHECK_INTERVAL = 10.0
_BATCH = 500
_NUMBERING_LOCK = 0x6C74695F656E6473
"""Advisory lock: transactions that number sessions run one after another."""


async def end_sessions(
    db: AsyncSession, reason: SessionEnd, now: datetime, *which: ColumnElement[bool]
) -> int:
    """End all open sessions that `which` selects; returns their number."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _NUMBERING_LOCK})
    ended = await db.execute(
        update(WebSession)
        .where(WebSession.ended_at.is_(None), *which)
        .values(ended_at=now, end_reason=reason, end_number=END_NUMBERS.next_value())
        .returning(WebSession.id)
        .execution_options(synchronize_session="fetch")
    )
    ids = ended.scalars().all()
    for id in ids:
        log.info("web_session.ended", web_session=str(id), reason=reason)
    if ids:
        SESSIONS_ENDED.labels(reason).inc(len(ids))
        await notify(db, CHANNEL)
    return len(ids)


async def end_sessions_of_person(
    db: AsyncSession, user_id: UUID, reason: SessionEnd, now: datetime
) -> int:
    """End all sessions of the person; delete tickets and links that would open one."""
    await db.execute(delete(Ticket).where(Ticket.user_id == user_id))
    await db.execute(delete(EntryLink).where(EntryLink.user_id == user_id))
    return await end_sessions(db, reason, now, WebSession.user_id == user_id)


async def end_sessions_of_provider(
    db: AsyncSession, provider: str, session: str | None, subject: str | None, now: datetime
) -> int:
    """End sessions of a provider's session; without `session`, all of the provider's subject."""
    if session is None and subject is None:
        return 0
    await db.execute(delete(Ticket).where(*_of_provider(Ticket, provider, session, subject)))
    which = _of_provider(WebSession, provider, session, subject)
    return await end_sessions(db, SessionEnd.SIGNED_OUT, now, *which)


def _of_provider(
    table: type[Ticket] | type[WebSession], provider: str, session: str | None, subject: str | None
) -> list[ColumnElement[bool]]:
    which = [table.provider == provider]
    if session is not None:
        which.append(table.provider_session == digest(session))
    if subject is not None:
        which.append(table.provider_subject == digest(subject))
    return which


async def end_sessions_of_disabled(db: AsyncSession, now: datetime) -> None:
    """End sessions whose platform or deployment is disabled."""
    off = select(Registration.id).where(Registration.disabled_at.is_not(None))
    of_platform = WebSession.registration_id.in_(off)
    of_deployment = exists().where(
        Deployment.registration_id == WebSession.registration_id,
        Deployment.deployment_id == WebSession.deployment_id,
        Deployment.disabled_at.is_not(None),
    )
    for reason, which in (
        (SessionEnd.PLATFORM_DISABLED, of_platform),
        (SessionEnd.DEPLOYMENT_DISABLED, of_deployment),
    ):
        # Checks without the advisory lock first, since there is rarely a session to end.
        if await db.scalar(select(WebSession.id).where(WebSession.ended_at.is_(None), which)):
            await end_sessions(db, reason, now, which)


class Revocations(NumberedFeed[EndedSession]):
    """The numbered feed of revoked sessions."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        super().__init__(self._batch, lambda ended: ended.number)
        self._sessions, self._clock = sessions, clock

    async def step(self) -> None:
        """End sessions of disabled platforms and deployments."""
        async with transaction(self._sessions) as db:
            await end_sessions_of_disabled(db, self._clock())

    async def _batch(self, after: int) -> list[EndedSession]:
        query = (
            select(WebSession)
            .where(
                WebSession.end_number > after, WebSession.ended_at > self._clock() - REPLAY_WINDOW
            )
            .order_by(WebSession.end_number)
            .limit(_BATCH)
        )
        async with transaction(self._sessions) as db:
            return [_ended_session(row) for row in await db.scalars(query)]


def _ended_session(row: WebSession) -> EndedSession:
    return EndedSession(
        number=row.end_number or 0,
        web_session_id=row.id,
        user_id=row.user_id,
        reason=SessionEnd(row.end_reason or ""),
        ended_at=row.ended_at or row.used_at,
    )
