"""Collects what nothing uses any more: contexts, chunks, abandoned uploads."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..uploads.queries import delete_abandoned
from ..uploads.service import KEPT
from . import queries

log = get_logger()
UNUSED_KEPT = timedelta(hours=1)
"""Longer than an upload is unpacked, so that no chunk goes between its storing and its context."""
_EVERY = timedelta(hours=1)
_JITTER = timedelta(minutes=5)


async def collect(sessions: Sessions, clock: Clock, builds_kept: timedelta) -> tuple[int, int, int]:
    """Delete it; returns how many contexts, chunks and uploads. Idempotent."""
    now = clock()
    async with transaction(sessions) as db:
        uploads = await delete_abandoned(db, now - KEPT)
    async with transaction(sessions) as db:
        contexts = await queries.delete_unused_contexts(db, now - UNUSED_KEPT, now - builds_kept)
    chunks = 0
    while True:
        async with transaction(sessions) as db:
            gone = await queries.delete_unused_chunks(db, now - UNUSED_KEPT)
        chunks += gone
        if not gone:
            return contexts, chunks, uploads


@asynccontextmanager
async def retention(
    sessions: Sessions, clock: Clock, builds_kept: timedelta
) -> AsyncIterator[None]:
    """Run the job on schedule while the block runs."""

    async def run() -> None:
        contexts, chunks, uploads = await collect(sessions, clock, builds_kept)
        log.info("contexts.collected", contexts=contexts, chunks=chunks, uploads=uploads)

    async with scheduled("contexts", run, _EVERY, _JITTER):
        yield
