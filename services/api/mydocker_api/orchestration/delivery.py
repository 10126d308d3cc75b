"""Sends requested states to the orchestrator, at once and again until it has confirmed them.

The row of an Environment holds the requested state and a `revision` that rises with each change;
`confirmed` is the revision that the orchestrator has answered. A request delivers its own change
at once (`try_now`); the loop (`step`) repeats whatever is not confirmed. A call may be repeated at
any time: the orchestrator's PUT is idempotent, so that a crash between call and note costs one
repetition. Stops that a late start overtook are sent again while the Environment lives.
"""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID
from weakref import WeakValueDictionary

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus
from mydocker_kit.errors import Conflict, Invalid, NotFound, ProblemError
from mydocker_kit.ids import new_reference
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.vault import Vault

from ..domain.statuses import RequestedState
from ..metrics import set_pending_sync
from ..models.environment import Environment
from . import queries
from .specs import spec_of, stop_of
from .status_cache import StatusCache

log = get_logger()
AT_ONCE = 16
BATCH = 500


class Delivery:
    """The loop and the immediate delivery; calls are idempotent."""

    def __init__(
        self,
        sessions: Sessions,
        orchestrator: OrchestratorClient,
        statuses: StatusCache,
        vault: Vault,
    ) -> None:
        self._sessions, self._orchestrator = sessions, orchestrator
        self._statuses, self._vault = statuses, vault
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self.wakeup = Wakeup()

    async def deliver(self, id: UUID) -> None:
        """Send the requested state of a row, unless it is confirmed.

        One call at a time per Environment, so that a stop cannot overtake the start before it.
        """
        lock = self._locks.setdefault(id, asyncio.Lock())
        async with lock:
            async with transaction(self._sessions) as db:
                row = await db.get(Environment, id)
            if row is None or row.confirmed >= row.revision:
                return
            try:
                status = await self._send(row)
            except (Invalid, Conflict) as error:
                await self._note_refusal(row, error)
                return
            if status is not None:
                self._statuses.apply(status)
            async with transaction(self._sessions) as db:
                await queries.note_confirmed(db, id, row.revision)

    async def _send(self, row: Environment) -> EnvironmentStatus | None:
        if row.wanted is RequestedState.RUNNING:
            return await self._orchestrator.put(row.id, spec_of(row, self._vault))
        with suppress(NotFound):  # the start never reached the orchestrator
            return await self._orchestrator.stop(row.id, stop_of(row))
        return None

    async def _note_refusal(self, row: Environment, error: ProblemError) -> None:
        """Record a permanent refusal, so that the person sees it instead of waiting."""
        reference = new_reference()
        log.error(
            "environment.refused", id=row.id, code=error.code, why=str(error), reference=reference
        )
        async with transaction(self._sessions) as db:
            await queries.note_refusal(db, row.id, row.revision, str(error)[:500], reference)

    async def try_now(self, id: UUID) -> None:
        """Deliver without failing the caller; the loop repeats a delivery that failed."""
        try:
            await self.deliver(id)
        except ProblemError as error:
            log.warning("environment.sync_pending", id=id, code=error.code, why=str(error))
            self.wakeup.set()

    async def step(self) -> None:
        """Deliver everything that is not confirmed, and stops that had no effect."""
        async with transaction(self._sessions) as db:
            await queries.repeat_stops(db, [status.id for status in self._statuses.alive()])
            ids = await queries.pending_sync(db, BATCH)
        set_pending_sync(len(ids))
        await self._deliver_all(ids)

    async def _deliver_all(self, ids: Iterable[UUID]) -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def deliver_logged(id: UUID) -> None:
            async with slots:
                try:
                    await self.deliver(id)
                except ProblemError as error:
                    log.warning("environment.sync_pending", id=id, code=error.code, why=str(error))
                except Exception:
                    log.exception("environment.delivery_failed", id=id)

        await asyncio.gather(*(deliver_logged(id) for id in ids))
