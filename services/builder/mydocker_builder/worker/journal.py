"""Log and progress of a running build: stored in batches, with the lease renewed at each."""

import asyncio
from collections import deque
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.values import clean_text
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db_errors import DatabaseUnavailable
from mydocker_kit.postgres.notify import Wakeup

from ..domain.steps import Output, StepStarted
from .ledger import End, Job, LeaseLost, Ledger, Progress
from .pipeline import BuildEvent, Published, PushStarted

log = get_logger()
MAX_LINES = 20_000
"""Lines of one build's log that are stored as they come, however short: pages show them all."""
LAST_LINES = 1_000
"""Lines stored at the end of a log that is longer than allowed."""
_BATCH_SECONDS = 0.2
"""Seconds between two batches: fast for a reader, slow for the database."""
_DATABASE_ERRORS = (DatabaseUnavailable, SQLAlchemyError, OSError, TimeoutError)


class CancelRequested(Exception):
    """A cancel of this build was requested."""


@dataclass
class Journal:
    """Buffers the events of one attempt between pipeline and ledger."""

    ledger: Ledger
    job: Job
    max_bytes: int
    """Of the log that are stored as they come; of later lines only the last are."""
    wakeup: Wakeup = field(default_factory=Wakeup)
    progress: Progress = field(init=False)
    _lines: list[str] = field(default_factory=list)
    _tail: deque[str] = field(default_factory=lambda: deque(maxlen=LAST_LINES))
    _left_out: int = 0
    _bytes: int = 0
    _is_cut: bool = False

    def __post_init__(self) -> None:
        self.progress = Progress(first=self.job.log_lines + 1)
        if self.job.log_lines:
            attempt = self.job.attempt
            self.add_output(f"──── Attempt {attempt}: the build begins again ────")

    def add(self, event: BuildEvent) -> None:
        """Buffer an event and wake the task that stores it."""
        match event:
            case Output(text):
                self.add_output(text)
            case StepStarted(number, total, instruction):
                self.progress = replace(
                    self.progress, step=number, steps=total, instruction=instruction
                )
            case PushStarted():
                self.progress = replace(self.progress, phase=BuildPhase.PUSHING)
            case Published():
                pass  # the runner ends the build with it
        self.wakeup.set()

    def add_output(self, text: str) -> None:
        """Add lines to the log."""
        for line in clean_text(text).rstrip("\n").split("\n"):
            number = self.progress.first + len(self._lines)
            self._bytes += len(line.encode()) + 1
            if not self._is_cut and number < MAX_LINES and self._bytes <= self.max_bytes:
                self._lines.append(line)
                continue
            if not self._is_cut:
                self._is_cut = True
                self._lines.append(
                    f"The log is longer than allowed: of the rest, the last {LAST_LINES} lines "
                    "follow when the build ends."
                )
            self._left_out += len(self._tail) == LAST_LINES
            self._tail.append(line)

    async def store_and_renew(self) -> None:
        """Store batches and renew the lease until cancelled, `CancelRequested` or `LeaseLost`."""
        lease, renewed_at = self.ledger.lease.total_seconds(), self._seconds()
        while self._seconds() - renewed_at < lease:
            await self.wakeup.wait(lease / 5)
            try:
                async with asyncio.timeout(lease / 3):
                    is_cancelled = await self._store()
            except _DATABASE_ERRORS as error:
                log.warning("build.not_stored", id=str(self.job.id), error=type(error).__name__)
                await asyncio.sleep(min(1.0, lease / 10))
                continue
            if is_cancelled:
                raise CancelRequested
            renewed_at = self._seconds()
            await asyncio.sleep(_BATCH_SECONDS)
        raise LeaseLost

    async def end(self, end: End) -> None:
        """Store the end; retry for as long as the lease while the database is away."""
        self._add_tail()
        async with asyncio.timeout(self.ledger.lease.total_seconds()):
            while True:
                try:
                    await self.ledger.end(self.job, self._pending(), end)
                except (DatabaseUnavailable, SQLAlchemyError, OSError) as error:
                    log.warning("build.end_not_stored", id=str(self.job.id), error=error)
                    await asyncio.sleep(0.5)
                else:
                    return

    async def requeue(self) -> None:
        """Return the build to the queue."""
        self._add_tail()
        await self.ledger.requeue(self.job, self._pending())

    def _add_tail(self) -> None:
        if self._left_out:
            self._lines.append(f"… {self._left_out} lines are left out …")
        self._lines += self._tail
        self._tail.clear()
        self._left_out = 0

    def _pending(self) -> Progress:
        return replace(self.progress, lines=tuple(self._lines))

    async def _store(self) -> bool:
        batch = self._pending()
        is_cancelled = await self.ledger.store_progress(self.job, batch)
        del self._lines[: len(batch.lines)]
        self.progress = replace(self.progress, first=batch.first + len(batch.lines))
        return is_cancelled

    @staticmethod
    def _seconds() -> float:
        return asyncio.get_running_loop().time()
