"""Schedule of reading lists of members: often around sessions, otherwise daily."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import and_, exists, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import Clock
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..composition.services import Services
from ..domain.people.rosters import NEAR, RosterState, due_before
from ..domain.statuses import CourseStatus
from ..models import Course, CourseSession, ResourceLink, Roster
from .syncing import MAX_AGE, sync

log = get_logger()
EVERY = timedelta(minutes=1)
_JITTER = timedelta(seconds=10)
BATCH = 20
AT_ONCE = 4
AGAIN_AFTER = timedelta(seconds=30)
"""At least this long between two reads on request."""


async def due_contexts(db: AsyncSession, now: datetime) -> list[UUID]:
    """Course spaces whose list is due; claimed, so that no other replica reads them too."""
    used = (
        select(ResourceLink.context_id)
        .join(Course, Course.id == ResourceLink.course_id)
        .where(Course.status == CourseStatus.READY)
    )
    near = (
        exists()
        .where(
            CourseSession.course_id == ResourceLink.course_id,
            CourseSession.starts_at <= now + NEAR,
            CourseSession.ends_at >= now,
        )
        .correlate(ResourceLink)
    )
    due = or_(
        Roster.tried_at.is_(None),
        Roster.tried_at < due_before(now, near=False),
        and_(Roster.tried_at < due_before(now, near=True), near),
    )
    query = (
        used.outerjoin(Roster, Roster.context_id == ResourceLink.context_id)
        .where(due)
        .distinct()
        .limit(BATCH)
    )
    ids = (await db.scalars(query)).all()
    return await claim(db, ids, now, due_before(now, near=True))


async def claim(
    db: AsyncSession, ids: Sequence[UUID], now: datetime, unless_since: datetime
) -> list[UUID]:
    """Claim those of these course spaces that were not read since then."""
    if not ids:
        return []
    new = insert(Roster).values(
        [{"context_id": id, "tried_at": now, "state": RosterState.NEVER} for id in sorted(ids)]
    )
    taken = new.on_conflict_do_update(
        index_elements=[Roster.context_id],
        set_={"tried_at": now},
        where=or_(Roster.tried_at.is_(None), Roster.tried_at < unless_since),
    ).returning(Roster.context_id)
    return list((await db.scalars(taken)).all())


class RosterSchedule:
    """Reads due lists; running late or twice is harmless."""

    def __init__(self, sessions: Sessions, gateway: LtiClient, clock: Clock) -> None:
        self._sessions, self._gateway, self._clock = sessions, gateway, clock

    @classmethod
    def of(cls, services: Services) -> "RosterSchedule":
        """With the objects of this process."""
        return cls(services.sessions, services.clients.gateway, services.clock)

    async def step(self) -> None:
        async with transaction(self._sessions) as db:
            ids = await due_contexts(db, self._clock())
        await self._sync_all(ids, MAX_AGE)

    async def sync_now(self, ids: Sequence[UUID]) -> None:
        """Read these lists now, unless they were just read."""
        now = self._clock()
        async with transaction(self._sessions) as db:
            taken = await claim(db, ids[:BATCH], now, now - AGAIN_AFTER)
        await self._sync_all(taken, AGAIN_AFTER)

    async def _sync_all(self, ids: Sequence[UUID], max_age: timedelta) -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def sync_logged(id: UUID) -> None:
            async with slots:
                try:
                    await sync(self._sessions, self._gateway, id, max_age)
                except Exception:  # an error of one course space must not affect others
                    log.exception("roster.look_failed", context=id)

        await asyncio.gather(*(sync_logged(id) for id in ids))

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run the schedule while the block runs."""
        async with scheduled("rosters", self.step, EVERY, _JITTER):
            yield
