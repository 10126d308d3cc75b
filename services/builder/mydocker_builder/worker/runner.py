"""The runner: claims builds, runs them concurrently, records how they end.

Data flow: `Runner.step` requeues builds of lost builders, claims queued builds (`FOR UPDATE SKIP
LOCKED`) up to its concurrency, and starts a task for each. A task runs two coroutines side by side:
one consumes the pipeline's events (build, push) into a `Journal`, the other stores the journal in
batches and renews the lease. The first that ends decides the outcome.

Invariant: only the holder of an unexpired lease writes a build, so at most one builder works on it;
a builder that cannot renew its lease stops touching the row (`LeaseLost`).

It survives a crash because claim, lease and log are rows: when a builder dies, its lease expires
and another builder requeues the build. A tag names one build and never moves, so a build that was
already pushed is found in the registry and not repeated. `SIGTERM` requeues at once.
"""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from mydocker_kit.contracts.builder.builds import BuildFailure, BuildPhase
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.runtime.loops import run_forever

from .. import metrics
from ..domain.failures import BuildFailed
from .contexts import ContextStore
from .engine import Engine
from .journal import CancelRequested, Journal
from .ledger import End, Job, LeaseLost, Ledger
from .pipeline import BuildTarget, ImageLimits, Published, run_build

log = get_logger()
_POLL_INTERVAL = 2.0
"""Seconds between two looks at the queue without a notification."""


@dataclass
class Runner:
    """The builds of this process."""

    ledger: Ledger
    engine: Engine
    contexts: ContextStore
    registry: str
    concurrency: int
    seconds: float
    """A build's time limit, push included."""
    limits: ImageLimits
    log_bytes: int
    """Of one build's log that are stored as they come; of a longer log the end follows."""
    wakeup: Wakeup = field(default_factory=Wakeup)
    _jobs: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)
    _journals: dict[UUID, Journal] = field(default_factory=dict)

    async def run(self) -> None:
        """Work until cancelled, then requeue what is not finished."""
        try:
            await run_forever("builds", self.step, self.wakeup, _POLL_INTERVAL)
        finally:
            jobs = list(self._jobs.values())
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def step(self) -> None:
        """Requeue lost builds, then claim builds up to the concurrency. Idempotent."""
        await self.ledger.requeue_lost()
        while len(self._jobs) < self.concurrency and (job := await self.ledger.claim()):
            self._start(job)
        metrics.QUEUED.set(await self.ledger.queue_length())
        metrics.RUNNING.set(len(self._jobs))

    def wake_for_cancel(self, id: UUID) -> None:
        """Make the build with this id read its row at once, if it runs here."""
        if id in self._journals:
            self._journals[id].wakeup.set()

    def _start(self, job: Job) -> None:
        self._journals[job.id] = Journal(self.ledger, job, self.log_bytes)
        task = asyncio.create_task(self._work(self._journals[job.id]))
        self._jobs[job.id] = task
        task.add_done_callback(lambda _: self._forget(job.id))

    def _forget(self, id: UUID) -> None:
        del self._jobs[id], self._journals[id]
        self.wakeup.set()

    async def _work(self, journal: Journal) -> None:
        job, began = journal.job, asyncio.get_running_loop().time()
        with structlog.contextvars.bound_contextvars(id=str(job.id), attempt=job.attempt):
            log.info("build.started", image=str(job.request.image_id))
            try:
                end = await self._outcome(journal)
                await journal.end(end)
            except asyncio.CancelledError:
                await journal.requeue()
                log.info("build.requeued")
                raise
            except LeaseLost:
                log.warning("build.lease_lost")
                return
            except Exception:
                log.exception("build.end_lost")  # its lease expires and it is requeued
                return
            spent = asyncio.get_running_loop().time() - began
            outcome = end.failure or end.phase
            metrics.BUILDS.labels(outcome.value).inc()
            metrics.BUILD_SECONDS.labels(outcome.value).observe(spent)
            log.info("build.ended", outcome=outcome.value, seconds=round(spent, 1))

    async def _outcome(self, journal: Journal) -> End:
        """Run the build while its lease is renewed; whichever ends first decides."""
        building = asyncio.create_task(self._build(journal))
        renewing = asyncio.create_task(journal.store_and_renew())
        both = (building, renewing)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if building.done():
                return building.result()
            renewing.result()
            raise LeaseLost  # store_and_renew() never returns by itself
        except CancelRequested:
            journal.add_output("Cancelled.")
            return End(BuildPhase.CANCELLED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _build(self, journal: Journal) -> End:
        job = journal.job
        target = BuildTarget(
            job.id, job.request, self.registry, self.limits, repeated=job.attempt > 1
        )
        limit = asyncio.timeout(self.seconds)
        try:
            async with limit, aclosing(run_build(self.engine, self.contexts, target)) as events:
                async for event in events:
                    journal.add(event)
                    if isinstance(event, Published):
                        return End(
                            BuildPhase.SUCCEEDED,
                            tag=event.tag,
                            reference=event.reference,
                            root_findings=event.root_findings,
                            size=event.size,
                            inventory=event.inventory,
                        )
            raise RuntimeError("the build's events ended without a result")
        except BuildFailed as failed:
            return _failure(failed.failure, failed.message, failed.line)
        except TimeoutError:
            if not limit.expired():
                raise
            message = f"Not finished after {self.seconds:.0f} seconds."
            journal.add_output(message)
            return _failure(BuildFailure.TOO_SLOW, message)
        except Exception as error:
            log.exception("build.crashed")
            journal.add_output(f"The builder failed: {type(error).__name__}")
            return _failure(BuildFailure.ENGINE_REFUSED, f"{type(error).__name__}: {error}")


def _failure(kind: BuildFailure, message: str, line: int | None = None) -> End:
    return End(BuildPhase.FAILED, kind, message, line)
