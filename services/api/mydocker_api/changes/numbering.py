"""Numbers committed changes and queues them for webhooks, both in one transaction.

Only the leader does it. Should two overlap for a moment, the number is unique: one of them fails
and begins again.
"""

from mydocker_kit.clock import Clock
from mydocker_kit.postgres.db import Sessions, transaction

from ..change_log import bounds, logged, wake
from ..webhooks.fan_out import fan_out
from . import queries

EVERY = 5.0
"""Seconds between looks; a wakeup looks earlier."""
_BATCH = 500


class Numbering:
    """The step that gives every committed change its number."""

    def __init__(self, sessions: Sessions, clock: Clock) -> None:
        self._sessions, self._clock = sessions, clock

    async def step(self) -> None:
        """Number everything that is committed."""
        while await self._batch() == _BATCH:
            pass

    async def _batch(self) -> int:
        async with transaction(self._sessions) as db:
            rows = await queries.unnumbered(db, _BATCH)
            if not rows:
                return 0
            _, newest = await bounds(db)
            for number, row in enumerate(rows, newest + 1):
                row.number = number
            await db.flush()
            await fan_out(db, [logged(row) for row in rows], self._clock())
            await wake(db)
        return len(rows)
