"""Retention: an hourly job deletes old launch records, ended API tokens and idempotency keys."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..api_tokens.queries import delete_ended
from ..idempotency.records import forget_expired
from ..models import LaunchRecord

log = get_logger()
LAUNCHES_KEPT = timedelta(days=1)
"""A launch is repeated within seconds or never."""
ENDED_TOKENS_KEPT = timedelta(days=30)
_EVERY = timedelta(hours=1)
_JITTER = timedelta(minutes=5)
"""So that replicas do not run all at once."""


async def forget_old_launches(db: AsyncSession, now: datetime) -> int:
    """Delete launch records older than `LAUNCHES_KEPT`; returns how many."""
    old = delete(LaunchRecord).where(LaunchRecord.received_at < now - LAUNCHES_KEPT)
    gone = await db.execute(old.returning(LaunchRecord.id))
    return len(gone.all())


@asynccontextmanager
async def retention(sessions: Sessions, clock: Clock) -> AsyncIterator[None]:
    """Run the job on schedule while the block runs; it is idempotent."""

    async def forget() -> None:
        async with transaction(sessions) as db:
            launches = await forget_old_launches(db, clock())
            tokens = await delete_ended(db, clock() - ENDED_TOKENS_KEPT)
            keys = await forget_expired(db, clock())
        log.info("retention.done", launches=launches, api_tokens=tokens, idempotency_keys=keys)

    async with scheduled("retention", forget, _EVERY, _JITTER):
        yield
