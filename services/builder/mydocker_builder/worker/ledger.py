"""The runner's short transactions: claim a build, store progress, end it, requeue it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.builder.builds import (
    BuildFailure,
    BuildPhase,
    BuildRequest,
    RootFinding,
)
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import notify

from .. import metrics, queries
from ..inventory.queries import store
from ..inventory.reading import Inventory
from ..models import Build
from .engine import ImageSize

log = get_logger()
MAX_ATTEMPTS = 3
"""A build is requeued at most twice: one that crashes its builder must not do so for ever."""


class LeaseLost(Exception):
    """Another builder may hold this build now; stop writing to it."""


@dataclass(frozen=True)
class Job:
    """A build that this process has claimed."""

    id: UUID
    request: BuildRequest
    attempt: int
    log_lines: int
    """Lines its log already has."""


@dataclass(frozen=True)
class Progress:
    """Phase and step of a running build, and the lines not stored yet."""

    phase: BuildPhase = BuildPhase.BUILDING
    step: int | None = None
    steps: int | None = None
    instruction: str | None = None
    first: int = 1
    """Number of the first of `lines`."""
    lines: Sequence[str] = ()


@dataclass(frozen=True)
class End:
    """How a build ended."""

    phase: BuildPhase
    failure: BuildFailure | None = None
    message: str = ""
    line: int | None = None
    tag: str | None = None
    reference: str | None = None
    root_findings: tuple[RootFinding, ...] | None = None
    size: ImageSize | None = None
    inventory: Inventory | None = None


@dataclass(frozen=True)
class Ledger:
    """Access of one builder process to its builds."""

    sessions: Sessions
    worker: UUID
    lease: timedelta
    clock: Clock = field(repr=False)

    async def claim(self) -> Job | None:
        """Claim the next build of the queue."""
        async with transaction(self.sessions) as db:
            build = await queries.next_in_queue(db)
            if build is None:
                return None
            now = self.clock()
            build.phase, build.started_at = BuildPhase.BUILDING, now
            build.step = build.steps = build.instruction = None
            build.attempt += 1
            build.worker, build.lease_ends_at = self.worker, now + self.lease
            build.change = await queries.next_change(db)
            return Job(build.id, build.request(), build.attempt, build.log_lines)

    async def store_progress(self, job: Job, progress: Progress) -> bool:
        """Store progress and renew the lease; True when a cancel was requested."""
        async with transaction(self.sessions) as db:
            build = await self._own_build(db, job)
            build.lease_ends_at = self.clock() + self.lease
            before = (build.phase, build.step, build.log_lines)
            await _write_progress(db, build, progress)
            if before != (build.phase, build.step, build.log_lines):
                build.change = await queries.next_change(db)
            return build.cancel_asked

    async def end(self, job: Job, progress: Progress, end: End) -> None:
        """Store the end of a build."""
        async with transaction(self.sessions) as db:
            build = await self._own_build(db, job)
            await _write_progress(db, build, progress)
            build.failure, build.message, build.line = end.failure, end.message, end.line
            build.tag, build.reference = end.tag, end.reference
            if end.size is not None:
                build.size_bytes, build.layers = end.size.bytes, end.size.layers
            if end.root_findings is not None:
                build.root_findings = [
                    finding.model_dump(mode="json") for finding in end.root_findings
                ]
            _finish(build, end.phase, self.clock())
            if end.inventory is not None:
                await store(db, build.id, end.inventory, self.clock())
            build.change = await queries.next_change(db)

    async def requeue(self, job: Job, progress: Progress) -> None:
        """Requeue at shutdown: another process starts again, and this attempt does not count."""
        async with transaction(self.sessions) as db:
            build = await self._own_build(db, job)
            await _write_progress(db, build, progress)
            build.attempt -= 1
            await _requeue(db, build)

    async def requeue_lost(self) -> None:
        """Requeue builds whose builder no longer renews its lease."""
        async with transaction(self.sessions) as db:
            for build in await queries.lost_builds(db, self.clock()):
                log.warning("build.lost", id=str(build.id), attempt=build.attempt)
                metrics.REQUEUED.inc()
                await _requeue_or_fail(db, build, self.clock())

    async def queue_length(self) -> int:
        async with transaction(self.sessions) as db:
            return await queries.queue_length(db)

    async def _own_build(self, db: AsyncSession, job: Job) -> Build:
        build = await queries.leased_build(db, job.id, self.worker)
        if build is None or build.attempt != job.attempt:
            raise LeaseLost
        return build


async def _write_progress(db: AsyncSession, build: Build, progress: Progress) -> None:
    build.phase, build.step, build.steps = progress.phase, progress.step, progress.steps
    build.instruction = progress.instruction
    if progress.lines:
        await queries.write_lines(db, build.id, progress.first, progress.lines)
        build.log_lines = progress.first + len(progress.lines) - 1


async def _requeue_or_fail(db: AsyncSession, build: Build, now: datetime) -> None:
    if build.cancel_asked:
        _finish(build, BuildPhase.CANCELLED, now)
    elif build.attempt >= MAX_ATTEMPTS:
        build.failure = BuildFailure.BUILDER_LOST
        build.message = f"The builder was lost {build.attempt} times during this build."
        _finish(build, BuildPhase.FAILED, now)
    else:
        await _requeue(db, build)
        return
    build.change = await queries.next_change(db)


async def _requeue(db: AsyncSession, build: Build) -> None:
    build.phase, build.worker, build.lease_ends_at = BuildPhase.QUEUED, None, None
    build.step = build.steps = build.instruction = None
    await notify(db, queries.CHANNEL, "queue")
    build.change = await queries.next_change(db)


def _finish(build: Build, phase: BuildPhase, now: datetime) -> None:
    build.phase, build.ended_at = phase, now
    build.worker, build.lease_ends_at = None, None
