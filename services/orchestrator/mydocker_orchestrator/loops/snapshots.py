"""Takes the snapshots that were asked for, asks for those that are due, removes those that expired.

Runs in every replica: a snapshot is taken under an id, and the machine makes it once. A row is
written before anything is copied, so that a crash loses no submission; the loop finds it again.
"""

import asyncio
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.contracts.orchestrator.work_files import SnapshotKind
from mydocker_kit.errors import FolderMissing, FolderUnavailable
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup

from ..domain.lifecycle.snapshots import SnapshotPolicy, expired, periodic_id
from ..folders import records
from ..folders.service import WorkFiles, problem_of
from ..metrics import SNAPSHOTS
from ..models import EnvironmentRow, SnapshotRow, VolumeNodeRow

log = get_logger()
EVERY = 10.0
_TRIES = 3
_AT_ONCE = 2
"""Copies on one machine."""
_HOUSEKEEPING = 300.0
"""Seconds between two looks for what is due or expired."""


class SnapshotLoop:
    """`step` is called at each wakeup and every `EVERY` seconds."""

    def __init__(
        self, sessions: Sessions, files: WorkFiles, clock: Clock, policy: SnapshotPolicy
    ) -> None:
        self.wakeup = Wakeup()
        self._sessions, self._files, self._clock, self._policy = sessions, files, clock, policy
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._nodes: dict[UUID, str] = {}
        self._kept_at = float("-inf")

    async def step(self) -> None:
        """Start what is pending, as far as machines have a slot. Idempotent."""
        loop = asyncio.get_running_loop()
        if loop.time() - self._kept_at > _HOUSEKEEPING:
            self._kept_at = loop.time()
            await self._ask_due(self._clock())
            await self._remove_expired(self._clock())
        async with transaction(self._sessions) as db:
            rows = await records.pending(db)
        busy = Counter(self._nodes.values())
        for row in rows:
            if row.id in self._tasks:
                continue
            try:
                node = await self._files.node_of(row.volume)
            except (FolderMissing, FolderUnavailable) as error:
                await self._failed(row, error)
                continue
            if busy[node] >= _AT_ONCE:
                continue
            busy[node] += 1
            self._nodes[row.id] = node
            self._tasks[row.id] = asyncio.create_task(self._take(row))

    async def stop(self) -> None:
        """Cancel what is being taken: its rows stay pending."""
        for task in self._tasks.values():
            task.cancel()
        await asyncio.gather(*self._tasks.values(), return_exceptions=True)

    async def _take(self, row: SnapshotRow) -> None:
        try:
            await self._files.take(row.volume, row.id)
            SNAPSHOTS.labels(row.kind, "taken").inc()
        except Exception as error:
            await self._failed(row, error)
        finally:
            self._tasks.pop(row.id, None)
            self._nodes.pop(row.id, None)
            self.wakeup.set()

    async def _failed(self, row: SnapshotRow, error: Exception) -> None:
        is_final = row.tries + 1 >= _TRIES or not isinstance(error, FolderUnavailable)
        async with transaction(self._sessions) as db:
            await records.note_failure(db, row.id, problem_of(error), final=is_final)
        if is_final:
            SNAPSHOTS.labels(row.kind, "failed").inc()
        else:
            await asyncio.sleep(1)
        log.warning(
            "snapshot.failed", volume=row.volume, snapshot=row.id, final=is_final, error=error
        )

    async def _ask_due(self, now: datetime) -> None:
        """Ask for snapshots of folders in use whose newest one is a period old."""
        if not self._policy.every:
            return
        row = EnvironmentRow
        async with transaction(self._sessions) as db:
            specs = await db.scalars(
                select(row.spec["volumes"]).where(row.phase == Phase.READY.value)
            )
            names = {mount["name"] for volumes in specs for mount in volumes or ()}
            known = select(VolumeNodeRow.name).where(VolumeNodeRow.name.in_(names))
            names = set(await db.scalars(known))
            newest = await records.newest_by_volume(db, names)
            for name in names:
                if name not in newest or now - newest[name] >= self._policy.every:
                    id = periodic_id(name, self._policy, now)
                    await records.ask(db, name, id, SnapshotKind.HOURLY, now)

    async def _remove_expired(self, now: datetime) -> None:
        async with transaction(self._sessions) as db:
            volumes = await records.removable(db)
        for volume, snapshots in volumes.items():
            for id in expired(snapshots, self._policy, now):
                try:
                    await self._files.remove_snapshot(volume, id)
                except FolderUnavailable as error:
                    log.warning("snapshot.not_removed", volume=volume, snapshot=id, error=error)
                    break  # the same machine would not answer for the next one either
