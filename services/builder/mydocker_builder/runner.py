"""Claims builds, runs them beside each other, records how they end."""

import asyncio
from contextlib import aclosing
from dataclasses import dataclass, field
from uuid import UUID

import structlog

from mydocker_kit.contracts.builds import BuildFailure, BuildPhase
from mydocker_kit.logging import get_logger
from mydocker_kit.loops import run_forever
from mydocker_kit.notify import Bell

from . import metrics
from .domain.failures import BuildFailed
from .engine import Engine
from .journal import CancelAsked, Journal
from .ledger import End, Job, LeaseLost, Ledger
from .pipeline import Order, Published, run_build

log = get_logger()
_LOOK_AGAIN = 2.0
"""Seconds between looks at the queue when no bell rings."""


@dataclass
class Runner:
    """This process's builds."""

    ledger: Ledger
    engine: Engine
    registry: str
    at_once: int
    seconds: float
    """A build's time limit, push included."""
    bell: Bell = field(default_factory=Bell)
    _jobs: dict[UUID, asyncio.Task[None]] = field(default_factory=dict)
    _journals: dict[UUID, Journal] = field(default_factory=dict)

    async def run(self) -> None:
        """Work until cancelled, then give back what is not finished."""
        try:
            await run_forever("builds", self.step, self.bell, _LOOK_AGAIN)
        finally:
            jobs = list(self._jobs.values())
            for job in jobs:
                job.cancel()
            await asyncio.gather(*jobs, return_exceptions=True)

    async def step(self) -> None:
        """Take back lost builds, then fill the free places. Safe to repeat at any moment."""
        await self.ledger.recover()
        while len(self._jobs) < self.at_once and (job := await self.ledger.claim()):
            self._start(job)
        metrics.QUEUED.set(await self.ledger.queue_length())
        metrics.RUNNING.set(len(self._jobs))

    def cancel_asked(self, id: UUID) -> None:
        """Make the build with this id look at its row at once, if it is ours."""
        if id in self._journals:
            self._journals[id].bell.ring()

    def _start(self, job: Job) -> None:
        self._journals[job.id] = Journal(self.ledger, job)
        task = asyncio.create_task(self._work(self._journals[job.id]))
        self._jobs[job.id] = task
        task.add_done_callback(lambda _: self._forget(job.id))

    def _forget(self, id: UUID) -> None:
        del self._jobs[id], self._journals[id]
        self.bell.ring()

    async def _work(self, journal: Journal) -> None:
        job, began = journal.job, asyncio.get_running_loop().time()
        with structlog.contextvars.bound_contextvars(id=str(job.id), attempt=job.attempt):
            log.info("build.started", image=str(job.request.image_id))
            try:
                end = await self._outcome(journal)
                await journal.end(end)
            except asyncio.CancelledError:
                await journal.give_back()
                log.info("build.given_back")
                raise
            except LeaseLost:
                log.warning("build.lease_lost")
                return
            except Exception:
                log.exception("build.end_lost")  # its lease runs out and it is taken back
                return
            spent = asyncio.get_running_loop().time() - began
            outcome = end.failure or end.phase
            metrics.BUILDS.labels(outcome.value).inc()
            metrics.BUILD_SECONDS.labels(outcome.value).observe(spent)
            log.info("build.ended", outcome=outcome.value, seconds=round(spent, 1))

    async def _outcome(self, journal: Journal) -> End:
        """Run the build beside the keeping of its lease; whichever ends first decides."""
        telling = asyncio.create_task(self._tell(journal))
        keeping = asyncio.create_task(journal.keep())
        both = (telling, keeping)
        try:
            await asyncio.wait(both, return_when=asyncio.FIRST_COMPLETED)
            if telling.done():
                return telling.result()
            keeping.result()
            raise LeaseLost  # keep() never returns by itself
        except CancelAsked:
            journal.say("Cancelled.")
            return End(BuildPhase.CANCELLED)
        finally:
            for task in both:
                task.cancel()
            await asyncio.gather(*both, return_exceptions=True)

    async def _tell(self, journal: Journal) -> End:
        job = journal.job
        order = Order(job.id, job.request, self.registry, repeated=job.attempt > 1)
        limit = asyncio.timeout(self.seconds)
        try:
            async with limit, aclosing(run_build(self.engine, order)) as events:
                async for event in events:
                    journal.note(event)
                    if isinstance(event, Published):
                        tag, reference = event.tag, event.reference
                        return End(BuildPhase.SUCCEEDED, tag=tag, reference=reference)
            raise RuntimeError("a build ended without a word")
        except BuildFailed as failed:
            return _failure(failed.failure, failed.message, failed.line)
        except TimeoutError:
            if not limit.expired():
                raise
            message = f"Not finished after {self.seconds:.0f} seconds."
            journal.say(message)
            return _failure(BuildFailure.TOO_SLOW, message)
        except Exception as error:
            log.exception("build.broke")
            journal.say(f"The builder failed: {type(error).__name__}")
            return _failure(BuildFailure.ENGINE_REFUSED, f"{type(error).__name__}: {error}")


def _failure(kind: BuildFailure, message: str, line: int | None = None) -> End:
    return End(BuildPhase.FAILED, kind, message, line)
