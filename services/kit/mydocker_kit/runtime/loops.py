"""Loops that make desired state true: started by a wakeup, and by a timer anyway."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

from sqlalchemy import text
from sqlalchemy.ext.asyncio import AsyncEngine

from ..observability.logging import get_logger
from ..postgres.notify import Wakeup

log = get_logger()


async def run_forever(
    name: str, step: Callable[[], Awaitable[None]], wakeup: Wakeup, every: float
) -> None:
    """Call `step` at each wakeup and at least `every` seconds; an error is logged, not fatal."""
    failures = 0
    while True:
        try:
            await step()
            failures = 0
        except Exception:
            failures += 1
            log.exception("loop.step_failed", loop=name, failures=failures)
            await asyncio.sleep(min(5.0, 0.1 * 2**failures))
        await wakeup.wait(every)


@asynccontextmanager
async def background(*work: Awaitable[None]) -> AsyncIterator[None]:
    """Run `work` until the block ends, then cancel it."""
    tasks = [asyncio.ensure_future(coroutine) for coroutine in work]
    for task in tasks:
        task.add_done_callback(_log_exit)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        # Not `await task`: our own cancellation would look like the task's, and be lost.
        if tasks:
            await asyncio.wait(tasks)


def _log_exit(task: asyncio.Future[None]) -> None:
    """Log background tasks that exit with an error; none should exit."""
    if not task.cancelled() and (error := task.exception()):
        loop = task.get_coro() if isinstance(task, asyncio.Task) else task
        name = getattr(loop, "__qualname__", repr(loop))
        log.error("loop.ended", loop=name, exc_info=error)


async def while_leader(
    engine: AsyncEngine,
    lock: int,
    lead: Callable[[], Awaitable[None]],
    *,
    ask_every: float = 2.0,
    answer_within: float = 5.0,
) -> None:
    """Run `lead()` in at most one replica: whoever holds the advisory lock `lock`.

    The lock lives in a connection of its own; when that connection dies, or only falls silent,
    `lead` is cancelled: another replica has had the lock for `ask_every` and `answer_within` at
    most.
    """
    while True:
        try:
            async with engine.connect() as connection:
                async with asyncio.timeout(answer_within):
                    connection = await connection.execution_options(isolation_level="AUTOCOMMIT")
                    # An idle-session limit must not take the lock away.
                    await connection.execute(text("SET idle_in_transaction_session_timeout = 0"))
                    query = text("SELECT pg_try_advisory_lock(:lock)")
                    is_leader = await connection.scalar(query, {"lock": lock})
                if is_leader:
                    log.info("leader.elected", lock=lock)
                    work = asyncio.ensure_future(lead())
                    try:
                        while not work.done():
                            await asyncio.wait([work], timeout=ask_every)
                            async with asyncio.timeout(answer_within):
                                await connection.execute(text("SELECT 1"))
                        await work
                    finally:
                        work.cancel()
                        # Not `await work`: our own cancellation would look like the work's, and
                        # be lost: this replica would then lead for ever, and never stop.
                        try:
                            await asyncio.wait([work])
                        finally:
                            # Back in the pool it would still hold the lock.
                            await connection.invalidate()
        except Exception as error:
            log.warning("leader.lost", lock=lock, error=error)
        await asyncio.sleep(1)
