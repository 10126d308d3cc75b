"""The observed status of every Environment, in memory, for windows and the edge.

Loaded from the orchestrator's list, updated by its change stream, and reloaded every minute. The
highest version wins, so that the order of arrival does not matter; a lost change costs a minute.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable
from datetime import datetime
from statistics import median
from uuid import UUID

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.orchestrator.environments import ALIVE, EnvironmentStatus, Phase
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.observability.logging import get_logger

from ..feed import Feed
from ..metrics import ENVIRONMENTS, ROUTE_COUNT

log = get_logger()
PAGE = 500
RECENT_STARTS = 20
RELOAD_EVERY = 60.0


class StatusUnknown(Unavailable):
    """The cache is not loaded yet: the process has just started."""

    code = "status_unknown"
    title = "The state of environments is not known yet"


class StatusCache:
    """Newest status by Environment id."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._statuses: dict[UUID, EnvironmentStatus] = {}
        self._alive: dict[UUID, set[UUID]] = defaultdict(set)
        self._starts: dict[UUID, deque[float]] = defaultdict(lambda: deque(maxlen=RECENT_STARTS))
        self.loaded = False
        self._loaded = asyncio.Event()

    def get(self, id: UUID) -> EnvironmentStatus | None:
        """The newest status; None when the orchestrator knows of none."""
        return self._statuses.get(id)

    def check_loaded(self) -> None:
        """Raise `StatusUnknown` before the first load: no answer is better than a wrong one."""
        if not self.loaded:
            raise StatusUnknown

    async def await_loaded(self, seconds: float) -> bool:
        """Wait up to `seconds` for the first load; whether it is done."""
        try:
            async with asyncio.timeout(seconds):
                return await self._loaded.wait()
        except TimeoutError:
            return False

    def running(self, course_id: UUID) -> int:
        """How many environments of the Course are alive."""
        return len(self._alive.get(course_id, ()))

    def owners_of(self, course_id: UUID) -> list[UUID]:
        """The owners of the Course's living environments, one entry each."""
        return [self._statuses[id].owner_id for id in self._alive.get(course_id, ())]

    def alive(self) -> list[EnvironmentStatus]:
        return [self._statuses[id] for ids in self._alive.values() for id in ids]

    def unended(self) -> list[UUID]:
        """Environments that may have a container: alive, or not stopped yet."""
        over = (Phase.STOPPED, Phase.FAILED)
        return [status.id for status in self._statuses.values() if status.phase not in over]

    def usual_seconds(self, course_id: UUID) -> float | None:
        """Median duration of the Course's last starts, in seconds."""
        starts = self._starts.get(course_id)
        return round(median(starts), 1) if starts else None

    def measured_starts(self, course_id: UUID) -> int:
        """How many starts `usual_seconds` is the median of."""
        return len(self._starts.get(course_id, ()))

    def all(self) -> Iterable[EnvironmentStatus]:
        """The newest status of every known environment, ended ones included."""
        return self._statuses.values()

    def apply(self, status: EnvironmentStatus) -> None:
        """Store a status unless a newer one is known, and publish the change."""
        known = self._statuses.get(status.id)
        if known is not None and known.version >= status.version:
            return
        self._count(known, status)
        self._statuses[status.id] = status
        if status.ready_at and (known is None or known.ready_at != status.ready_at):
            took = (status.ready_at - _began(known, status)).total_seconds()
            self._starts[status.course_id].append(took)
        if self.loaded:
            self._feed.environment_changed(status)

    def _count(self, known: EnvironmentStatus | None, status: EnvironmentStatus) -> None:
        if known is not None:
            ENVIRONMENTS.labels(known.phase).dec()
            ROUTE_COUNT.dec(known.phase is Phase.READY)
        ENVIRONMENTS.labels(status.phase).inc()
        ROUTE_COUNT.inc(status.phase is Phase.READY)
        if status.phase in ALIVE:
            self._alive[status.course_id].add(status.id)
        else:
            self._alive[status.course_id].discard(status.id)

    def apply_all(self, statuses: Iterable[EnvironmentStatus]) -> None:
        for status in statuses:
            self.apply(status)

    async def load(self, orchestrator: OrchestratorClient) -> int:
        """Read every page, last page first; returns the version after which to follow changes.

        The list is ordered by change. An item that changes meanwhile moves to the end and the
        rest moves forward: read backwards, some items appear twice and none is skipped.
        """
        total = (await orchestrator.page(1, 1)).total
        last = max(1, -(-total // PAGE))
        newest = 0
        for number in range(last, 0, -1):
            page = await orchestrator.page(number, PAGE)
            if number == last:
                newest = max((status.version for status in page.items), default=0)
            self.apply_all(page.items)
        if not self.loaded:
            log.info("statuses.loaded", environments=len(self._statuses), version=newest)
        self.loaded = True
        self._loaded.set()
        return newest


def _began(known: EnvironmentStatus | None, ready: EnvironmentStatus) -> datetime:
    """When this start left the queue, where it was followed; else when it was asked for."""
    if known and known.attempt == ready.attempt and known.phase is Phase.STARTING:
        return known.since
    return ready.asked_at


async def follow_statuses(statuses: StatusCache, orchestrator: OrchestratorClient) -> None:
    """Load the cache, then apply every change, for ever."""
    while True:
        try:
            after = await statuses.load(orchestrator)
            async for status in orchestrator.changes(after):
                statuses.apply(status)
        except (ProblemError, ValueError) as error:
            log.warning("statuses.reloading", error=error)
        await asyncio.sleep(0.5)


async def reload_statuses(statuses: StatusCache, orchestrator: OrchestratorClient) -> None:
    """Reload everything, in case a change was lost."""
    if statuses.loaded:
        await statuses.load(orchestrator)
