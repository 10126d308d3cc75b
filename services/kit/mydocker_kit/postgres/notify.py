"""LISTEN/NOTIFY wakeups and an in-process hub. Both only wake a reader; the truth is in a table."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from functools import partial
from typing import Generic, TypeVar

import asyncpg
from sqlalchemy import text
from sqlalchemy.engine import make_url
from sqlalchemy.ext.asyncio import AsyncSession

from ..observability.logging import get_logger

log = get_logger()
T = TypeVar("T")


class Wakeup:
    """An event that starts a pass of a loop early; it stays set until somebody waits for it."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self, *_: object) -> None:
        self._event.set()

    async def wait(self, at_most: float) -> bool:
        """Wait until it is set, for `at_most` seconds; True when it was."""
        await asyncio.sleep(0)  # a wakeup that is set all the time must not starve other tasks
        if at_most > 0 and not self._event.is_set():
            # Not wait_for: before Python 3.12 it loses a cancellation that comes with the event.
            with suppress(TimeoutError):
                async with asyncio.timeout(at_most):
                    await self._event.wait()
        was_set = self._event.is_set()
        self._event.clear()
        return was_set


class NumberedFeed(Generic[T]):
    """Rows with rising numbers that many follow: a wakeup per reader, the truth from the table."""

    def __init__(
        self, batch_after: Callable[[int], Awaitable[list[T]]], number: Callable[[T], int]
    ) -> None:
        self._batch_after, self._number = batch_after, number
        self._wakeups: set[Wakeup] = set()

    def wake(self, *_: object) -> None:
        """Wake every reader: something changed, or may have."""
        for wakeup in self._wakeups:
            wakeup.set()

    async def follow(self, after: int, silence: float) -> AsyncGenerator[list[T], None]:
        """Batches of rows after number `after`, for ever; an empty one after each `silence`."""
        wakeup = Wakeup()
        self._wakeups.add(wakeup)
        try:
            while True:
                batch = await self._batch_after(after)
                if batch:
                    after = self._number(batch[-1])
                    yield batch
                elif not await wakeup.wait(silence):
                    yield []
        finally:
            self._wakeups.discard(wakeup)


def _all(_: object) -> bool:
    return True


class Hub(Generic[T]):
    """Fans values out to readers in this process; a reader that lags loses the oldest."""

    def __init__(self, depth: int = 256) -> None:
        self._depth = depth
        self._readers: dict[asyncio.Queue[T], Callable[[T], bool]] = {}

    def publish(self, value: T) -> None:
        for queue, wants in self._readers.items():
            if not wants(value):
                continue
            if queue.full():
                queue.get_nowait()
            queue.put_nowait(value)

    @asynccontextmanager
    async def subscribe(self, wants: Callable[[T], bool] = _all) -> AsyncIterator[asyncio.Queue[T]]:
        """A queue of the values for which `wants` is true; other values do not wake its reader."""
        queue: asyncio.Queue[T] = asyncio.Queue(self._depth)
        self._readers[queue] = wants
        try:
            yield queue
        finally:
            del self._readers[queue]

    def __len__(self) -> int:
        return len(self._readers)


async def notify(db: AsyncSession, channel: str, payload: str = "") -> None:
    """Notify `channel` when this transaction commits."""
    await db.execute(
        text("SELECT pg_notify(:channel, :payload)"), {"channel": channel, "payload": payload}
    )


def _set(event: asyncio.Event, _: object) -> None:
    event.set()


async def _is_set(event: asyncio.Event, within: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            await event.wait()
    return event.is_set()


async def listen(
    database_url: str,
    channel: str,
    heard: Callable[[str], None],
    *,
    ask_every: float = 15.0,
    answer_within: float = 5.0,
) -> None:
    """Call `heard(payload)` for each notification, for ever, reconnecting.

    It is called once with an empty payload after every (re)connection, since notifications sent
    meanwhile are lost. A connection that only waits never notices that its peer has gone: a query
    checks it every `ask_every` seconds.
    """
    dsn = make_url(database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            connection = await asyncpg.connect(dsn, timeout=10)
            try:
                closed = asyncio.Event()
                connection.add_termination_listener(partial(_set, closed))
                await connection.add_listener(channel, lambda *args: heard(str(args[3])))
                heard("")
                while not await _is_set(closed, ask_every):
                    await connection.execute("SELECT 1", timeout=answer_within)
            finally:
                with suppress(Exception):
                    await connection.close(timeout=2)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, TimeoutError) as error:
            log.warning("notify.reconnecting", channel=channel, error=error)
        await asyncio.sleep(0.5)
