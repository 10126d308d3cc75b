"""The loops' own short transactions."""

from collections.abc import Iterable, Sequence
from uuid import UUID

from mydocker_kit.contracts.environments import EnvironmentSpec
from mydocker_kit.db import Sessions, transaction

from ..domain.lifecycle.transitions import Environment
from . import queries
from .records import SpecStore, environment_of, observed_values


class Ledger:
    """Reads what is wanted, writes what is observed; never holds a transaction over I/O."""

    def __init__(self, sessions: Sessions, store: SpecStore) -> None:
        self._sessions, self._store = sessions, store

    async def in_view(self) -> list[Environment]:
        """All Environments that are not at rest."""
        async with transaction(self._sessions) as db:
            return [environment_of(row) for row in await queries.rows_in_view(db)]

    async def newest_version(self) -> int:
        """The number of the newest change; 0 when there is none."""
        async with transaction(self._sessions) as db:
            return await queries.newest_version(db)

    async def changed_after(self, version: int) -> list[Environment]:
        """What changed since, oldest change first."""
        async with transaction(self._sessions) as db:
            return [environment_of(row) for row in await queries.rows_after(db, version)]

    async def of(self, ids: Iterable[UUID]) -> list[Environment]:
        """These, whatever their phase."""
        async with transaction(self._sessions) as db:
            return [environment_of(row) for row in await queries.rows_of(db, ids)]

    async def spec(self, environment: Environment) -> EnvironmentSpec | None:
        """The spec of this attempt; None when a later one has taken its place."""
        async with transaction(self._sessions) as db:
            row = await queries.row_of(db, environment.id)
            if row is None or row.attempt != environment.attempt:
                return None
            return self._store.spec_of(row)

    async def record(self, changed: Sequence[Environment]) -> list[Environment]:
        """Write these observations; those whose row has changed meanwhile are left out.

        Answers what was written. The next look decides anew about the others.
        """
        if not changed:
            return []
        written, newest = [], None
        async with transaction(self._sessions) as db:
            await queries.take_turn(db)
            for one in changed:
                values = observed_values(one)
                number = await queries.write_if_unchanged(db, one.id, one.version, values)
                if number is not None:
                    written.append(one)
                    newest = number
            if newest is not None:
                await queries.ring_changes(db, newest)
        return written
