"""The numbered stream of status changes that api follows."""

from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import NumberedFeed

from . import queries
from .records import status_of

_BATCH = 500


class ChangeFeed(NumberedFeed[EnvironmentStatus]):
    """Readers resume from their last version; a slow reader gets only the newest states."""

    def __init__(self, sessions: Sessions) -> None:
        super().__init__(self._batch, lambda status: status.version)
        self._sessions = sessions

    async def _batch(self, after: int) -> list[EnvironmentStatus]:
        async with transaction(self._sessions) as db:
            return [status_of(row) for row in await queries.rows_after(db, after, _BATCH)]
