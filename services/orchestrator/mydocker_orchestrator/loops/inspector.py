"""Looks at each started container once: how it is held, and whether its work folder is writable.

What it found, the planner asks: nothing becomes ready before this look.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from mydocker_kit.logging import get_logger

from ..domain.lifecycle.transitions import Environment
from ..domain.observed_state import FoundTask
from ..domain.planner.plan import Container
from ..metrics import HELD
from ..swarm.interface import SwarmDoor

log = get_logger()
_FIRST_PAUSE, _LAST_PAUSE = 0.05, 2.0
_AT_ONCE = 16


@dataclass(frozen=True)
class Started:
    """A container that runs and has not been looked at."""

    environment: Environment
    task: FoundTask

    @property
    def key(self) -> Container:
        return (self.environment.id, self.environment.attempt, self.task.container_id or "")


class Inspector:
    """`verdicts`: what differs from the profile, for each container looked at;
    `unwritable`: the path of a work folder that its user cannot write in."""

    def __init__(self, swarm: SwarmDoor, on_verdict: Callable[[], None]) -> None:
        self.verdicts: dict[Container, tuple[str, ...]] = {}
        self.unwritable: dict[Container, str] = {}
        self._swarm, self._on_verdict = swarm, on_verdict
        self._looking: dict[Container, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def keep(self, started: Mapping[Container, Started]) -> None:
        """Look at these and no others; what is known of them stays known."""
        for key in self._looking.keys() - started.keys():
            self._looking.pop(key).cancel()
        for key in self.verdicts.keys() - started.keys():
            del self.verdicts[key]
            self.unwritable.pop(key, None)
        for key in started.keys() - self._looking.keys():
            self._looking[key] = asyncio.create_task(self._look(started[key]))

    def stop(self) -> None:
        self.keep({})

    async def _look(self, one: Started) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._slots:
                    found = await self._swarm.not_held(one.environment, one.task)
                    path = await self._swarm.unwritable_folder(one.environment, one.task)
                break
            except Exception as error:  # an answer may be garbled: nobody else would ask again
                log.warning("holding.unread", id=str(one.environment.id), error=error)
            await asyncio.sleep(pause)
            pause = min(_LAST_PAUSE, pause * 2)
        outcome = "unknown" if found is None else "differs" if found else "held"
        HELD.labels(outcome).inc()
        if found:
            log.error(
                "holding.differs",
                id=str(one.environment.id),
                attempt=one.environment.attempt,
                node=one.task.node,
                differences=list(found),
            )
        if path:
            log.warning("folder.not_writable", id=str(one.environment.id), path=path)
            self.unwritable[one.key] = path
        self.verdicts[one.key] = found or ()
        self._on_verdict()
