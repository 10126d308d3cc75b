"""Asks for the snapshots of submissions, and writes how they ended.

Every replica does it: asking again under the same id changes nothing, and an end is written once.
"""

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.work_files import (
    Snapshot,
    SnapshotKind,
    SnapshotState,
)
from mydocker_kit.errors import Unavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup

from ..composition.services import Services
from ..feed import announce
from ..metrics import SUBMISSIONS
from ..models.work_files import Submission
from . import queries

log = get_logger()
EVERY = 2.0


class SubmissionDelivery:
    """`step` is called at each submission and every `EVERY` seconds."""

    def __init__(
        self, sessions: Sessions, orchestrator: OrchestratorClient, wakeup: Wakeup
    ) -> None:
        self._sessions, self._orchestrator, self._wakeup = sessions, orchestrator, wakeup

    @classmethod
    def of(cls, services: Services) -> "SubmissionDelivery":
        return cls(services.sessions, services.clients.orchestrator, services.submissions)

    async def step(self) -> None:
        """Ask for what nobody knows of, settle what has ended. Idempotent."""
        async with transaction(self._sessions) as db:
            waiting = {row.id: row.volume for row in await queries.pending(db)}
        if not waiting:
            return
        try:
            snapshots = await self._orchestrator.find_snapshots(list(waiting))
            for id, volume in waiting.items():
                if id not in snapshots:
                    await self._orchestrator.put_snapshot(volume, id, SnapshotKind.SUBMISSION)
        except Unavailable as error:
            log.warning("submissions.waiting", count=len(waiting), error=error)
            return
        for snapshot in snapshots.values():
            if snapshot.state is not SnapshotState.PENDING:
                await self._settle(snapshot)

    async def _settle(self, snapshot: Snapshot) -> None:
        async with transaction(self._sessions) as db:
            row = await db.get(Submission, snapshot.id)
            if row is None or not await queries.settle(db, snapshot):
                return
            await announce(db, EventKind.COURSE_CHANGED, row.course_id, row.course_id, None)
            log.info(
                "submission.settled",
                id=snapshot.id,
                course=row.course_id,
                state=snapshot.state.value,
                problem=snapshot.problem,
            )
        SUBMISSIONS.labels(snapshot.state.value).inc()
