"""Web sessions that end before their time: numbered, so that api hears of each one at once."""

from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import ColumnElement, delete, exists, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.sessions import EndedSession, SessionEnd
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import NumberedFeed, notify

from ..domain.random_secrets import digest
from ..metrics import SESSIONS_ENDED
from ..models import END_NUMBERS, Deployment, EntryLink, Registration, Ticket, WebSession

log = get_logger()
CHANNEL = "mydocker_lti_endings"
REPLAYED = timedelta(hours=13)
"""Longer than anything lives that api made from a web session: cookies of environments, 12 h."""
LOOK_EVERY = 10.0
_BATCH = 500
_TURN = 0x6C74695F656E6473
"""Whoever ends sessions waits for the one before: numbers become visible in their order."""


async def end_sessions(
    db: AsyncSession, reason: SessionEnd, now: datetime, *which: ColumnElement[bool]
) -> int:
    """End all living sessions that `which` selects; how many there were."""
    await db.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
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


async def end_person(db: AsyncSession, user_id: UUID, reason: SessionEnd, now: datetime) -> int:
    """End every session of the person, and entries on their way to become one."""
    await db.execute(delete(Ticket).where(Ticket.user_id == user_id))
    await db.execute(delete(EntryLink).where(EntryLink.user_id == user_id))
    return await end_sessions(db, reason, now, WebSession.user_id == user_id)


async def end_at_provider(
    db: AsyncSession, provider: str, session: str | None, subject: str | None, now: datetime
) -> int:
    """End what began by this session of the provider's; without one, all of this person there."""
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


async def end_forbidden(db: AsyncSession, now: datetime) -> None:
    """End what began at a platform or deployment that is disabled meanwhile, by whatever hand."""
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
        # Looked at without the lock first: nearly always there is nothing to end.
        if await db.scalar(select(WebSession.id).where(WebSession.ended_at.is_(None), which)):
            await end_sessions(db, reason, now, which)


class Endings(NumberedFeed[EndedSession]):
    """The numbered stream of ended sessions."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        super().__init__(self._batch, lambda ended: ended.number)
        self._sessions, self._clock = sessions, clock

    async def step(self) -> None:
        """Look whether sessions live that may not."""
        async with transaction(self._sessions) as db:
            await end_forbidden(db, self._clock())

    async def _batch(self, after: int) -> list[EndedSession]:
        query = (
            select(WebSession)
            .where(WebSession.end_number > after, WebSession.ended_at > self._clock() - REPLAYED)
            .order_by(WebSession.end_number)
            .limit(_BATCH)
        )
        async with transaction(self._sessions) as db:
            return [_told(row) for row in await db.scalars(query)]


def _told(row: WebSession) -> EndedSession:
    return EndedSession(
        number=row.end_number or 0,
        web_session_id=row.id,
        user_id=row.user_id,
        reason=SessionEnd(row.end_reason or ""),
        ended_at=row.ended_at or row.used_at,
    )
