"""Rows of scaling, machines and runs."""

import hashlib
from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import defer

from mydocker_kit.contracts.orchestrator.machines import (
    MachinePlan,
    MachineProblem,
    MachineRun,
    MachineRunDetail,
    MachineState,
    PoolScaling,
    RunOutcome,
)
from mydocker_kit.contracts.orchestrator.pools import Pool

from ..domain.machines.backoff import retry_after
from ..domain.machines.costs import Billing, month_start
from ..models import MachineRow, MachineRunRow, PoolRow, PoolScalingRow, VolumeNodeRow

MOST_RUNS = 1000
"""That are listed of a pool."""
CHANNEL = "orchestrator_machines"
"""Notified when settings or a plan changed."""


async def scaling_rows(db: AsyncSession) -> Sequence[PoolScalingRow]:
    """Of all pools whose machines Terraform makes."""
    return (await db.scalars(select(PoolScalingRow).order_by(PoolScalingRow.pool))).all()


async def scaling_row(
    db: AsyncSession, pool: str, *, locked: bool = False
) -> PoolScalingRow | None:
    return await db.get(PoolScalingRow, pool, with_for_update=locked, populate_existing=locked)


async def pool_of(db: AsyncSession, name: str) -> Pool | None:
    row = await db.get(PoolRow, name)
    return Pool.model_validate(row.settings) if row else None


def settings_of(row: PoolScalingRow) -> PoolScaling:
    return PoolScaling.model_validate(row.settings)


def plan_of(row: PoolScalingRow) -> MachinePlan | None:
    return MachinePlan.model_validate(row.plan) if row.plan is not None else None


async def machines(db: AsyncSession, pool: str) -> Sequence[MachineRow]:
    """All that are not removed, by name."""
    query = select(MachineRow).where(MachineRow.pool == pool, MachineRow.removed_at.is_(None))
    return (await db.scalars(query.order_by(MachineRow.name))).all()


async def machines_of_state(
    db: AsyncSession, pool: str, *states: MachineState
) -> Sequence[MachineRow]:
    return [row for row in await machines(db, pool) if row.state in states]


async def billings(db: AsyncSession, pool: str, now: datetime) -> list[Billing]:
    """Of every machine that was paid in this month."""
    still_paid = or_(MachineRow.removed_at.is_(None), MachineRow.removed_at > month_start(now))
    rows = await db.scalars(select(MachineRow).where(MachineRow.pool == pool, still_paid))
    return [billing_of(row) for row in rows]


def billing_of(row: MachineRow) -> Billing:
    """A machine is paid from the run on that made it."""
    return Billing(row.paid_from, row.removed_at, row.hourly_price)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


async def machine_of_token(db: AsyncSession, token: str) -> MachineRow | None:
    """The machine that may join with this token, locked."""
    query = select(MachineRow).where(MachineRow.token_digest == digest(token))
    return (await db.scalars(query.with_for_update())).one_or_none()


def enter_state(
    row: MachineRow, state: MachineState, now: datetime, problem: MachineProblem | None = None
) -> None:
    """Move a machine to a state; the same state again changes nothing."""
    if problem is not None:
        row.problem = problem.value
    if row.state == state:
        return
    row.state, row.since = state.value, now
    if state is MachineState.READY:
        row.ready_at = row.ready_at or now
        row.problem = None
    if state is MachineState.REMOVED:
        row.removed_at = now
        row.sealed_token = row.token_digest = None


async def folders_by_node(db: AsyncSession, nodes: Iterable[str]) -> dict[str, int]:
    """How many work folders are on the disks of these nodes, by the node's id."""
    counted = (
        select(VolumeNodeRow.node_id, func.count())
        .where(VolumeNodeRow.node_id.in_(list(nodes)))
        .group_by(VolumeNodeRow.node_id)
    )
    return {str(id): number for id, number in (await db.execute(counted)).all()}


async def folders_by_name(db: AsyncSession, names: Iterable[str]) -> dict[str, int]:
    """The same by the name of the node."""
    counted = (
        select(VolumeNodeRow.node, func.count())
        .where(VolumeNodeRow.node.in_(list(names)))
        .group_by(VolumeNodeRow.node)
    )
    return {str(name): number for name, number in (await db.execute(counted)).all()}


async def removed_among(db: AsyncSession, pool: str, names: Iterable[str]) -> Sequence[str]:
    """Those of these names that are machines which Terraform removed."""
    is_removed = (MachineRow.pool == pool, MachineRow.removed_at.is_not(None))
    query = select(MachineRow.name).where(*is_removed, MachineRow.name.in_(list(names)))
    return (await db.scalars(query)).all()


async def count_failure(db: AsyncSession, pool: str, now: datetime) -> None:
    """Wait longer before the next run of Terraform."""
    row = await scaling_row(db, pool, locked=True)
    if row is not None:
        row.failures += 1
        row.retry_at = now + retry_after(row.failures)


async def interrupt_runs(db: AsyncSession, now: datetime) -> int:
    """Mark runs that were in progress when an earlier process ended; returns how many."""
    running = MachineRunRow.outcome == RunOutcome.RUNNING
    values = {"outcome": RunOutcome.INTERRUPTED.value, "ended_at": now}
    ended = update(MachineRunRow).where(running).values(values).returning(MachineRunRow.id)
    return len((await db.scalars(ended)).all())


async def runs(db: AsyncSession, pool: str) -> Sequence[MachineRun]:
    """The newest runs of a pool, without their texts."""
    facts = defer(MachineRunRow.plan), defer(MachineRunRow.log)
    query = select(MachineRunRow).options(*facts).where(MachineRunRow.pool == pool)
    rows = await db.scalars(query.order_by(MachineRunRow.started_at.desc()).limit(MOST_RUNS))
    return [run(row) for row in rows]


async def run_of(db: AsyncSession, pool: str, id: UUID) -> MachineRunRow | None:
    row = await db.get(MachineRunRow, id)
    return row if row and row.pool == pool else None


def run(row: MachineRunRow) -> MachineRun:
    return MachineRun(**_facts(row))


def run_detail(row: MachineRunRow) -> MachineRunDetail:
    return MachineRunDetail(**_facts(row), plan=row.plan, log=row.log)


def _facts(row: MachineRunRow) -> dict[str, object]:
    return {
        "id": row.id,
        "started_at": row.started_at,
        "ended_at": row.ended_at,
        "outcome": RunOutcome(row.outcome),
        "adding": tuple(row.adding),
        "removing": tuple(row.removing),
        "reasons": tuple(row.reasons),
        "problem": row.problem,
        "hourly_price": row.hourly_price,
    }
