"""SQL of the orchestrator."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import Phase
from mydocker_kit.notify import notify

from ..models import VERSIONS, EnvironmentRow

CHANGES = "orchestrator_changes"
"""Rung with the number of the newest change."""
WANTED = "orchestrator_wanted"
"""Rung when what is wanted changed."""
_TURN = 0x6D79646F
AT_REST = (Phase.STOPPED.value, Phase.FAILED.value)


async def take_turn(db: AsyncSession) -> None:
    """Wait until no other transaction writes changes; to be called before any row is locked.

    So numbers become visible in their order, and a reader that has seen 12 can never miss 11.
    """
    await db.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})


async def next_version(db: AsyncSession) -> int:
    """The number of the next change."""
    number = await db.scalar(select(VERSIONS.next_value()))
    assert number is not None  # noqa: S101 - a sequence always answers
    return int(number)


async def row_of(db: AsyncSession, id: UUID) -> EnvironmentRow | None:
    """The row of this Environment."""
    return await db.get(EnvironmentRow, id)


async def rows_of(db: AsyncSession, ids: Iterable[UUID]) -> Sequence[EnvironmentRow]:
    """The rows of these Environments."""
    return (await db.scalars(select(EnvironmentRow).where(EnvironmentRow.id.in_(list(ids))))).all()


async def rows_in_view(db: AsyncSession) -> Sequence[EnvironmentRow]:
    """All that are not at rest."""
    return (
        await db.scalars(select(EnvironmentRow).where(EnvironmentRow.phase.not_in(AT_REST)))
    ).all()


async def newest_version(db: AsyncSession) -> int:
    """The number of the newest change; 0 when there is none."""
    return await db.scalar(select(func.max(EnvironmentRow.version))) or 0


async def rows_after(
    db: AsyncSession, version: int, limit: int | None = None
) -> Sequence[EnvironmentRow]:
    """What changed after `version`, each with its newest state, oldest change first."""
    query = (
        select(EnvironmentRow)
        .where(EnvironmentRow.version > version)
        .order_by(EnvironmentRow.version)
    )
    return (await db.scalars(query.limit(limit))).all()


async def page_of_rows(
    db: AsyncSession, page: int, page_size: int
) -> tuple[Sequence[EnvironmentRow], int]:
    """One page, oldest change first, and how many there are."""
    query = select(EnvironmentRow).order_by(EnvironmentRow.version)
    rows = (await db.scalars(query.limit(page_size).offset((page - 1) * page_size))).all()
    total = await db.scalar(select(func.count()).select_from(EnvironmentRow))
    return rows, total or 0


async def write_if_unchanged(
    db: AsyncSession, id: UUID, version: int, values: dict[str, Any]
) -> int | None:
    """Write `values` unless the row changed since `version`; the new number, or None."""
    number = await next_version(db)
    result = await db.execute(
        update(EnvironmentRow)
        .where(EnvironmentRow.id == id, EnvironmentRow.version == version)
        .values(**values, version=number)
        .returning(EnvironmentRow.version)
        .execution_options(synchronize_session=False)
    )
    return result.scalar_one_or_none()


async def ring_changes(db: AsyncSession, version: int) -> None:
    await notify(db, CHANGES, str(version))


async def ring_wanted(db: AsyncSession) -> None:
    await notify(db, WANTED)


async def running_by_node(db: AsyncSession) -> dict[str, int]:
    """How many Environments that are not at rest each node runs, by its name."""
    row = EnvironmentRow
    counted = (
        select(row.node, func.count())
        .where(row.phase.not_in(AT_REST), row.node.is_not(None))
        .group_by(row.node)
    )
    return {str(name): number for name, number in (await db.execute(counted)).all()}
