"""Retention of the change log, of settled deliveries and of runs, by an hourly job."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..webhooks.queries import delete_settled
from . import queries
from .runs import delete_old_runs

log = get_logger()
KEPT = timedelta(days=7)
RUNS_KEPT = timedelta(days=400)
_EVERY = timedelta(hours=1)
_JITTER = timedelta(minutes=5)
"""So that replicas do not run all at once."""


@asynccontextmanager
async def retention(sessions: Sessions, clock: Clock) -> AsyncIterator[None]:
    """Run the job on schedule while the block runs; it is idempotent."""

    async def forget() -> None:
        async with transaction(sessions) as db:
            changes = await queries.delete_old(db, clock() - KEPT)
            await delete_old_runs(db, clock() - RUNS_KEPT)
            deliveries = await delete_settled(db, clock() - KEPT)
        log.info("change_log.forgotten", changes=changes, deliveries=deliveries)

    async with scheduled("change_log.retention", forget, _EVERY, _JITTER):
        yield
