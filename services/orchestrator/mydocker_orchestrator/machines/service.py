"""Scaling of pools for the api: settings, the plan to follow, machines, runs, and joining."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.machines import (
    JoinInvitation,
    Machine,
    MachinePlan,
    MachineProblem,
    MachineRun,
    MachineRunDetail,
    MachineState,
    PoolScaling,
    ScalingState,
    ScalingSummary,
)
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.errors import Conflict, JoinRefused, NotFound, Unavailable
from mydocker_kit.etags import IfMatch, etag_of
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import notify

from ..domain.machines.costs import spent_this_month
from ..environments.queries import running_by_node
from ..models import MachineRow, PoolScalingRow
from . import records
from .nodes import MachineNodes
from .terraform import Terraform

log = get_logger()
_LEAVES = (MachineState.LEAVING.value, MachineState.REMOVING.value)
_JOINS = (MachineState.ORDERED.value, MachineState.MADE.value)


class PoolUnknown(NotFound):
    """There is no pool of this name."""

    code, title = "pool_unknown", "There is no pool of this name"


class ModuleUnknown(Conflict):
    """The module is not installed on the server."""

    code, title = "machine_module_unknown", "This Terraform module is not installed"


class ScalingNeedsGrowth(Conflict):
    """The pool does not say how many machines it may have and what size they are."""

    code, title = "scaling_needs_growth", "Say first how many machines the pool may have"


class ScalingNeedsTerraform(Conflict):
    """Neither terraform nor tofu is installed."""

    code, title = "scaling_needs_terraform", "Neither Terraform nor OpenTofu is installed"


class MachinesRemain(Conflict):
    """Machines of the pool that Terraform made still exist."""

    code, title = "machines_remain", "Machines that Terraform made still exist"


class RunUnknown(NotFound):
    """There is no such run."""

    code, title = "machine_run_unknown", "There is no such run"


class SwarmSilent(Unavailable):
    """The Swarm does not answer at present."""

    code = "swarm_unavailable"


class Machines:
    """What the endpoints do."""

    def __init__(
        self,
        sessions: Sessions,
        terraform: Terraform,
        nodes: MachineNodes,
        clock: Clock,
        node_settings: str,
    ) -> None:
        self._sessions, self._terraform, self._nodes = sessions, terraform, nodes
        self._clock, self._node_settings = clock, node_settings

    async def state(self, pool: str) -> ScalingState:
        """Settings, machines and costs of a pool; `PoolUnknown`."""
        now, version = self._clock(), await self._terraform.version()
        async with transaction(self._sessions) as db:
            if await records.pool_of(db, pool) is None:
                raise PoolUnknown(pool)
            row = await records.scaling_row(db, pool)
            plan = records.plan_of(row) if row else None
            settings = records.settings_of(row) if row else None
            rows = await records.machines(db, pool)
            running = await running_by_node(db)
            folders = await records.folders_by_name(db, [machine.name for machine in rows])
            spent = spent_this_month(await records.billings(db, pool, now), now)
        return ScalingState(
            scaling=settings,
            etag=etag_of(settings) if settings else None,
            modules=self._terraform.modules(),
            command=version,
            machines=tuple(
                _machine(machine, running.get(machine.name, 0), folders.get(machine.name, 0), now)
                for machine in rows
            ),
            planned_at=plan.planned_at if plan else None,
            wanted=_wanted(plan, now),
            spent=spent,
            failures=row.failures if row else 0,
            retry_at=row.retry_at if row else None,
        )

    async def put(
        self, pool: str, scaling: PoolScaling, *, new: bool, if_match: IfMatch | None
    ) -> PoolScaling:
        """Store how machines are made. Idempotent."""
        if scaling.enabled and not await self._terraform.version():
            raise ScalingNeedsTerraform
        if scaling.module not in self._terraform.modules():
            raise ModuleUnknown(module=scaling.module)
        async with transaction(self._sessions) as db:
            stored = await records.pool_of(db, pool)
            if stored is None:
                raise PoolUnknown(pool)
            if scaling.enabled and stored.growth is None:
                raise ScalingNeedsGrowth(pool=pool)
            row = await records.scaling_row(db, pool, locked=True)
            await self._check_edit(db, row, scaling, new=new, if_match=if_match)
            if row is None:
                row = PoolScalingRow(pool=pool, failures=0)
                db.add(row)
            row.settings, row.changed_at = scaling.model_dump(mode="json"), self._clock()
            row.failures, row.retry_at = 0, None  # an operator changed something: try at once
            await notify(db, records.CHANNEL)
        log.info("machines.scaling_changed", pool=pool, enabled=scaling.enabled)
        return scaling

    async def _check_edit(
        self,
        db: AsyncSession,
        row: PoolScalingRow | None,
        scaling: PoolScaling,
        *,
        new: bool,
        if_match: IfMatch | None,
    ) -> None:
        before = records.settings_of(row) if row else None
        if before == scaling:
            return
        if before is not None and (new or if_match is not None):
            (if_match or IfMatch(frozenset())).check(etag_of(before), changed_at=row_time(row))
        if before is not None and before.module != scaling.module:
            remaining = await records.machines(db, row.pool if row else "")
            if remaining:
                raise MachinesRemain(count=len(remaining))

    async def follow(self, pool: str, plan: MachinePlan) -> None:
        """Store the plan to follow; one that is older than the stored one changes nothing."""
        async with transaction(self._sessions) as db:
            row = await records.scaling_row(db, pool, locked=True)
            if row is None:
                raise PoolUnknown(pool)
            stored = records.plan_of(row)
            if stored is not None and stored.planned_at > plan.planned_at:
                return
            row.plan = plan.model_dump(mode="json")
            if stored is None or stored.needs != plan.needs:
                await notify(db, records.CHANNEL)

    async def summaries(self) -> list[ScalingSummary]:
        """What planning has to know, of all pools whose machines Terraform makes."""
        now = self._clock()
        async with transaction(self._sessions) as db:
            return [await self._summary(db, row, now) for row in await records.scaling_rows(db)]

    async def _summary(
        self, db: AsyncSession, row: PoolScalingRow, now: datetime
    ) -> ScalingSummary:
        settings = records.settings_of(row)
        rows = await records.machines(db, row.pool)
        return ScalingSummary(
            pool=row.pool,
            enabled=settings.enabled,
            machines=tuple(machine.name for machine in rows),
            present=sum(machine.state not in _LEAVES for machine in rows),
            spent=spent_this_month(await records.billings(db, row.pool, now), now),
            keep_minutes=settings.keep_minutes,
            demand_minutes=settings.demand_minutes,
        )

    async def runs(self, pool: str) -> Sequence[MachineRun]:
        """The newest runs of a pool."""
        async with transaction(self._sessions) as db:
            return await records.runs(db, pool)

    async def run(self, pool: str, id: UUID) -> MachineRunDetail:
        """One run with its plan and log; `RunUnknown`."""
        async with transaction(self._sessions) as db:
            row = await records.run_of(db, pool, id)
        if row is None:
            raise RunUnknown(str(id))
        return records.run_detail(row)

    async def join(self, token: str) -> JoinInvitation:
        """What the machine of this token needs to join, once; `JoinRefused`."""
        try:
            entry = await self._nodes.entry()
        except EngineError as error:
            raise SwarmSilent(str(error)) from error
        async with transaction(self._sessions) as db:
            row = await records.machine_of_token(db, token)
            if row is None or row.state not in _JOINS or row.token_used_at is not None:
                log.warning("machines.join_refused", machine=row.name if row else None)
                raise JoinRefused
            row.token_used_at = self._clock()
            name = row.name
        log.info("machines.joining", machine=name)
        return JoinInvitation(
            name=name,
            manager=entry.manager,
            swarm_token=entry.token,
            settings=self._node_settings,
        )


def row_time(row: PoolScalingRow | None) -> datetime | None:
    return row.changed_at if row else None


def _machine(row: MachineRow, environments: int, folders: int, now: datetime) -> Machine:
    return Machine(
        name=row.name,
        state=MachineState(row.state),
        since=row.since,
        ordered_at=row.ordered_at,
        ready_at=row.ready_at,
        problem=_problem(row),
        environments=environments,
        folders=folders,
        cost=records.billing_of(row).cost(row.ordered_at, now),
    )


def _problem(row: MachineRow) -> MachineProblem | None:
    if row.problem:
        return MachineProblem(row.problem)
    return MachineProblem.CHECKS_FAILED if row.failed_checks else None


def _wanted(plan: MachinePlan | None, now: datetime) -> int:
    needs = plan.needs if plan else ()
    return max((need.machines for need in needs if need.starts_at <= now < need.ends_at), default=0)
