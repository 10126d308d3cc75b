"""A Build's log as a stream: read at each change of the Build, and every two seconds."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builder.builds import BuildStatus, LogLine
from mydocker_kit.contracts.events import ChangeEvent
from mydocker_kit.errors import Unavailable

from ..feed import Feed

POLL_EVERY = 2.0
"""Seconds after which the log is read even without a change."""
BATCH = 1000


@dataclass(frozen=True)
class LogEvent:
    """One event of the stream; without a kind it is a comment that keeps the connection open."""

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

    Ends when the reader's web session `is_over`.
    """
    async with feed.hub.subscribe() as changes:
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
                await _change_of(changes, build_id)


async def _change_of(changes: asyncio.Queue[ChangeEvent], build_id: UUID) -> None:
    """Wait until this Build changes, for at most `POLL_EVERY` seconds."""
    with suppress(TimeoutError):
        async with asyncio.timeout(POLL_EVERY):
            while (await changes.get()).subject_id != build_id:
                pass
