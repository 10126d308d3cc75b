"""What a step of the scaler knows of a pool, read in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.machines import MachinePlan, PoolScaling
from mydocker_kit.contracts.orchestrator.pools import Pool, PoolGrowth, Storage
from mydocker_kit.postgres.db import Sessions, transaction

from ..domain.machines.costs import spent_this_month
from ..domain.machines.decision import ScalingLimits
from ..domain.observed_state import ObservedNode
from ..environments.queries import running_by_node
from ..models import MachineRow
from . import records

_STALE = timedelta(hours=1)
"""A plan that is older removes no machine: the api may be away."""


@dataclass(frozen=True)
class PoolView:
    """What a step knows of a pool."""

    pool: Pool
    growth: PoolGrowth
    settings: PoolScaling
    plan: MachinePlan
    rows: Sequence[MachineRow]
    spent: float
    running: Mapping[str, int]
    """Environments by the name of their node."""
    folders: Mapping[str, int]
    """Work folders by the id of their node."""
    retry_at: datetime | None


async def read_view(
    sessions: Sessions, name: str, nodes: Mapping[str, ObservedNode], now: datetime
) -> PoolView | None:
    """None: nothing is done for the pool now."""
    async with transaction(sessions) as db:
        row, pool = await records.scaling_row(db, name), await records.pool_of(db, name)
        plan = records.plan_of(row) if row else None
        if row is None or pool is None or pool.growth is None or plan is None:
            return None
        rows = await records.machines(db, name)
        ids = [nodes[row.name].id for row in rows if row.name in nodes]
        billings = await records.billings(db, name, now)
        is_shared = pool.storage is Storage.SHARED
        return PoolView(
            pool=pool,
            growth=pool.growth,
            settings=records.settings_of(row),
            plan=plan,
            rows=rows,
            spent=spent_this_month(billings, now),
            running=await running_by_node(db),
            folders={} if is_shared else await records.folders_by_node(db, ids),
            retry_at=row.retry_at,
        )


def limits_of(view: PoolView, nodes: Sequence[ObservedNode], now: datetime) -> ScalingLimits:
    """What an operator allows, as far as machines by hand and this month's costs leave it."""
    made = {row.name for row in view.rows}
    in_pool = (node for node in nodes if node.pool == view.pool.name and node.admitted)
    by_hand = sum(node.name not in made for node in in_pool)
    budget = view.growth.monthly_budget
    return ScalingLimits(
        most=max(0, view.growth.max_machines - by_hand),
        lead=timedelta(minutes=view.growth.lead_minutes),
        keep=timedelta(minutes=view.settings.keep_minutes),
        join_within=timedelta(minutes=view.settings.join_minutes),
        hourly_price=view.growth.hourly_price or 0.0,
        budget_left=None if budget is None else budget - view.spent,
        may_shrink=now - view.plan.planned_at < _STALE,
    )
