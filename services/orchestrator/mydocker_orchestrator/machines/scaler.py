"""The loop that makes the machines of each pool equal its plan; runs in the leading replica only.

Each step looks at every pool with scaling: it reads rows and nodes, admits machines that joined and
whose checks pass, decides (`domain.machines.decision`), writes the decision into rows, cordons the
nodes that leave, and starts a run of Terraform where rows and Terraform's state differ. Every part
is idempotent, so that a step that is cut short is finished by the next one.
"""

import asyncio
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.cordons import Cordon, CordonCause
from mydocker_kit.contracts.orchestrator.machines import (
    MachineProblem,
    MachineState,
)
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.vault import Vault

from ..domain.machines.decision import MachineFacts, ScalingDecision, decide
from ..domain.observed_state import ObservedNode, ObservedState
from ..metrics import MACHINES
from ..models import MachineRow
from ..swarm.interface import SwarmClient
from . import records
from .nodes import MachineNodes
from .runs import TerraformRuns
from .views import PoolView, limits_of, read_view

log = get_logger()
EVERY = 10.0
_TOKEN_BYTES = 32
_RECORDED = (MachineState.ORDERED, MachineState.REMOVING)


class Scaler:
    """`lead` runs while this replica leads."""

    def __init__(
        self,
        sessions: Sessions,
        swarm: SwarmClient,
        nodes: MachineNodes,
        runs: TerraformRuns,
        vault: Vault,
        clock: Clock,
        platform: str,
    ) -> None:
        self.wakeup = Wakeup()
        self._sessions, self._swarm, self._nodes, self._runs = sessions, swarm, nodes, runs
        self._vault, self._clock, self._platform = vault, clock, platform
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._cordoned_at: dict[str, datetime] = {}
        """When a machine was first seen to take nothing new, by name."""
        self._lost_at: dict[str, datetime] = {}
        """When a machine was first not reached, by name."""

    async def lead(self) -> None:
        """Work until cancelled; runs in progress are interrupted then, and recorded."""
        async with transaction(self._sessions) as db:
            interrupted = await records.interrupt_runs(db, self._clock())
        if interrupted:
            log.warning("machines.runs_interrupted", runs=interrupted)
        self._cordoned_at.clear()
        self._lost_at.clear()
        try:
            while True:
                await self._safe_step()
                await self.wakeup.wait(EVERY)
        finally:
            await self._interrupt(*self._tasks)

    async def _safe_step(self) -> None:
        try:
            await self.step()
        except EngineError as error:
            log.warning("machines.swarm_unavailable", error=error)
        except Exception:
            log.exception("machines.step_failed")

    async def step(self) -> None:
        """Look at every pool once. Idempotent."""
        async with transaction(self._sessions) as db:
            pools = {row.pool: records.settings_of(row) for row in await records.scaling_rows(db)}
        off = [name for name in self._tasks if name not in pools or not pools[name].enabled]
        await self._interrupt(*off)
        if not pools:
            return
        observed = await self._swarm.observe()
        for name, settings in pools.items():
            if settings.enabled:
                await self._step_pool(name, observed)

    async def _interrupt(self, *pools: str) -> None:
        tasks = [self._tasks[name] for name in pools if name in self._tasks]
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)

    async def _step_pool(self, name: str, observed: ObservedState) -> None:
        nodes = {node.name: node for node in observed.nodes}
        view = await read_view(self._sessions, name, nodes, self._clock())
        if view is None:
            return
        now = self._clock()
        await self._admit(view, nodes, now)
        view = await read_view(self._sessions, name, nodes, self._clock())
        if view is None:
            return
        facts = [self._facts(row, view, nodes, observed, now) for row in view.rows]
        limits = limits_of(view, observed.nodes, now)
        decision = decide(facts, view.plan.needs, limits, now)
        await self._record(view, decision, now)
        await self._cordon(view, decision, nodes)
        await self._forget_nodes(name, nodes)
        await self._start_run(name, decision, view.retry_at, now)

    def _facts(
        self,
        row: MachineRow,
        view: PoolView,
        nodes: Mapping[str, ObservedNode],
        observed: ObservedState,
        now: datetime,
    ) -> MachineFacts:
        node = nodes.get(row.name)
        tasks = [service.task for service in observed.services.values()]
        placed = (
            sum(
                task is not None and not task.state.is_over and task.node_id == node.id
                for task in tasks
            )
            if node
            else 0
        )
        is_reached = node is not None and node.reachable
        lost_at = None if is_reached else self._lost_at.setdefault(row.name, now)
        if is_reached:
            self._lost_at.pop(row.name, None)
        return MachineFacts(
            name=row.name,
            state=MachineState(row.state),
            since=row.since,
            environments=max(view.running.get(row.name, 0), placed),
            folders=view.folders.get(node.id, 0) if node else 0,
            cordoned_at=self._cordoned(row.name, node, now),
            is_lost=lost_at is not None
            and now - lost_at > timedelta(minutes=view.settings.join_minutes),
            failed_checks=bool(row.failed_checks),
            has_problem=row.problem is not None,
        )

    def _cordoned(self, name: str, node: ObservedNode | None, now: datetime) -> datetime | None:
        """Since when nothing new is put on it; a machine without a node takes nothing."""
        if node is not None and node.usable:
            self._cordoned_at.pop(name, None)
            return None
        return self._cordoned_at.setdefault(name, now)

    async def _admit(
        self, view: PoolView, nodes: Mapping[str, ObservedNode], now: datetime
    ) -> None:
        """Let machines take environments that joined and whose checks pass."""
        joined = [
            nodes[row.name]
            for row in view.rows
            if row.state == MachineState.MADE and row.name in nodes and nodes[row.name].reachable
        ]
        await asyncio.gather(*(self._check(view.pool.name, node, now) for node in joined))

    async def _check(self, pool: str, node: ObservedNode, now: datetime) -> None:
        report = await self._nodes.report(node.id)
        if report.failed:
            cordon = Cordon(cause=CordonCause.CHECKS_FAILED, detail=report.failed)
            await self._swarm.cordon_node(node.id, cordon)
        else:
            await self._nodes.admit(node.id, pool, report)
        async with transaction(self._sessions) as db:
            machine = await db.get(MachineRow, node.name, with_for_update=True)
            if machine is None or machine.state != MachineState.MADE:
                return
            machine.failed_checks = report.failed
            if not report.failed:
                records.enter_state(machine, MachineState.READY, now)
                log.info("machines.ready", machine=node.name, pool=pool)

    async def _record(self, view: PoolView, decision: ScalingDecision, now: datetime) -> None:
        """Write the decision into rows, before anything is done."""
        price = view.growth.hourly_price or 0.0
        problems = dict(decision.problems)
        async with transaction(self._sessions) as db:
            for row in await records.machines(db, view.pool.name):
                if row.name in decision.cordon:
                    records.enter_state(row, MachineState.LEAVING, now, problems.get(row.name))
                elif row.name in decision.take_back:
                    records.enter_state(row, MachineState.MADE, now)
                elif row.name in decision.remove:
                    records.enter_state(row, MachineState.REMOVING, now)
            for _ in range(decision.order):
                db.add(self._ordered(view.pool.name, price, now))
            if any(problem is not MachineProblem.LOST for problem in problems.values()):
                await records.count_failure(db, view.pool.name, now)
        for name, problem in problems.items():
            log.error("machines.machine_failed", machine=name, problem=problem.value)
        MACHINES.labels(view.pool.name).set(len(view.rows) + decision.order)

    def _ordered(self, pool: str, price: float, now: datetime) -> MachineRow:
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        return MachineRow(
            name=f"{self._platform}-{pool}-{secrets.token_hex(4)}",
            pool=pool,
            state=MachineState.ORDERED.value,
            since=now,
            ordered_at=now,
            hourly_price=price,
            failed_checks="",
            sealed_token=self._vault.seal(token),
            token_digest=records.digest(token),
        )

    async def _cordon(
        self, view: PoolView, decision: ScalingDecision, nodes: Mapping[str, ObservedNode]
    ) -> None:
        """Cordon the nodes of machines that leave, those of earlier steps included."""
        leaving = {row.name for row in view.rows if row.state == MachineState.LEAVING}
        names = (leaving | set(decision.cordon)) - set(decision.take_back)
        for node in (nodes[name] for name in sorted(names) if name in nodes):
            if node.usable:
                await self._swarm.cordon_node(node.id, Cordon(cause=CordonCause.LEAVING))

    async def _forget_nodes(self, pool: str, nodes: Mapping[str, ObservedNode]) -> None:
        """Remove nodes from the Swarm whose machines Terraform removed."""
        async with transaction(self._sessions) as db:
            removed = await records.removed_among(db, pool, nodes)
        for name in removed:
            if not nodes[name].reachable:
                await self._nodes.remove(nodes[name].id)

    async def _start_run(
        self, name: str, decision: ScalingDecision, retry_at: datetime | None, now: datetime
    ) -> None:
        if name in self._tasks or (retry_at is not None and now < retry_at):
            return
        async with transaction(self._sessions) as db:
            due = await records.machines_of_state(db, name, *_RECORDED)
        if due:
            task = asyncio.create_task(self._runs.run(name, decision.reasons))
            self._tasks[name] = task
            task.add_done_callback(lambda _: self._ended(name))

    def _ended(self, name: str) -> None:
        task = self._tasks.pop(name)
        if not task.cancelled() and (error := task.exception()):
            log.error("machines.run_lost", pool=name, exc_info=error)
        self.wakeup.set()
