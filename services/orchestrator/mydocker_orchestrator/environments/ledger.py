"""The short transactions of the loops."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.lifecycle.transitions import EnvironmentState
from . import queries
from .records import SpecStore, environment_of, observed_values


class Ledger:
    """Reads desired state, writes observed state; no transaction stays open during I/O."""

    def __init__(self, sessions: Sessions, store: SpecStore) -> None:
        self._sessions, self._store = sessions, store

    async def active(self) -> list[EnvironmentState]:
        """All environments that are neither stopped nor failed."""
        async with transaction(self._sessions) as db:
            return [environment_of(row) for row in await queries.active_rows(db)]

    async def newest_version(self) -> int:
        """The version of the newest change; 0 when there is none."""
        async with transaction(self._sessions) as db:
            return await queries.newest_version(db)

    async def changed_after(self, version: int) -> list[EnvironmentState]:
        """Environments that changed after `version`, oldest change first."""
        async with transaction(self._sessions) as db:
            return [environment_of(row) for row in await queries.rows_after(db, version)]

    async def of(self, ids: Iterable[UUID]) -> list[EnvironmentState]:
        """These environments, in any phase."""
        async with transaction(self._sessions) as db:
            return [environment_of(row) for row in await queries.rows_of(db, ids)]

    async def spec(self, environment: EnvironmentState) -> EnvironmentSpec | None:
        """The spec of this attempt; None when a later attempt has replaced it."""
        async with transaction(self._sessions) as db:
            row = await queries.row_of(db, environment.id)
            if row is None or row.attempt != environment.attempt:
                return None
            return self._store.spec_of(row)

    async def record(self, changed: Sequence[EnvironmentState]) -> list[EnvironmentState]:
        """Write these states, except where the row changed meanwhile; return what was written.

        The next pass plans again for the others.
        """
        if not changed:
            return []
        written, newest = [], None
        async with transaction(self._sessions) as db:
            await queries.lock_versions(db)
            for environment in changed:
                values = observed_values(environment)
                version = await queries.write_if_unchanged(
                    db, environment.id, environment.version, values
                )
                if version is not None:
                    written.append(environment)
                    newest = version
            if newest is not None:
                await queries.notify_status_change(db, newest)
        return written
