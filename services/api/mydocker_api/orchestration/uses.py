"""When Environments were used last.

Requests are counted in memory, at the process that authorizes them, and written together: a request
costs no write. Uses of the last seconds may be lost with a process; a warning comes before a stop.
"""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, literal, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.postgres.db import Sessions, transaction

from ..models import Environment, EnvironmentUse

FLUSH_EVERY = 20.0
"""Seconds between two writes."""


class RecentUses:
    """Uses since the last write, of this process."""

    def __init__(self) -> None:
        self._uses: dict[UUID, datetime] = {}

    def note(self, environment_id: UUID, at: datetime) -> None:
        """A request reached this Environment."""
        self._uses[environment_id] = at

    async def flush(self, sessions: Sessions) -> None:
        """Write what was noted; keeps it when the database is away."""
        if not self._uses:
            return
        uses, self._uses = self._uses, {}
        try:
            async with transaction(sessions) as db:
                for environment_id, at in sorted(uses.items()):
                    await mark_used(db, [environment_id], at)
        except BaseException:
            self._uses = uses | self._uses
            raise


async def mark_used(db: AsyncSession, environment_ids: Iterable[UUID], at: datetime) -> None:
    """These were used at `at`; ids without a row are passed over, and no use moves back."""
    known = select(Environment.id, literal(at, DateTime(timezone=True))).where(
        Environment.id.in_(list(environment_ids))
    )
    new = insert(EnvironmentUse).from_select(["environment_id", "used_at"], known)
    await db.execute(
        new.on_conflict_do_update(
            index_elements=[EnvironmentUse.environment_id],
            set_={"used_at": new.excluded.used_at},
            where=EnvironmentUse.used_at < new.excluded.used_at,
        )
    )
