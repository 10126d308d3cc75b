"""Asks the volume plugins of nodes how full work folders are; the planner writes it to rows.

One task per node with running environments whose folders have a size. A plugin answers for all its
volumes at once and walks through no files, so that this costs one request per node and interval.
Usage lives in memory: a new leader asks again.
"""

import asyncio
from collections.abc import Callable, Mapping
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import FolderUse
from mydocker_kit.observability.logging import get_logger

from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import ObservedState, TaskState
from ..metrics import FOLDER_MEASUREMENTS
from ..swarm.interface import SwarmClient

log = get_logger()
INTERVAL = 10.0
"""Seconds between two measurements of a node."""


class FolderUsage:
    """`uses`: what each measured volume holds, by its name."""

    def __init__(self, swarm: SwarmClient, on_change: Callable[[], None]) -> None:
        self.uses: dict[str, FolderUse] = {}
        self._swarm, self._on_change = swarm, on_change
        self._volumes: dict[str, set[str]] = {}
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def set_targets(
        self, environments: Mapping[UUID, EnvironmentState], observed: ObservedState
    ) -> None:
        """Measure the volumes of containers that run now, and no others."""
        self._volumes = {}
        for id, service in observed.services.items():
            task = service.task
            if id not in environments or not service.quota_volumes:
                continue
            if task and task.node_id and task.state is TaskState.RUNNING:
                self._volumes.setdefault(task.node_id, set()).update(service.quota_volumes)
        for node_id in self._tasks.keys() - self._volumes.keys():
            self._tasks.pop(node_id).cancel()
        for node_id in self._volumes.keys() - self._tasks.keys():
            self._tasks[node_id] = asyncio.create_task(self._repeat(node_id))
        if len(self.uses) > 2 * sum(map(len, self._volumes.values())):
            running = set().union(*self._volumes.values()) if self._volumes else set()
            self.uses = {name: use for name, use in self.uses.items() if name in running}

    def stop(self) -> None:
        """Stop measuring and forget all usage."""
        for task in self._tasks.values():
            task.cancel()
        self._tasks, self._volumes, self.uses = {}, {}, {}

    async def _repeat(self, node_id: str) -> None:
        while True:
            try:
                measured = await self._swarm.volume_uses(node_id)
            except Exception as error:
                log.warning("folders.unmeasured", node=node_id, error=error)
                FOLDER_MEASUREMENTS.labels("failed").inc()
            else:
                FOLDER_MEASUREMENTS.labels("unknown" if measured is None else "measured").inc()
                wanted = self._volumes.get(node_id, set())
                new = {use.name: use.of_folder() for use in measured or () if use.name in wanted}
                if any(self.uses.get(name) != use for name, use in new.items()):
                    self.uses |= new
                    self._on_change()
            await asyncio.sleep(INTERVAL)
