"""The numbered stream of status changes: a bell per reader, the truth from the table."""

from collections.abc import AsyncIterator

from mydocker_kit.contracts.environments import EnvironmentStatus
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.notify import Bell

from . import queries
from .records import status_of

_BATCH = 500


class ChangeFeed:
    """Readers follow from the number they have; one far behind gets only newest states."""

    def __init__(self, sessions: Sessions) -> None:
        self._sessions = sessions
        self._bells: set[Bell] = set()

    def ring(self, *_: object) -> None:
        """Something changed, or may have."""
        for bell in self._bells:
            bell.ring()

    async def follow(self, after: int, silence: float) -> AsyncIterator[list[EnvironmentStatus]]:
        """Batches of changes after number `after`, for ever; an empty one after each `silence`."""
        bell = Bell()
        self._bells.add(bell)
        try:
            while True:
                batch = await self._batch(after)
                if batch:
                    after = batch[-1].version
                    yield batch
                elif not await bell.wait(silence):
                    yield []
        finally:
            self._bells.discard(bell)

    async def _batch(self, after: int) -> list[EnvironmentStatus]:
        async with transaction(self._sessions) as db:
            return [status_of(row) for row in await queries.rows_after(db, after, _BATCH)]
