"""Tells the orchestrator, every half minute, how many machines each pool needs over time.

The plan is the one that the forecast shows (`domain.capacity.plan`), so that what is drawn is what
is made. It counts sessions that hold room, environments that run, and environments that have waited
longer than the pool allows. Replicas send equal plans; the orchestrator stores the newest.
"""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus, Phase
from mydocker_kit.contracts.orchestrator.machines import MachineNeed, MachinePlan
from mydocker_kit.errors import ProblemError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.runtime.schedule import scheduled

from ..capacity.queries import known_pools
from ..domain.capacity.demand import with_running
from ..domain.capacity.plan import plan_pool
from ..domain.capacity.pool import PoolCapacity, Stretch
from ..models import KnownPool
from ..orchestration.status_cache import StatusCache
from . import queries
from .demands import capacity_of, reserved, running_of

log = get_logger()
EVERY = timedelta(seconds=30)
HORIZON = timedelta(days=7)


async def machine_plan(
    db: AsyncSession, statuses: StatusCache, known: KnownPool, now: datetime
) -> MachinePlan:
    """The machines that Terraform should have made for this pool over the next days."""
    pool, until = known.pool, now + HORIZON
    sessions = reserved(await queries.sessions_of_pool(db, pool.name, now, until), pool)
    alive = _counted(statuses.alive(), known, now)
    demands = with_running(sessions, await running_of(db, pool, alive), now)
    capacity = capacity_of(known)
    plan = plan_pool(capacity, demands, now, until)
    return MachinePlan(planned_at=now, needs=tuple(_needs(plan.stretches, capacity)))


def _counted(
    alive: Sequence[EnvironmentStatus], known: KnownPool, now: datetime
) -> list[EnvironmentStatus]:
    """Environments of the pool; those in the queue once they have waited long enough."""
    minutes = known.scaling.demand_minutes if known.scaling else None
    patience = timedelta.max if minutes is None else timedelta(minutes=minutes)
    return [
        status
        for status in alive
        if status.pool == known.name
        and (status.phase is not Phase.QUEUED or now - status.since >= patience)
    ]


def _needs(stretches: Sequence[Stretch], capacity: PoolCapacity) -> list[MachineNeed]:
    """The stretches in which machines are needed, equal neighbours as one."""
    needs: list[MachineNeed] = []
    for stretch in stretches:
        need = MachineNeed(
            starts_at=stretch.starts_at,
            ends_at=stretch.ends_at,
            machines=stretch.machines - len(capacity.machines),
            reasons=tuple(reason.value for reason in stretch.reasons),
        )
        last = needs[-1] if needs else None
        alike = last and (last.ends_at, last.machines, last.reasons) == (
            need.starts_at,
            need.machines,
            need.reasons,
        )
        if last and alike:
            needs[-1] = last.model_copy(update={"ends_at": need.ends_at})
        else:
            needs.append(need)
    return [need for need in needs if need.machines or "too_soon" in need.reasons]


async def send_plans(
    sessions: Sessions, statuses: StatusCache, orchestrator: OrchestratorClient, now: datetime
) -> int:
    """Send the plan of each pool whose machines Terraform makes; returns how many were sent."""
    if not statuses.loaded:
        return 0
    async with transaction(sessions) as db:
        scaled = [pool for pool in await known_pools(db) if pool.scaling and pool.scaling.enabled]
        plans = {pool.name: await machine_plan(db, statuses, pool, now) for pool in scaled}
    sent = 0
    for name, plan in plans.items():
        try:
            await orchestrator.put_machine_plan(name, plan)
            sent += 1
        except ProblemError as error:
            log.warning("capacity.plan_not_sent", pool=name, error=error)
    return sent


@asynccontextmanager
async def planning_machines(
    sessions: Sessions, statuses: StatusCache, orchestrator: OrchestratorClient, clock: Clock
) -> AsyncIterator[None]:
    """Send plans on schedule while the block runs."""

    async def run() -> None:
        await send_plans(sessions, statuses, orchestrator, clock())

    async with scheduled("machine_plans", run, EVERY):
        yield
