"""Brings what people asked for to the orchestrator, at once and again until it has heard."""

import asyncio
from collections.abc import Iterable
from contextlib import suppress
from uuid import UUID
from weakref import WeakValueDictionary

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.environments import EnvironmentStatus
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.errors import Conflict, Invalid, NotFound, ProblemError
from mydocker_kit.ids import new_reference
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell
from mydocker_kit.vault import Vault

from ..domain.statuses import Wanted
from ..metrics import UNHEARD
from ..models.environment import Environment
from . import queries
from .specs import spec_of, stop_of
from .status_cache import LiveEnvironments

log = get_logger()
AT_ONCE = 16
BATCH = 500


class Delivery:
    """Every call may be repeated: the row says what is wanted, the call only says it on."""

    def __init__(
        self,
        sessions: Sessions,
        orchestrator: OrchestratorClient,
        live: LiveEnvironments,
        vault: Vault,
    ) -> None:
        self._sessions, self._orchestrator = sessions, orchestrator
        self._live, self._vault = live, vault
        self._locks: WeakValueDictionary[UUID, asyncio.Lock] = WeakValueDictionary()
        self.bell = Bell()

    async def deliver(self, id: UUID) -> None:
        """Say on what the row wants, unless that was heard already.

        One at a time per Environment, so that a stop cannot overtake the start before it.
        """
        lock = self._locks.setdefault(id, asyncio.Lock())
        async with lock:
            async with transaction(self._sessions) as db:
                row = await db.get(Environment, id)
            if row is None or row.confirmed >= row.revision:
                return
            try:
                status = await self._say(row)
            except (Invalid, Conflict) as error:
                await self._note_refusal(row, error)
                return
            if status is not None:
                self._live.apply(status)
            async with transaction(self._sessions) as db:
                await queries.note_heard(db, id, row.revision)

    async def _say(self, row: Environment) -> EnvironmentStatus | None:
        if row.wanted is Wanted.RUNNING:
            return await self._orchestrator.put(row.id, spec_of(row, self._vault))
        with suppress(NotFound):  # never reached the orchestrator: nothing to stop
            return await self._orchestrator.stop(row.id, stop_of(row))
        return None

    async def _note_refusal(self, row: Environment, error: ProblemError) -> None:
        """A wish that will never be accepted: the person reads so instead of waiting."""
        reference = new_reference()
        log.error(
            "environment.refused", id=row.id, code=error.code, why=str(error), reference=reference
        )
        async with transaction(self._sessions) as db:
            await queries.note_refusal(db, row.id, row.revision, str(error)[:500], reference)

    async def try_now(self, id: UUID) -> None:
        """Deliver without failing the caller: what is not heard now is said again by the loop."""
        try:
            await self.deliver(id)
        except ProblemError as error:
            log.warning("environment.unheard", id=id, code=error.code, why=str(error))
            self.bell.ring()

    async def step(self) -> None:
        """Say on everything that was not heard, and every stop that did not take."""
        async with transaction(self._sessions) as db:
            await queries.repeat_stops(db, [one.id for one in self._live.alive()])
            ids = await queries.unheard(db, BATCH)
        UNHEARD.set(len(ids))
        await self._deliver_all(ids)

    async def _deliver_all(self, ids: Iterable[UUID]) -> None:
        slots = asyncio.Semaphore(AT_ONCE)

        async def one(id: UUID) -> None:
            async with slots:
                try:
                    await self.deliver(id)
                except ProblemError as error:
                    log.warning("environment.unheard", id=id, code=error.code, why=str(error))
                except Exception:
                    log.exception("environment.delivery_failed", id=id)

        await asyncio.gather(*(one(id) for id in ids))
