"""Periodic jobs that only the clock starts, run by APScheduler.

For work that may come late, be missed once or run in two replicas at once: clean-up, a look at what
has become due. What reacts to changes belongs into `loops.run_forever`
(docs/decisions/0019-loops-and-schedules.md).
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from ..observability.logging import get_logger

log = get_logger()


@asynccontextmanager
async def scheduled(
    name: str,
    job: Callable[[], Awaitable[None]],
    every: timedelta,
    jitter: timedelta = timedelta(0),
) -> AsyncIterator[None]:
    """Run `job` at this interval while the block runs, the first time after one interval.

    `jitter` spreads replicas: each run is up to that much earlier or later. A run that is late
    counts once, and none begins while the one before it goes on. Errors are logged.
    """

    async def run() -> None:
        try:
            await job()
        except Exception:
            log.exception("job.failed", job=name)

    scheduler = AsyncIOScheduler(timezone=UTC)
    scheduler.add_job(
        run,
        "interval",
        seconds=every.total_seconds(),
        jitter=int(jitter.total_seconds()) or None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    try:
        yield
    finally:
        scheduler.shutdown(wait=False)
