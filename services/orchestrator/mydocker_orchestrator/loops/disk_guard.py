"""Measures what containers wrote, machine by machine; who is over, the planner asks.

One walk at a time per machine and kind, each at its own pace: a machine whose volumes take a
minute holds up nobody else's.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.disks import DiskLook, DiskPlace, DiskWalk
from mydocker_kit.contracts.environments import ALIVE, Profile
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from ..domain.checks.disk_limits import (
    DiskLimits,
    Overrun,
    Trace,
    filler,
    overrun,
    pause,
    traced,
    why_full,
)
from ..domain.lifecycle.transitions import Environment
from ..domain.observed_state import Found, TaskState
from ..domain.planner.plan import Container
from ..metrics import DISK_ENDED, DISK_LOOK_SECONDS, DISK_LOOKS
from ..swarm.interface import SwarmDoor

log = get_logger()
_AT_ONCE = 16
_FREED_WITHIN = 8.0
"""Seconds from a verdict until what it frees can be seen: the container's grace, its removal."""
_HIDDEN_AFTER = 20.0
"""Seconds: one look may miss a container that is just ending."""

Attempt = tuple[UUID, int]
"""What is remembered is an attempt's: a crash begins no new count."""
Traces = dict[tuple[DiskWalk, DiskPlace], Trace]


@dataclass(frozen=True)
class Watched:
    """A container that runs."""

    key: Container
    node_id: str
    writable: bool
    """Its root can be written to."""

    @property
    def attempt(self) -> Attempt:
        return self.key[:2]


@dataclass(frozen=True)
class Source:
    """One walk of one machine."""

    node_id: str
    walk: DiskWalk

    def holds(self, one: Watched) -> bool:
        return one.node_id == self.node_id and (one.writable or self.walk is DiskWalk.VOLUMES)


class DiskGuard:
    """`verdicts`: why a container that runs is to be ended, for each that is."""

    def __init__(
        self, swarm: SwarmDoor, limits: DiskLimits, on_verdict: Callable[[], None]
    ) -> None:
        self.verdicts: dict[Container, Overrun] = {}
        self._swarm, self._limits, self._on_verdict = swarm, limits, on_verdict
        self._watched: dict[str, Watched] = {}
        self._by_node: dict[str, list[Watched]] = {}
        self._traces: dict[Attempt, Traces] = {}
        self._walking: dict[Source, asyncio.Task[None]] = {}
        self._bells: dict[Source, Bell] = {}
        self._ended_at: dict[str, float] = {}
        self._slots = asyncio.Semaphore(_AT_ONCE)

    def keep(self, environments: Mapping[UUID, Environment], found: Found) -> None:
        """Measure what runs now and nothing else."""
        if not self._limits:
            return
        before, self._watched = self._watched, _running(environments, found, self._watched)
        self._by_node = _by_node(self._watched.values())
        self._walk(set(_sources(self._by_node)))
        new = [one for id, one in self._watched.items() if id not in before]
        for source in _sources(_by_node(new)):
            self._bells[source].ring()  # what a folder holds is counted from its first look
        self._forget(environments)

    def _forget(self, environments: Mapping[UUID, Environment]) -> None:
        """Verdicts on containers that are gone; traces of attempts that are over."""
        for key in [key for key in self.verdicts if key[2] not in self._watched]:
            del self.verdicts[key]
        if len(self._traces) > len(self._watched):
            attempts = {(one.id, one.attempt) for one in environments.values()}
            self._traces = {one: kept for one, kept in self._traces.items() if one in attempts}

    def stop(self) -> None:
        self._walk(set())
        self._watched, self._by_node = {}, {}
        self._traces.clear()
        self.verdicts.clear()

    def _walk(self, sources: set[Source]) -> None:
        for source in self._walking.keys() - sources:
            self._walking.pop(source).cancel()
            del self._bells[source]
        for source in sources - self._walking.keys():
            self._bells[source] = Bell()
            self._walking[source] = asyncio.create_task(self._follow(source, self._bells[source]))

    async def _follow(self, source: Source, bell: Bell) -> None:
        while True:
            await bell.wait(0)  # who rang until now is in the look that begins
            began = time.monotonic()
            look = await self._look(source)
            spent = time.monotonic() - began
            free = look.free if look else None
            traces = [trace for _, trace in self._traced(source)]
            least, planned = pause(traces, spent, free, self._limits)
            await asyncio.sleep(least)
            await bell.wait(planned - least)

    async def _look(self, source: Source) -> DiskLook | None:
        """One walk; a failure is told and leaves everybody as they are."""
        outcome, look = "failed", None
        async with self._slots:
            wanted, began = self._held(source), time.monotonic()
            try:
                look = await self._swarm.disk(source.node_id, source.walk, list(wanted))
                outcome = "measured" if look else "unknown"
                if look:
                    self._judge(source, look, wanted)
                    outcome = "partial" if self._tell_hidden(source) else outcome
            except Exception as error:
                told = {"node": source.node_id, "walk": source.walk.value}
                log.warning("disk.unmeasured", **told, error=error)
        DISK_LOOKS.labels(source.walk.value, outcome).inc()
        DISK_LOOK_SECONDS.labels(source.walk.value).observe(time.monotonic() - began)
        return look

    def _judge(self, source: Source, look: DiskLook, wanted: Mapping[str, Watched]) -> None:
        now = time.monotonic()
        for use in look.uses:
            one = wanted.get(use.container)
            if one is None:
                continue
            traces = self._traces.setdefault(one.attempt, {})
            trace = traced(traces.get((source.walk, use.place)), use.place, use.bytes, now)
            traces[source.walk, use.place] = trace
            over = overrun(trace, self._limits)
            if over:
                self._end(one, over)
        if now - self._ended_at.get(source.node_id, float("-inf")) < _FREED_WITHIN:
            return
        fills = filler(self._traced(source), look.free, self._limits)
        if fills:
            self._end(*fills)

    def _tell_hidden(self, source: Source) -> bool:
        """Whether somebody who was measured no longer is: a folder too deep for the engine."""
        now = time.monotonic()
        hidden = {one for one, trace in self._traced(source) if now - trace.at > _HIDDEN_AFTER}
        for one in hidden:
            id, attempt = one.attempt
            told = {"node": one.node_id, "walk": source.walk.value}
            log.warning("disk.hidden", id=str(id), attempt=attempt, **told)
        return bool(hidden)

    def _end(self, one: Watched, over: Overrun) -> None:
        if one.key in self.verdicts:
            return
        self.verdicts[one.key] = over
        self._ended_at[one.node_id] = time.monotonic()
        DISK_ENDED.labels(over.place.value if over.free is None else "machine").inc()
        id, attempt = one.attempt
        facts = why_full(over).parameters
        log.warning("disk.over", id=str(id), attempt=attempt, node=one.node_id, **facts)
        self._on_verdict()

    def _held(self, source: Source) -> dict[str, Watched]:
        here = self._by_node.get(source.node_id, ())
        return {one.key[2]: one for one in here if source.holds(one)}

    def _traced(self, source: Source) -> list[tuple[Watched, Trace]]:
        return [
            (one, trace)
            for one in self._held(source).values()
            for (walk, _), trace in self._traces.get(one.attempt, {}).items()
            if walk is source.walk
        ]


def _running(
    environments: Mapping[UUID, Environment], found: Found, known: Mapping[str, Watched]
) -> dict[str, Watched]:
    """By the engine's id of the container. Nearly all are known: a pass must not cost more."""
    running = {}
    for id, service in found.services.items():
        task = service.task
        if task is None or task.state is not TaskState.RUNNING or not task.container_id:
            continue
        environment = environments.get(id)
        if environment is None or service.attempt != environment.attempt or not task.node_id:
            continue
        if environment.phase not in ALIVE:
            continue
        one = known.get(task.container_id)
        if one is None or one.key[1] != service.attempt:
            key = (id, service.attempt, task.container_id)
            one = Watched(key, task.node_id, environment.profile is not Profile.STRICT)
        running[task.container_id] = one
    return running


def _by_node(running: Iterable[Watched]) -> dict[str, list[Watched]]:
    by_node: dict[str, list[Watched]] = defaultdict(list)
    for one in running:
        by_node[one.node_id].append(one)
    return by_node


def _sources(by_node: Mapping[str, list[Watched]]) -> Iterator[Source]:
    for node_id, there in by_node.items():
        yield Source(node_id, DiskWalk.VOLUMES)
        if any(one.writable for one in there):
            yield Source(node_id, DiskWalk.LAYERS)
