"""Queries of environment rows and their notifications."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.postgres.notify import notify

from ..models import VERSIONS, EnvironmentRow

STATUS_CHANNEL = "orchestrator_changes"
"""Notified with the version of the newest change."""
SPEC_CHANNEL = "orchestrator_wanted"
"""Notified when a desired state changed."""
_VERSION_LOCK = 0x6D79646F
FINAL_PHASES = (Phase.STOPPED.value, Phase.FAILED.value)


async def lock_versions(db: AsyncSession) -> None:
    """Take the advisory lock on versions; call it before any row is locked.

    Versions then become visible in their order: a reader that has seen 12 never misses 11.
    """
    await db.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _VERSION_LOCK})


async def next_version(db: AsyncSession) -> int:
    """The version of the next change."""
    number = await db.scalar(select(VERSIONS.next_value()))
    assert number is not None  # noqa: S101 - a sequence always answers
    return int(number)


async def row_of(db: AsyncSession, id: UUID) -> EnvironmentRow | None:
    """The row of this environment."""
    return await db.get(EnvironmentRow, id)


async def rows_of(db: AsyncSession, ids: Iterable[UUID]) -> Sequence[EnvironmentRow]:
    """The rows of these environments."""
    return (await db.scalars(select(EnvironmentRow).where(EnvironmentRow.id.in_(list(ids))))).all()


async def active_rows(db: AsyncSession) -> Sequence[EnvironmentRow]:
    """All rows that are neither stopped nor failed."""
    return (
        await db.scalars(select(EnvironmentRow).where(EnvironmentRow.phase.not_in(FINAL_PHASES)))
    ).all()


async def newest_version(db: AsyncSession) -> int:
    """The version of the newest change; 0 when there is none."""
    return await db.scalar(select(func.max(EnvironmentRow.version))) or 0


async def rows_after(
    db: AsyncSession, version: int, limit: int | None = None
) -> Sequence[EnvironmentRow]:
    """Rows that changed after `version`, each in its newest state, oldest change first."""
    query = (
        select(EnvironmentRow)
        .where(EnvironmentRow.version > version)
        .order_by(EnvironmentRow.version)
    )
    return (await db.scalars(query.limit(limit))).all()


async def page_of_rows(
    db: AsyncSession, page: int, page_size: int
) -> tuple[Sequence[EnvironmentRow], int]:
    """One page, oldest change first, and the total."""
    query = select(EnvironmentRow).order_by(EnvironmentRow.version)
    rows = (await db.scalars(query.limit(page_size).offset((page - 1) * page_size))).all()
    total = await db.scalar(select(func.count()).select_from(EnvironmentRow))
    return rows, total or 0


async def write_if_unchanged(
    db: AsyncSession, id: UUID, version: int, values: dict[str, Any]
) -> int | None:
    """Write `values` unless the row changed since `version`; the new version, or None."""
    number = await next_version(db)
    result = await db.execute(
        update(EnvironmentRow)
        .where(EnvironmentRow.id == id, EnvironmentRow.version == version)
        .values(**values, version=number)
        .returning(EnvironmentRow.version)
        .execution_options(synchronize_session=False)
    )
    return result.scalar_one_or_none()


async def notify_status_change(db: AsyncSession, version: int) -> None:
    await notify(db, STATUS_CHANNEL, str(version))


async def notify_spec_change(db: AsyncSession) -> None:
    await notify(db, SPEC_CHANNEL)


async def running_by_node(db: AsyncSession) -> dict[str, int]:
    """How many environments run on each node, by its name."""
    row = EnvironmentRow
    counted = (
        select(row.node, func.count())
        .where(row.phase.not_in(FINAL_PHASES), row.node.is_not(None))
        .group_by(row.node)
    )
    return {str(name): number for name, number in (await db.execute(counted)).all()}
