"""Samples of what pools really used, beside what was planned: the past of the forecast.

A scheduled job (APScheduler) inserts one row for each pool at each full ten minutes. The key is
(pool, moment), so that replicas and late runs never write a moment twice; a missed moment leaves a
gap in the picture and nothing else.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import distinct_on, insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..capacity.queries import known_pools
from ..domain.capacity.plan import loads_of
from ..domain.capacity.pool import PoolCapacity
from ..domain.capacity.sizes import Amounts
from ..models import KnownPool, PoolSample
from ..orchestration.status_cache import StatusCache
from . import queries
from .demands import present_capacity, reserved, running_of

log = get_logger()
EVERY = timedelta(minutes=10)
KEPT = timedelta(days=400)
_LOOK_EVERY = timedelta(minutes=2)
_MOST_POINTS = 300


async def sample(db: AsyncSession, statuses: StatusCache, now: datetime) -> int:
    """Record every pool of which machines were observed; returns how many rows are new."""
    if not statuses.loaded:
        return 0
    at = now - (now - datetime.min.replace(tzinfo=now.tzinfo)) % EVERY
    rows = [
        await _sample_of(db, statuses, pool, at, now)
        for pool in await known_pools(db)
        if pool.machines is not None
    ]
    if not rows:
        return 0
    new = insert(PoolSample).values(rows).on_conflict_do_nothing().returning(PoolSample.pool)
    written = len((await db.scalars(new)).all())
    await db.execute(delete(PoolSample).where(PoolSample.at < now - KEPT))
    return written


async def _sample_of(
    db: AsyncSession, statuses: StatusCache, known: KnownPool, at: datetime, now: datetime
) -> dict[str, object]:
    pool, capacity = known.pool, present_capacity(known)
    alive = [status for status in statuses.alive() if status.pool == pool.name]
    running = [status for status in alive if status.phase is not Phase.QUEUED]
    sizes = [environment.amounts for environment in await running_of(db, pool, running)]
    moment = (now, now + timedelta(microseconds=1))
    planned = reserved(await queries.sessions_of_pool(db, pool.name, *moment), pool)
    return {
        "pool": pool.name,
        "at": at,
        "environments": len(running),
        "waiting": len(alive) - len(running),
        "machines": len(capacity.machines),
        "used_machines": _machines({size: sizes.count(size) for size in sizes}, capacity),
        "planned_environments": sum(demand.count for demand in planned),
        "planned_machines": _machines(dict(loads_of(planned)), capacity),
    }


def _machines(loads: dict[Amounts, int], capacity: PoolCapacity) -> int:
    """How many machines these environments take."""
    packing = capacity.pack(loads, sum(loads.values()))
    return packing.used + packing.made


async def samples_between(
    db: AsyncSession, pool: str, starts_at: datetime, ends_at: datetime
) -> Sequence[PoolSample]:
    """Samples of this time, oldest first; the fullest of each stretch where there are many."""
    stretch = max(EVERY, (ends_at - starts_at) / _MOST_POINTS)
    bucket = func.date_bin(stretch, PoolSample.at, starts_at)
    within = (PoolSample.pool == pool, PoolSample.at >= starts_at, PoolSample.at < ends_at)
    fullest = (
        select(PoolSample.at)
        .where(*within)
        .ext(distinct_on(bucket))
        .order_by(bucket, PoolSample.used_machines.desc(), PoolSample.at)
        .subquery()
    )
    query = select(PoolSample).where(*within, PoolSample.at.in_(select(fullest.c.at)))
    return (await db.scalars(query.order_by(PoolSample.at))).all()


@asynccontextmanager
async def sampling(sessions: Sessions, statuses: StatusCache, clock: Clock) -> AsyncIterator[None]:
    """Run the job on schedule while the block runs; it is idempotent."""

    async def run() -> None:
        async with transaction(sessions) as db:
            written = await sample(db, statuses, clock())
        if written:
            log.info("capacity.sampled", pools=written)

    async with scheduled("capacity", run, _LOOK_EVERY):
        yield
