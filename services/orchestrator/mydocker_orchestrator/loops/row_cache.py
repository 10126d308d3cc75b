"""In-memory cache of the rows that are not final, refreshed by version number."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Phase

from ..domain.lifecycle.transitions import EnvironmentState
from ..environments.ledger import Ledger
from ..metrics import ENVIRONMENTS, QUEUE_AGE, QUEUE_LENGTH


class RowCache:
    """Cheap to refresh: only rows with a higher version are read again."""

    def __init__(self, ledger: Ledger) -> None:
        self._ledger = ledger
        self.environments: dict[UUID, EnvironmentState] = {}
        self._version: int | None = None
        self._pools = {"default"}

    async def refresh(self) -> Mapping[UUID, EnvironmentState]:
        """All environments that are not final, as of now."""
        if self._version is None:
            self._version = await self._ledger.newest_version()
            changed = await self._ledger.active()
        else:
            changed = await self._ledger.changed_after(self._version)
        for environment in changed:
            self._version = max(self._version, environment.version)
            if environment.is_final:
                self.environments.pop(environment.id, None)
            else:
                self.environments[environment.id] = environment
        return self.environments

    async def others(self, ids: Iterable[UUID]) -> dict[UUID, EnvironmentState]:
        """Rows of observed services that are not in the cache: final or brand new."""
        missing = list(ids)
        rows = await self._ledger.of(missing) if missing else []
        return {environment.id: environment for environment in rows}

    def measure(self, now: datetime) -> None:
        """Set the gauges by pool; a pool seen once is reported from then on, also with 0."""
        environments = list(self.environments.values())
        self._pools.update(environment.pool for environment in environments)
        phases = Counter((environment.phase, environment.pool) for environment in environments)
        queued: dict[str, list[datetime]] = {pool: [] for pool in self._pools}
        for environment in environments:
            if environment.phase is Phase.QUEUED and environment.reason is not None:
                queued[environment.pool].append(environment.asked_at)
        for pool, asked in queued.items():
            for phase in (Phase.QUEUED, Phase.STARTING, Phase.READY, Phase.STOPPING):
                ENVIRONMENTS.labels(phase.value, pool).set(phases[phase, pool])
            age = (now - min(asked)).total_seconds() if asked else 0
            QUEUE_LENGTH.labels(pool).set(len(asked))
            QUEUE_AGE.labels(pool).set(age)
