"""Erases folders that are asked to be erased: the only caller of the orchestrator's `erase_volume`.

A row says which volume goes and why. The orchestrator refuses while a container has the volume, or
while its machine is away; then the row waits and is tried again. Repeating a call changes nothing.
"""

import asyncio
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import delete

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.clock import Clock
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..composition.services import Services
from ..domain.courses.retention import retry_after
from ..metrics import FOLDER_ERASURES
from ..models.work_files import FolderErasure, Submission
from . import queries

log = get_logger()
_BATCH = 40
_AT_ONCE = 4


@dataclass(frozen=True)
class _Claimed:
    id: UUID
    volume: str
    node_id: str | None
    cause: str


class Eraser:
    """`step` is idempotent; several replicas may run it at once."""

    def __init__(self, sessions: Sessions, orchestrator: OrchestratorClient, clock: Clock) -> None:
        self._sessions, self._orchestrator, self._clock = sessions, orchestrator, clock

    @classmethod
    def of(cls, services: Services) -> "Eraser":
        return cls(services.sessions, services.clients.orchestrator, services.clock)

    async def step(self) -> None:
        """Try every erasure whose time has come."""
        while claimed := await self._claim():
            slots = asyncio.Semaphore(_AT_ONCE)

            async def erase(erasure: _Claimed, slots: asyncio.Semaphore = slots) -> None:
                async with slots:
                    await self._erase(erasure)

            await asyncio.gather(*(erase(erasure) for erasure in claimed))

    async def _claim(self) -> list[_Claimed]:
        """The next erasures; a crash before their end delays them by one retry."""
        now = self._clock()
        async with transaction(self._sessions) as db:
            rows = await queries.claim(db, now, _BATCH)
            for row in rows:
                row.tries += 1
                row.tried_at, row.retry_at = now, now + retry_after(row.tries)
            return [_Claimed(row.id, row.volume, row.node_id, row.cause.value) for row in rows]

    async def _erase(self, claimed: _Claimed) -> None:
        try:
            await self._orchestrator.erase_volume(claimed.volume, claimed.node_id)
        except ProblemError as error:
            await self._note(claimed, error.code)
            return
        async with transaction(self._sessions) as db:
            row = await db.get(FolderErasure, claimed.id, with_for_update=True)
            if row is not None:
                row.erased_at, row.problem = self._clock(), None
            if claimed.node_id is None:
                await db.execute(delete(Submission).where(Submission.volume == claimed.volume))
        FOLDER_ERASURES.labels(claimed.cause, "erased").inc()
        log.warning("folder.erased", volume=claimed.volume, cause=claimed.cause, erasure=claimed.id)

    async def _note(self, claimed: _Claimed, problem: str) -> None:
        async with transaction(self._sessions) as db:
            row = await db.get(FolderErasure, claimed.id, with_for_update=True)
            if row is not None:
                row.problem = problem
        FOLDER_ERASURES.labels(claimed.cause, "failed").inc()
        log.warning("folder.erase_failed", volume=claimed.volume, problem=problem)
