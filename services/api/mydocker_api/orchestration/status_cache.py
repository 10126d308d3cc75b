"""What the orchestrator last said of every Environment, in memory: it answers windows and the edge.

Filled from the orchestrator's list, kept up by its change stream, and looked through again now
and then; the highest version wins, so the order in which news come does not matter.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Iterable
from statistics import median
from uuid import UUID

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.environments import ALIVE, EnvironmentStatus, Phase
from mydocker_kit.errors import ProblemError, Unavailable
from mydocker_kit.logging import get_logger

from ..feed import Feed
from ..metrics import ENVIRONMENTS, ROUTE_COUNT

log = get_logger()
PAGE = 500
RECENT_STARTS = 20
LOOK_AGAIN_EVERY = 60.0


class StatusUnknown(Unavailable):
    """This process has not heard from the orchestrator since it started."""

    code = "status_unknown"
    title = "The state of environments is not known yet"


class LiveEnvironments:
    """Newest status by Environment."""

    def __init__(self, feed: Feed) -> None:
        self._feed = feed
        self._statuses: dict[UUID, EnvironmentStatus] = {}
        self._alive: dict[UUID, set[UUID]] = defaultdict(set)
        self._starts: dict[UUID, deque[float]] = defaultdict(lambda: deque(maxlen=RECENT_STARTS))
        self.loaded = False
        self._heard = asyncio.Event()

    def get(self, id: UUID) -> EnvironmentStatus | None:
        """The newest status; None when the orchestrator knows of none."""
        return self._statuses.get(id)

    def check_loaded(self) -> None:
        """Rather no answer than one that may be wrong."""
        if not self.loaded:
            raise StatusUnknown

    async def await_loaded(self, seconds: float) -> bool:
        """Whether the orchestrator is heard within so many seconds; at once when it was."""
        try:
            async with asyncio.timeout(seconds):
                return await self._heard.wait()
        except TimeoutError:
            return False

    def running(self, course_id: UUID) -> int:
        """Environments of the Course that are alive."""
        return len(self._alive.get(course_id, ()))

    def owners_of(self, course_id: UUID) -> list[UUID]:
        """Whose environments of the Course are alive, one entry each."""
        return [self._statuses[id].owner_id for id in self._alive.get(course_id, ())]

    def alive(self) -> list[EnvironmentStatus]:
        return [self._statuses[id] for ids in self._alive.values() for id in ids]

    def usual_seconds(self, course_id: UUID) -> float | None:
        """Median of the Course's last starts."""
        starts = self._starts.get(course_id)
        return round(median(starts), 1) if starts else None

    def apply(self, status: EnvironmentStatus) -> None:
        """Take in a status, unless a newer one is known; tell the streams."""
        known = self._statuses.get(status.id)
        if known is not None and known.version >= status.version:
            return
        self._count(known, status)
        self._statuses[status.id] = status
        if status.ready_at and (known is None or known.ready_at != status.ready_at):
            took = (status.ready_at - status.asked_at).total_seconds()
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
        """Read every page, last one first; the version from which changes must be followed.

        The list is ordered by change: what changes meanwhile moves to its end and everything
        behind it moves forward, which read in this direction shows some twice and skips none.
        """
        total = (await orchestrator.page(1, 1)).total
        last = max(1, -(-total // PAGE))
        newest = 0
        for number in range(last, 0, -1):
            page = await orchestrator.page(number, PAGE)
            if number == last:
                newest = max((one.version for one in page.items), default=0)
            self.apply_all(page.items)
        if not self.loaded:
            log.info("live.loaded", environments=len(self._statuses), version=newest)
        self.loaded = True
        self._heard.set()
        return newest


async def follow_environments(live: LiveEnvironments, orchestrator: OrchestratorClient) -> None:
    """Load, then follow every change, for ever."""
    while True:
        try:
            after = await live.load(orchestrator)
            async for status in orchestrator.changes(after):
                live.apply(status)
        except (ProblemError, ValueError) as error:
            log.warning("live.reloading", error=error)
        await asyncio.sleep(0.5)


async def look_again(live: LiveEnvironments, orchestrator: OrchestratorClient) -> None:
    """Read everything again: a lost change costs a minute, never correctness."""
    if live.loaded:
        await live.load(orchestrator)
