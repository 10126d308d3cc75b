"""Measures what containers wrote, node by node; the planner ends environments with an overrun.

Each `DiskScan` (one kind of walk on one node) runs in a task of its own and at its own pace, so
that a node whose volumes take a minute to walk delays no other node. A scan measures every
container that may write there, updates its trend, and records an `Overrun` for each container that
exceeds a limit. Overruns and trends live in memory: after a restart the first scan starts anew.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskLook, DiskWalk
from mydocker_kit.contracts.orchestrator.environments import ALIVE, Profile
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup

from ..domain.checks.disk_limits import (
    DiskLimits,
    Overrun,
    UsageTrend,
    disk_full_reason,
    largest_writer,
    measurement_delay,
    overrun,
    updated_trend,
)
from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import ObservedState, TaskState
from ..domain.planner.actions import ContainerKey
from ..metrics import DISK_ENDED, DISK_MEASUREMENT_SECONDS, DISK_MEASUREMENTS
from ..swarm.interface import SwarmClient

log = get_logger()
_CONCURRENT_SCANS = 16
_FREED_WITHIN = 8.0
"""Seconds from an overrun until freed space can be measured: the container's grace, its removal."""
_MISSING_AFTER = 20.0
"""Seconds: a single scan may miss a container that is just ending."""

Attempt = tuple[UUID, int]
"""Trends belong to an attempt: a restart after a crash does not reset them."""
Trends = dict[tuple[DiskWalk, DiskArea], UsageTrend]


@dataclass(frozen=True)
class MeasuredContainer:
    """A running container whose disk use is measured."""

    key: ContainerKey
    node_id: str
    writable: bool
    """Its root file system can be written to."""

    @property
    def attempt(self) -> Attempt:
        return self.key[:2]


@dataclass(frozen=True)
class DiskScan:
    """One kind of walk on one node."""

    node_id: str
    walk: DiskWalk

    def covers(self, container: MeasuredContainer) -> bool:
        return container.node_id == self.node_id and (
            container.writable or self.walk is DiskWalk.VOLUMES
        )


class DiskGuard:
    """`overruns`: the reason to end a running container, by container."""

    def __init__(
        self, swarm: SwarmClient, limits: DiskLimits, on_overrun: Callable[[], None]
    ) -> None:
        self.overruns: dict[ContainerKey, Overrun] = {}
        self._swarm, self._limits, self._on_overrun = swarm, limits, on_overrun
        self._containers: dict[str, MeasuredContainer] = {}
        self._by_node: dict[str, list[MeasuredContainer]] = {}
        self._trends: dict[Attempt, Trends] = {}
        self._scans: dict[DiskScan, asyncio.Task[None]] = {}
        self._wakeups: dict[DiskScan, Wakeup] = {}
        self._ended_at: dict[str, float] = {}
        self._slots = asyncio.Semaphore(_CONCURRENT_SCANS)

    def set_targets(
        self, environments: Mapping[UUID, EnvironmentState], observed: ObservedState
    ) -> None:
        """Measure the containers that run now and no others."""
        if not self._limits:
            return
        before = self._containers
        self._containers = _running(environments, observed, before)
        self._by_node = _by_node(self._containers.values())
        self._run_scans(set(_scans(self._by_node)))
        new = [container for id, container in self._containers.items() if id not in before]
        for scan in _scans(_by_node(new)):
            self._wakeups[scan].set()  # growth of a folder counts from its first measurement
        self._forget(environments)

    def _forget(self, environments: Mapping[UUID, EnvironmentState]) -> None:
        """Drop overruns of containers that are gone and trends of attempts that are over."""
        for key in [key for key in self.overruns if key[2] not in self._containers]:
            del self.overruns[key]
        if len(self._trends) > len(self._containers):
            attempts = {
                (environment.id, environment.attempt) for environment in environments.values()
            }
            self._trends = {
                attempt: trends for attempt, trends in self._trends.items() if attempt in attempts
            }

    def stop(self) -> None:
        self._run_scans(set())
        self._containers, self._by_node = {}, {}
        self._trends.clear()
        self.overruns.clear()

    def _run_scans(self, scans: set[DiskScan]) -> None:
        for scan in self._scans.keys() - scans:
            self._scans.pop(scan).cancel()
            del self._wakeups[scan]
        for scan in scans - self._scans.keys():
            self._wakeups[scan] = Wakeup()
            self._scans[scan] = asyncio.create_task(self._repeat(scan, self._wakeups[scan]))

    async def _repeat(self, scan: DiskScan, wakeup: Wakeup) -> None:
        while True:
            await wakeup.wait(0)  # wake-ups until now are served by the scan that begins
            began = time.monotonic()
            look = await self._measure(scan)
            spent = time.monotonic() - began
            free = look.free if look else None
            trends = [trend for _, trend in self._trends_of(scan)]
            least, planned = measurement_delay(trends, spent, free, self._limits)
            await asyncio.sleep(least)
            await wakeup.wait(planned - least)

    async def _measure(self, scan: DiskScan) -> DiskLook | None:
        """Run one scan; a failure is logged and changes no overrun."""
        outcome, look = "failed", None
        async with self._slots:
            containers, began = self._covered(scan), time.monotonic()
            try:
                look = await self._swarm.disk(scan.node_id, scan.walk, list(containers))
                outcome = "measured" if look else "unknown"
                if look:
                    self._apply(scan, look, containers)
                    outcome = "partial" if self._log_missing(scan) else outcome
            except Exception as error:
                log.warning("disk.unmeasured", **_log_fields(scan), error=error)
        DISK_MEASUREMENTS.labels(scan.walk.value, outcome).inc()
        DISK_MEASUREMENT_SECONDS.labels(scan.walk.value).observe(time.monotonic() - began)
        return look

    def _apply(
        self, scan: DiskScan, look: DiskLook, containers: Mapping[str, MeasuredContainer]
    ) -> None:
        now = time.monotonic()
        for use in look.uses:
            container = containers.get(use.container)
            if container is None:
                continue
            trends = self._trends.setdefault(container.attempt, {})
            trend = updated_trend(trends.get((scan.walk, use.area)), use.area, use.bytes, now)
            trends[scan.walk, use.area] = trend
            exceeded = overrun(trend, self._limits)
            if exceeded:
                self._end(container, exceeded)
        if now - self._ended_at.get(scan.node_id, float("-inf")) < _FREED_WITHIN:
            return
        writer = largest_writer(self._trends_of(scan), look.free, self._limits)
        if writer:
            self._end(*writer)

    def _log_missing(self, scan: DiskScan) -> bool:
        """Whether a container measured before no longer is: its folder is too deep to walk."""
        now = time.monotonic()
        missing = {
            container
            for container, trend in self._trends_of(scan)
            if now - trend.at > _MISSING_AFTER
        }
        for container in missing:
            id, attempt = container.attempt
            log.warning("disk.not_measurable", id=str(id), attempt=attempt, **_log_fields(scan))
        return bool(missing)

    def _end(self, container: MeasuredContainer, exceeded: Overrun) -> None:
        if container.key in self.overruns:
            return
        self.overruns[container.key] = exceeded
        self._ended_at[container.node_id] = time.monotonic()
        DISK_ENDED.labels(exceeded.area.value if exceeded.free is None else "machine").inc()
        id, attempt = container.attempt
        details = disk_full_reason(exceeded).parameters
        log.warning("disk.overrun", id=str(id), attempt=attempt, node=container.node_id, **details)
        self._on_overrun()

    def _covered(self, scan: DiskScan) -> dict[str, MeasuredContainer]:
        containers = self._by_node.get(scan.node_id, ())
        return {container.key[2]: container for container in containers if scan.covers(container)}

    def _trends_of(self, scan: DiskScan) -> list[tuple[MeasuredContainer, UsageTrend]]:
        return [
            (container, trend)
            for container in self._covered(scan).values()
            for (walk, _), trend in self._trends.get(container.attempt, {}).items()
            if walk is scan.walk
        ]


def _log_fields(scan: DiskScan) -> dict[str, str]:
    return {"node": scan.node_id, "walk": scan.walk.value}


def _running(
    environments: Mapping[UUID, EnvironmentState],
    observed: ObservedState,
    known: Mapping[str, MeasuredContainer],
) -> dict[str, MeasuredContainer]:
    """By the engine's container id. Nearly all are known: those are reused, to keep passes fast."""
    running = {}
    for id, service in observed.services.items():
        task = service.task
        if task is None or task.state is not TaskState.RUNNING or not task.container_id:
            continue
        environment = environments.get(id)
        if environment is None or service.attempt != environment.attempt or not task.node_id:
            continue
        if environment.phase not in ALIVE:
            continue
        container = known.get(task.container_id)
        if container is None or container.key[1] != service.attempt:
            key = (id, service.attempt, task.container_id)
            writable = environment.profile is not Profile.STRICT
            container = MeasuredContainer(key, task.node_id, writable)
        running[task.container_id] = container
    return running


def _by_node(containers: Iterable[MeasuredContainer]) -> dict[str, list[MeasuredContainer]]:
    by_node: dict[str, list[MeasuredContainer]] = defaultdict(list)
    for container in containers:
        by_node[container.node_id].append(container)
    return by_node


def _scans(by_node: Mapping[str, list[MeasuredContainer]]) -> Iterator[DiskScan]:
    for node_id, containers in by_node.items():
        yield DiskScan(node_id, DiskWalk.VOLUMES)
        if any(container.writable for container in containers):
            yield DiskScan(node_id, DiskWalk.LAYERS)
