"""The change log: every change that integrators may learn of, numbered in one order.

A change is a row written in the transaction that makes it (`record`), so that none is lost and none
is invented. Transactions commit in another order than they write, so a serial column alone would
let readers skip rows: the leader numbers committed rows without gaps (`changes/numbering.py`).
Event streams of tokens and webhooks read by that number, and continue from it after a break.
"""

from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import ChangeKind, LoggedChange
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import NumberedFeed, Wakeup, notify

from .models import Change

CHANNEL = "mydocker_api_change_log"
_BATCH = 500


class ChangeLog(NumberedFeed[LoggedChange]):
    """Readers of the log in this process."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(self._batch, lambda change: change.number)
        self._sessions = sessions
        self.wakeup = Wakeup()
        """Wakes the leader: there are rows without a number, or deliveries."""

    def wake(self, *_: object) -> None:
        """Something was recorded or numbered, or may have been."""
        super().wake()
        self.wakeup.set()

    async def _batch(self, after: int) -> list[LoggedChange]:
        query = select(Change).where(Change.number > after).order_by(Change.number).limit(_BATCH)
        async with transaction(self._sessions) as db:
            return [logged(row) for row in await db.scalars(query)]


async def record(
    db: AsyncSession,
    kind: ChangeKind,
    subject_id: UUID,
    now: datetime,
    *,
    course_id: UUID | None = None,
    owner_id: UUID | None = None,
    state: str | None = None,
) -> None:
    """Write a change down; readers learn of it when this transaction commits."""
    db.add(
        Change(
            kind=kind,
            subject_id=subject_id,
            course_id=course_id,
            owner_id=owner_id,
            state=state,
            happened_at=now,
        )
    )
    await wake(db)


async def wake(db: AsyncSession) -> None:
    """Wake the leader and all readers, in every process, when this transaction commits."""
    await notify(db, CHANNEL)


async def bounds(db: AsyncSession) -> tuple[int, int]:
    """The oldest and the newest number that are kept; (0, 0) in an empty log."""
    query = select(func.min(Change.number), func.max(Change.number))
    oldest, newest = (await db.execute(query)).one()
    return oldest or 0, newest or 0


def logged(row: Change) -> LoggedChange:
    """A numbered row as a value, as only the platform itself may see it."""
    return LoggedChange(
        number=row.number or 0,
        kind=row.kind,
        id=row.subject_id,
        course_id=row.course_id,
        owner_id=row.owner_id,
        state=row.state,
        happened_at=row.happened_at,
    )
