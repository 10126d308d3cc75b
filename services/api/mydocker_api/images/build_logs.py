"""A Build's log as a stream: woken by the builder's news, and looking anyway now and then."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builds import BuildStatus, LogLine
from mydocker_kit.contracts.events import ChangeEvent
from mydocker_kit.errors import Unavailable

from ..feed import Feed

LOOK_AGAIN = 2.0
"""Seconds after which the log is read even without news."""
BATCH = 1000


@dataclass(frozen=True)
class LogEvent:
    """One event of the stream; without a kind it only says that the line is alive."""

    kind: str | None = None
    id: str | None = None
    data: LogLine | BuildStatus | None = None
    comment: str | None = None


async def follow_log(
    builder: BuilderClient,
    feed: Feed,
    build_id: UUID,
    after: int,
    is_over: Callable[[], bool],
) -> AsyncIterator[LogEvent]:
    """Lines above `after` as they come, then the end. A builder that is away is waited for.

    Breaks off when the reader's visit `is_over`.
    """
    async with feed.hub.subscribe() as news:
        while not is_over():
            try:
                page = await builder.log(build_id, after, BATCH)
                for line in page.lines:
                    after = line.number
                    yield LogEvent("line", str(line.number), line)
                if page.ended and len(page.lines) < BATCH:
                    yield LogEvent("end", str(after), await builder.get(build_id))
                    return
            except Unavailable:
                page = None
            if page is None or len(page.lines) < BATCH:
                yield LogEvent(comment="still here")
                await _news_of(news, build_id)


async def _news_of(news: asyncio.Queue[ChangeEvent], build_id: UUID) -> None:
    """Wait until this Build has news, for `LOOK_AGAIN` seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(LOOK_AGAIN):
            while (await news.get()).subject_id != build_id:
                pass
