"""What a running build says, gathered and stored in batches; the lease is renewed on the way."""

import asyncio
from dataclasses import dataclass, field, replace

from sqlalchemy.exc import SQLAlchemyError

from mydocker_kit.contracts.builds import BuildPhase
from mydocker_kit.contracts.values import clean_text
from mydocker_kit.db_errors import DatabaseUnavailable
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from .ledger import End, Job, LeaseLost, Ledger, Progress
from .pipeline import BuildEvent, Published, PushBegan, Said, StepBegan

log = get_logger()
MAX_LINES = 20_000
"""Lines of one build's log; what comes after is not stored."""
_GATHER = 0.2
"""Seconds between two batches: quick for a reader, slow for the database."""
_DATABASE_ERRORS = (DatabaseUnavailable, SQLAlchemyError, OSError, TimeoutError)


class CancelAsked(Exception):
    """Somebody wants this build to end."""


@dataclass
class Journal:
    """One attempt's story between the pipeline and the ledger."""

    ledger: Ledger
    job: Job
    bell: Bell = field(default_factory=Bell)
    progress: Progress = field(init=False)
    _lines: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.progress = Progress(first=self.job.log_lines + 1)
        if self.job.log_lines:
            self.say(f"──── Attempt {self.job.attempt}: the build begins again ────")

    def note(self, event: BuildEvent) -> None:
        """Remember an event; it is stored soon."""
        match event:
            case Said(text):
                self.say(text)
            case StepBegan(number, instruction):
                self.progress = replace(self.progress, step=number, instruction=instruction)
            case PushBegan():
                self.progress = replace(self.progress, phase=BuildPhase.PUSHING)
            case Published():
                pass  # the runner ends the build with it
        self.bell.ring()

    def say(self, text: str) -> None:
        """Add lines to the log."""
        for line in clean_text(text).rstrip("\n").split("\n"):
            number = self.progress.first + len(self._lines)
            if number < MAX_LINES:
                self._lines.append(line)
            elif number == MAX_LINES:
                self._lines.append(f"The log is cut here, after {MAX_LINES} lines.")

    async def keep(self) -> None:
        """Store what is said and renew the lease, until cancelled, `CancelAsked` or `LeaseLost`."""
        lease, heard = self.ledger.lease.total_seconds(), self._seconds()
        while self._seconds() - heard < lease:
            await self.bell.wait(lease / 5)
            try:
                async with asyncio.timeout(lease / 3):
                    cancel = await self._store()
            except _DATABASE_ERRORS as error:
                log.warning("build.not_stored", id=str(self.job.id), error=type(error).__name__)
                await asyncio.sleep(min(1.0, lease / 10))
                continue
            if cancel:
                raise CancelAsked
            heard = self._seconds()
            await asyncio.sleep(_GATHER)
        raise LeaseLost

    async def end(self, end: End) -> None:
        """Store the end; a database that is away gets as long as the lease."""
        async with asyncio.timeout(self.ledger.lease.total_seconds()):
            while True:
                try:
                    await self.ledger.end(self.job, self._unstored(), end)
                except (DatabaseUnavailable, SQLAlchemyError, OSError) as error:
                    log.warning("build.end_not_stored", id=str(self.job.id), error=error)
                    await asyncio.sleep(0.5)
                else:
                    return

    async def give_back(self) -> None:
        """Return the build to the queue."""
        await self.ledger.give_back(self.job, self._unstored())

    def _unstored(self) -> Progress:
        return replace(self.progress, lines=tuple(self._lines))

    async def _store(self) -> bool:
        now = self._unstored()
        cancel = await self.ledger.keep(self.job, now)
        del self._lines[: len(now.lines)]
        self.progress = replace(self.progress, first=now.first + len(now.lines))
        return cancel

    @staticmethod
    def _seconds() -> float:
        return asyncio.get_running_loop().time()
