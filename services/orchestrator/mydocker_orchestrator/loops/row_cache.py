"""The rows not at rest, kept in memory and brought up to date by their numbers."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.environments import Phase

from ..domain.lifecycle.transitions import Environment
from ..environments.ledger import Ledger
from ..metrics import ENVIRONMENTS, QUEUE_AGE, QUEUE_LENGTH


class View:
    """Cheap to refresh: only rows with a higher number are read again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.environments: dict[UUID, Environment] = {}
        self._version: int | None = None
        self._pools = {"default"}

    async def refreshed(self) -> Mapping[UUID, Environment]:
        """All that are not at rest, as of now."""
        if self._version is None:
            self._version = await self._ledger.newest_version()
            changed = await self._ledger.in_view()
        else:
            changed = await self._ledger.changed_after(self._version)
        for one in changed:
            self._version = max(self._version, one.version)
            if one.at_rest:
                self.environments.pop(one.id, None)
            else:
                self.environments[one.id] = one
        return self.environments

    async def also(self, ids: Iterable[UUID]) -> dict[UUID, Environment]:
        """Rows of found services that are not in view: at rest, brand new, or none at all."""
        wanted = list(ids)
        return {one.id: one for one in await self._ledger.of(wanted)} if wanted else {}

    def measure(self, now: datetime) -> None:
        """How many there are and how many wait, by pool; a pool once seen goes on being told."""
        there = list(self.environments.values())
        self._pools.update(one.pool for one in there)
        phases = Counter((one.phase, one.pool) for one in there)
        waiting: dict[str, list[datetime]] = {pool: [] for pool in self._pools}
        for one in there:
            if one.phase is Phase.QUEUED and one.reason is not None:
                waiting[one.pool].append(one.asked_at)
        for pool, asked in waiting.items():
            for phase in (Phase.QUEUED, Phase.STARTING, Phase.READY, Phase.STOPPING):
                ENVIRONMENTS.labels(phase.value, pool).set(phases[phase, pool])
            age = (now - min(asked)).total_seconds() if asked else 0
            QUEUE_LENGTH.labels(pool).set(len(asked))
            QUEUE_AGE.labels(pool).set(age)
