"""Inspects each started container once: security settings and writable work folders.

An environment becomes ready only after this inspection; the planner reads the results.
"""

import asyncio
from collections.abc import Callable, Mapping

from mydocker_kit.observability.logging import get_logger

from ..domain.planner.actions import ContainerKey
from ..metrics import CONTAINERS_INSPECTED
from ..swarm.interface import SwarmClient
from .started import StartedContainer

log = get_logger()
_FIRST_PAUSE, _LAST_PAUSE = 0.05, 2.0
_CONCURRENCY = 16


class Inspector:
    """`differences`: what differs from the profile, for each inspected container;
    `unwritable_folders`: the path of a work folder that its user cannot write in."""

    def __init__(self, swarm: SwarmClient, on_result: Callable[[], None]) -> None:
        self.differences: dict[ContainerKey, tuple[str, ...]] = {}
        self.unwritable_folders: dict[ContainerKey, str] = {}
        self._swarm, self._on_result = swarm, on_result
        self._tasks: dict[ContainerKey, asyncio.Task[None]] = {}
        self._slots = asyncio.Semaphore(_CONCURRENCY)

    def set_targets(self, started: Mapping[ContainerKey, StartedContainer]) -> None:
        """Inspect these containers and no others; known results of them stay."""
        for key in self._tasks.keys() - started.keys():
            self._tasks.pop(key).cancel()
        for key in self.differences.keys() - started.keys():
            del self.differences[key]
            self.unwritable_folders.pop(key, None)
        for key in started.keys() - self._tasks.keys():
            self._tasks[key] = asyncio.create_task(self._inspect(started[key]))

    def stop(self) -> None:
        self.set_targets({})

    async def _inspect(self, container: StartedContainer) -> None:
        environment, task = container.environment, container.task
        pause = _FIRST_PAUSE
        while True:
            try:
                async with self._slots:
                    differences = await self._swarm.hardening_differences(environment, task)
                    path = await self._swarm.unwritable_folder(environment, task)
                break
            except Exception as error:  # a malformed answer too: nothing else would retry
                log.warning("container.inspection_failed", id=str(environment.id), error=error)
            await asyncio.sleep(pause)
            pause = min(_LAST_PAUSE, pause * 2)
        outcome = "unknown" if differences is None else "differs" if differences else "held"
        CONTAINERS_INSPECTED.labels(outcome).inc()
        if differences:
            log.error(
                "container.hardening_differs",
                id=str(environment.id),
                attempt=environment.attempt,
                node=task.node,
                differences=list(differences),
            )
        if path:
            log.warning("folder.not_writable", id=str(environment.id), path=path)
            self.unwritable_folders[container.key] = path
        self.differences[container.key] = differences or ()
        self._on_result()
