"""Stops Environments that nobody uses, after a warning.

One process does it at a time. Each step marks those as used that compute, then compares the last
use of each with its limit: a warning is a moment on its row, which its window shows; the stop is a
requested state like any other. What cannot be measured counts as used: a machine that does not
answer costs nobody their work.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import func, select, type_coerce
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentStatus,
    Phase,
    ReasonCode,
)
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction

from ..composition.services import Services
from ..domain.environments import lifecycle
from ..domain.environments.idleness import IdleState, IdleStep, next_step
from ..domain.statuses import RequestedState
from ..feed import announce
from ..metrics import IDLE_STOPS
from ..models import Environment, EnvironmentUse
from ..orchestration.specs import request_of
from ..orchestration.stop_requests import request_stop
from ..orchestration.uses import mark_used

log = get_logger()
EVERY = 30.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class IdleStops:
    """The loop."""

    services: Services
    clock: Clock

    @classmethod
    def of(cls, services: Services) -> "IdleStops":
        """With the objects of this process."""
        return cls(services, services.clock)

    async def step(self) -> None:
        """Look once at every running Environment that has a limit. Safe to repeat at any moment."""
        if not self.services.statuses.loaded:
            return
        now = self.clock()
        async with transaction(self.services.sessions) as db:
            watched = [id for id in await _with_limit(db) if self._ready(id) is not None]
        if not watched:
            return
        busy = await self._busy(watched)
        async with transaction(self.services.sessions) as db:
            await mark_used(db, busy, now)
        for id in watched:
            async with transaction(self.services.sessions) as db:
                stopped = await self._look_at(db, id, now)
            if stopped:
                await self.services.delivery.try_now(id)

    async def _busy(self, watched: list[UUID]) -> list[UUID]:
        """Those that use the processor, and those of which nobody knows."""
        try:
            readings = await self.services.clients.orchestrator.usage()
        except ProblemError as error:
            log.warning("idle.usage_unknown", error=error)
            return watched
        threshold = self.services.settings.idle_cpu
        calm = {
            usage.environment
            for usage in readings
            if usage.cpu is not None and usage.cpu < threshold
        }
        return [id for id in watched if id not in calm]

    async def _look_at(self, db: AsyncSession, id: UUID, now: datetime) -> bool:
        """Warn of, take back or request its stop; True when it is to stop."""
        row = await db.get(Environment, id, with_for_update=True)
        status = self._ready(id)
        if row is None or status is None or row.plan is None or row.plan.idle_minutes is None:
            return False
        if lifecycle.phase(request_of(row), status) is not Phase.READY:
            return False
        warning = timedelta(minutes=self.services.settings.idle_warning_minutes)
        state = IdleState(
            limit=timedelta(minutes=row.plan.idle_minutes),
            used_at=await _used_at(db, row, status),
            stops_at=row.idle_stops_at,
        )
        match next_step(state, warning, now):
            case IdleStep.LEAVE:
                return False
            case IdleStep.WARN:
                row.idle_stops_at = now + warning
                log.info("environment.idle_warned", id=id, stops_at=row.idle_stops_at)
            case IdleStep.TAKE_BACK:
                row.idle_stops_at = None
            case IdleStep.STOP:
                row.idle_stops_at = None
                request_stop(row, ReasonCode.STOPPED_IDLE)
                IDLE_STOPS.inc()
        await announce(db, EventKind.ENVIRONMENT_CHANGED, id, row.course_id, row.user_id)
        return row.wanted is RequestedState.STOPPED

    def _ready(self, id: UUID) -> EnvironmentStatus | None:
        status = self.services.statuses.get(id)
        return status if status and status.phase is Phase.READY else None


async def _with_limit(db: AsyncSession) -> list[UUID]:
    minutes = type_coerce(Environment.plan, JSONB)["idle_minutes"].astext
    query = select(Environment.id).where(
        Environment.wanted == RequestedState.RUNNING, minutes.is_not(None)
    )
    return list(await db.scalars(query.order_by(Environment.id)))


async def _used_at(db: AsyncSession, row: Environment, status: EnvironmentStatus) -> datetime:
    """The last use; not before it was ready."""
    query = select(func.max(EnvironmentUse.used_at)).where(EnvironmentUse.environment_id == row.id)
    moments = (await db.scalar(query), status.ready_at, row.asked_at)
    return max(moment for moment in moments if moment is not None)
