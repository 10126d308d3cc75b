"""Reads, restores and erases work folders through the program on their machine.

No transaction stays open during a call to a machine.
"""

from collections.abc import AsyncIterator, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, select

from mydocker_kit.contracts.orchestrator.work_files import (
    ArchiveRequest,
    FilesRemoved,
    FileWritten,
    FolderListing,
    LargestFiles,
    Restored,
    Snapshot,
    SnapshotKind,
    SnapshotState,
)
from mydocker_kit.errors import (
    FolderMissing,
    FolderUnavailable,
    ProblemError,
    SnapshotMissing,
)
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction

from ..models import SnapshotRow, VolumeNodeRow
from . import records
from .agents import FolderAgent, FolderAgents
from .volume_use import check_unused

log = get_logger()


class WorkFiles:
    """What endpoints and the snapshot loop do with work folders."""

    def __init__(self, sessions: Sessions, agents: FolderAgents) -> None:
        self._sessions, self._agents = sessions, agents

    async def node_of(self, volume: str) -> str:
        """The node of this volume; `FolderMissing` without a record, `FolderUnavailable` while
        only its name is known."""
        async with transaction(self._sessions) as db:
            row = await db.get(VolumeNodeRow, volume)
        if row is None:
            raise FolderMissing
        if row.node_id is None:
            raise FolderUnavailable(f"the machine of {volume} is known by name only")
        return row.node_id

    async def agent_of(self, volume: str) -> FolderAgent:
        """The program on the machine of this volume."""
        return await self._agents.of(await self.node_of(volume))

    async def listing(self, volume: str, path: str, snapshot: UUID | None) -> FolderListing:
        """The entries of one folder, now or in a snapshot."""
        await self._check(volume, snapshot)
        return await (await self.agent_of(volume)).listing(volume, path, snapshot)

    async def largest(self, volume: str) -> LargestFiles:
        """The files that take most."""
        return await (await self.agent_of(volume)).largest(volume)

    async def content(self, volume: str, path: str, snapshot: UUID | None) -> AsyncIterator[bytes]:
        """The bytes of one file."""
        await self._check(volume, snapshot)
        agent = await self.agent_of(volume)
        async for data in agent.content(volume, path, snapshot):
            yield data

    async def archive(self, volume: str, request: ArchiveRequest) -> AsyncIterator[bytes]:
        """A tar stream."""
        await self._check(volume, request.snapshot)
        agent = await self.agent_of(volume)
        async for data in agent.archive(volume, request):
            yield data

    async def write(
        self, volume: str, path: str, content: AsyncIterator[bytes], *, replace: bool
    ) -> FileWritten:
        """Put a file into the folder, whether an environment uses it or not."""
        return await (await self.agent_of(volume)).write(volume, path, content, replace=replace)

    async def remove_files(self, volume: str, paths: Sequence[str]) -> FilesRemoved:
        """Delete files of the folder. Idempotent."""
        return await (await self.agent_of(volume)).remove_files(volume, paths)

    async def restore(
        self, volume: str, snapshot: UUID, paths: Sequence[str], now: datetime
    ) -> Restored:
        """Put files back; the folder as it is now becomes a snapshot first, or nothing changes."""
        await self._check(volume, snapshot)
        before = uuid4()
        async with transaction(self._sessions) as db:
            await records.ask(db, volume, before, SnapshotKind.BEFORE_RESTORE, now)
        await self.take(volume, before)
        restored = await (await self.agent_of(volume)).restore(volume, snapshot, paths)
        log.info("snapshot.restored", volume=volume, snapshot=snapshot, files=restored.files)
        return restored

    async def take(self, volume: str, id: UUID) -> None:
        """Take a snapshot that was asked for. Idempotent."""
        content = await (await self.agent_of(volume)).take(volume, id)
        async with transaction(self._sessions) as db:
            await records.settle(db, id, content)
        log.info("snapshot.taken", volume=volume, snapshot=id, files=content.files)

    async def remove_snapshot(self, volume: str, id: UUID) -> None:
        """Delete a snapshot and its row. Idempotent."""
        try:
            agent = await self.agent_of(volume)
        except FolderMissing:
            pass  # its folder was released or erased
        else:
            await agent.remove(volume, id)
        async with transaction(self._sessions) as db:
            await records.forget(db, [id])

    async def erase(self, volume: str, node_id: str | None = None) -> None:
        """Delete a folder with its snapshots. Idempotent; `VolumeInUse` while it is mounted.

        `node_id`: the copy on this node. Where the record names another one, the record, the
        snapshots there and an environment that uses that copy are left alone.
        """
        async with transaction(self._sessions) as db:
            row = await db.get(VolumeNodeRow, volume)
            is_other_copy = row is not None and row.node_id not in (None, node_id)
            if node_id is None or not is_other_copy:
                await check_unused(db, volume)
        if node_id is not None and (row is None or is_other_copy):
            await (await self._agents.of(node_id)).erase(volume)
            log.warning("folder.erased", volume=volume, node=node_id)
            return
        try:
            agent = await self.agent_of(volume)
        except FolderMissing:
            pass  # it never was, or it is gone
        else:
            await agent.erase(volume)
        async with transaction(self._sessions) as db:
            await records.forget_volume(db, volume)
            await db.execute(delete(VolumeNodeRow).where(VolumeNodeRow.name == volume))
        log.warning("folder.erased", volume=volume)

    async def _check(self, volume: str, snapshot: UUID | None) -> None:
        """`SnapshotMissing` for a snapshot of another folder, or one that is not ready."""
        if snapshot is None:
            return
        row = SnapshotRow
        query = select(row.id).where(
            row.id == snapshot, row.volume == volume, row.state == SnapshotState.READY.value
        )
        async with transaction(self._sessions) as db:
            if await db.scalar(query) is None:
                raise SnapshotMissing

    async def lookup(self, ids: Sequence[UUID]) -> tuple[Snapshot, ...]:
        """The snapshots of these ids that are known."""
        async with transaction(self._sessions) as db:
            return tuple(records.shown(row) for row in await records.by_ids(db, ids))


def problem_of(error: Exception) -> str:
    """The code that people read a sentence for."""
    return error.code if isinstance(error, ProblemError) else FolderUnavailable.code
