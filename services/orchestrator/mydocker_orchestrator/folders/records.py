"""Rows of snapshots."""

from collections.abc import Collection, Sequence
from datetime import datetime
from uuid import UUID, uuid4

from sqlalchemy import delete, func, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.work_files import (
    Snapshot,
    SnapshotContent,
    SnapshotKind,
    SnapshotState,
)
from mydocker_kit.postgres.notify import notify

from ..models import SnapshotRow, VolumeNodeRow

CHANNEL = "orchestrator_snapshots"
"""Notified when a snapshot is asked for."""
_MOST = 200


async def ask(
    db: AsyncSession, volume: str, id: UUID, kind: SnapshotKind, now: datetime
) -> SnapshotRow:
    """The snapshot of this id, asked for now unless it was before."""
    new = insert(SnapshotRow).values(
        id=id, volume=volume, kind=kind.value, state=SnapshotState.PENDING.value, asked_at=now
    )
    await db.execute(new.on_conflict_do_nothing())
    await notify(db, CHANNEL)
    return await db.get_one(SnapshotRow, id)


async def ask_before_new(db: AsyncSession, volumes: Collection[str], now: datetime) -> None:
    """Ask for snapshots of those of these volumes that exist: a new environment will use them."""
    row, waiting = VolumeNodeRow, SnapshotRow
    is_asked = (
        select(waiting.id)
        .where(waiting.volume == row.name, waiting.state == SnapshotState.PENDING.value)
        .exists()
    )
    names = await db.scalars(select(row.name).where(row.name.in_(list(volumes)), ~is_asked))
    for volume in names.all():
        await ask(db, volume, uuid4(), SnapshotKind.BEFORE_NEW, now)


async def of_volume(db: AsyncSession, volume: str) -> Sequence[SnapshotRow]:
    """The snapshots of a volume, the newest first."""
    row = SnapshotRow
    query = select(row).where(row.volume == volume).order_by(row.asked_at.desc()).limit(_MOST)
    return (await db.scalars(query)).all()


async def by_ids(db: AsyncSession, ids: Collection[UUID]) -> Sequence[SnapshotRow]:
    return (await db.scalars(select(SnapshotRow).where(SnapshotRow.id.in_(list(ids))))).all()


async def pending(db: AsyncSession) -> Sequence[SnapshotRow]:
    """What is to be taken: submissions first, then the oldest."""
    row = SnapshotRow
    query = select(row).where(row.state == SnapshotState.PENDING.value)
    is_other = row.kind != SnapshotKind.SUBMISSION.value
    return (await db.scalars(query.order_by(is_other, row.asked_at).limit(_MOST))).all()


async def settle(db: AsyncSession, id: UUID, content: SnapshotContent) -> None:
    """The snapshot is ready."""
    values = {"state": SnapshotState.READY.value, "content": content.model_dump(mode="json")}
    await db.execute(update(SnapshotRow).where(SnapshotRow.id == id).values(**values, problem=None))


async def note_failure(db: AsyncSession, id: UUID, problem: str, *, final: bool) -> None:
    """A try failed; after a final one nobody tries again."""
    values = {"state": SnapshotState.FAILED.value} if final else {}
    row = SnapshotRow
    await db.execute(
        update(row).where(row.id == id).values(problem=problem, tries=row.tries + 1, **values)
    )


async def forget(db: AsyncSession, ids: Collection[UUID]) -> None:
    await db.execute(delete(SnapshotRow).where(SnapshotRow.id.in_(list(ids))))


async def forget_volume(db: AsyncSession, volume: str) -> None:
    await db.execute(delete(SnapshotRow).where(SnapshotRow.volume == volume))


async def newest_by_volume(db: AsyncSession, volumes: Collection[str]) -> dict[str, datetime]:
    """When each volume's newest snapshot was asked for; failed ones count as tries."""
    row = SnapshotRow
    query = select(row.volume, func.max(row.asked_at)).where(row.volume.in_(list(volumes)))
    return {str(volume): at for volume, at in (await db.execute(query.group_by(row.volume))).all()}


async def removable(db: AsyncSession) -> dict[str, list[tuple[UUID, datetime]]]:
    """Snapshots that are no submissions, by volume: id, and when it was asked for."""
    row = SnapshotRow
    query = select(row.volume, row.id, row.asked_at).where(
        row.kind != SnapshotKind.SUBMISSION.value, row.state != SnapshotState.PENDING.value
    )
    snapshots: dict[str, list[tuple[UUID, datetime]]] = {}
    for volume, id, asked_at in (await db.execute(query)).all():
        snapshots.setdefault(volume, []).append((id, asked_at))
    return snapshots


def shown(row: SnapshotRow) -> Snapshot:
    """The row as others see it."""
    return Snapshot(
        id=row.id,
        volume=row.volume,
        kind=SnapshotKind(row.kind),
        state=SnapshotState(row.state),
        asked_at=row.asked_at,
        content=SnapshotContent.model_validate(row.content) if row.content else None,
        problem=row.problem,
    )
