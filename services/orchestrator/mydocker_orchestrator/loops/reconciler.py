"""The reconcile loop: observes the Swarm, plans, applies. One leading replica runs it.

Data flow of one pass: read the rows that changed (`RowCache`), list services, tasks and nodes
(`swarm.observe`), record which node holds which work folder (`WorkVolumes`), collect what the
helpers know (`Prober`: ready ports, `Inspector`: security settings, `DiskGuard`: disk use,
`FolderUsage`: usage of folders with a size,
`Placer`: pools and free ports), call the pure `plan`, and hand its actions to the `ActionExecutor`,
which runs slow ones beside the passes.

Invariants: rows are read before services, because a service is created before its row says so and
never the other way round; an environment on which an action still runs is skipped, because the
observation is older than the action's effect.

It survives a crash at any instruction because no decision lives in memory only: rows hold the
desired state, the Swarm holds the services, names make creates idempotent, and the next leader
starts with `Placer.reset` and a fresh `RowCache`. Docker events and notifications only wake it; a
lost one costs at most a polling interval.
"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from datetime import timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.notify import Wakeup

from ..capacity.placement import Placer
from ..capacity.work_volumes import WorkVolumes
from ..domain.checks.disk_limits import NO_LIMITS, DiskLimits
from ..domain.lifecycle.transitions import EnvironmentState
from ..domain.observed_state import ObservedNode
from ..domain.placement.direct_ports import PortAvailability
from ..domain.planner.actions import Action, Create, PlanInputs, RecordStatus
from ..domain.planner.plan import plan
from ..domain.planner.polling import poll_interval
from ..environments.ledger import Ledger
from ..metrics import LEADER, QUEUE_SECONDS, RECONCILE_SECONDS
from ..probes.prober import Prober
from ..swarm.interface import SwarmClient
from .disk_guard import DiskGuard
from .executor import ActionExecutor
from .folder_usage import FolderUsage
from .inspector import Inspector
from .queue_history import QueueHistory
from .row_cache import RowCache
from .started import probe_targets, started_containers

log = get_logger()
_PASS_TIMEOUT = 30.0


class Reconciler:
    """Runs one pass after another, in one replica at a time; `wakeup` starts a pass early."""

    def __init__(
        self,
        ledger: Ledger,
        swarm: SwarmClient,
        placer: Placer,
        volumes: WorkVolumes,
        clock: Clock,
        wakeup: Wakeup,
        orphan_grace: timedelta = timedelta(seconds=60),
        disk: DiskLimits = NO_LIMITS,
    ) -> None:
        self._ledger, self._swarm, self._clock, self._wakeup = ledger, swarm, clock, wakeup
        self._placer, self._volumes, self._orphan_grace = placer, volumes, orphan_grace
        self._rows = RowCache(ledger)
        self._prober = Prober(wakeup.set)
        self._inspector = Inspector(swarm, wakeup.set)
        self._disk_guard = DiskGuard(swarm, disk, wakeup.set)
        self._folder_usage = FolderUsage(swarm, wakeup.set)
        self._queue_history = QueueHistory()
        self._executor = ActionExecutor(ledger, swarm, placer, clock, wakeup, self._recorded_state)

    async def lead(self) -> None:
        """Reconcile for as long as this replica leads."""
        LEADER.set(1)
        self._rows = RowCache(self._ledger)
        self._placer.reset()
        self._volumes.reset()
        failures = 0
        try:
            while True:
                try:
                    # Not wait_for: before Python 3.12 it may lose a cancellation.
                    async with asyncio.timeout(_PASS_TIMEOUT):
                        interval = await self.step()
                    failures = 0
                except Exception as error:
                    failures += 1
                    interval = min(5.0, 0.1 * 2**failures)
                    log.warning("reconcile.failed", error=error, failures=failures)
                    await asyncio.sleep(interval)
                await self._wakeup.wait(interval)
        finally:
            LEADER.set(0)
            await self._stop_work()

    async def step(self) -> float:
        """Run one pass; return the seconds until the next. Idempotent."""
        began = time.perf_counter()
        # Environments with an action that runs during this observation wait for the next pass.
        busy = self._executor.busy()
        # Rows before services: a service is created before its row says so, never the other way.
        environments = dict(await self._rows.refresh())
        observed = await self._swarm.observe()
        environments |= await self._rows.others(observed.services.keys() - environments.keys())
        pools = await self._placer.pools()
        # Before the plan: nothing is called ready whose work folder is not recorded.
        environments = await self._volumes.step(environments, observed, pools, self._clock())
        nodes = await self._placer.nodes(environments.values(), observed.nodes)
        free_ports = await self._placer.free_ports(environments.values(), self._clock())
        inputs = self._inputs(nodes, pools, free_ports)
        actions = plan(environments, observed, inputs)
        self._record_queue(actions, inputs)
        await self._executor.apply(actions, busy)
        released = await self._placer.release_unused(
            environments.values(), observed, busy, inputs.now
        )
        started = started_containers(environments, observed)
        self._prober.set_targets(probe_targets(started))
        self._inspector.set_targets({container.key: container for container in started})
        self._disk_guard.set_targets(environments, observed)
        self._folder_usage.set_targets(environments, observed)
        spent = time.perf_counter() - began
        RECONCILE_SECONDS.observe(spent)
        self._rows.measure(inputs.now)
        if released:
            return 0.0  # a queued environment may take the GPU or direct port at once
        return poll_interval(self._rows.environments.values(), spent, self._clock())

    def _recorded_state(self, environment: EnvironmentState) -> EnvironmentState | None:
        return self._rows.environments.get(environment.id)

    def _inputs(
        self,
        nodes: Sequence[ObservedNode],
        pools: Mapping[str, Pool],
        free_ports: Mapping[str, PortAvailability],
    ) -> PlanInputs:
        now = self._clock()
        return PlanInputs(
            now=now,
            ready_ports=frozenset(self._prober.ready_ports),
            hardening_differences=dict(self._inspector.differences),
            unwritable_folders=dict(self._inspector.unwritable_folders),
            disk_overruns=dict(self._disk_guard.overruns),
            folder_uses=dict(self._folder_usage.uses),
            nodes=nodes,
            pools=pools,
            free_ports=free_ports,
            creating=self._executor.creating(),
            slot_intervals=self._queue_history.slot_intervals(now),
            may_update_positions=self._queue_history.may_update_positions(),
            orphan_grace=self._orphan_grace,
        )

    def _record_queue(self, actions: list[Action], inputs: PlanInputs) -> None:
        """Remember starts from the queue, and when positions were last updated."""
        for action in actions:
            match action:
                case Create(environment) if _waited_for_capacity(environment):
                    self._queue_history.record_start(environment.pool, inputs.now)
                    waited = (inputs.now - environment.asked_at).total_seconds()
                    QUEUE_SECONDS.labels(environment.pool).observe(waited)
                case RecordStatus(changed) if (
                    changed.phase is Phase.QUEUED and inputs.may_update_positions
                ):
                    self._queue_history.record_position_update()

    async def _stop_work(self) -> None:
        self._prober.stop()
        self._inspector.stop()
        self._disk_guard.stop()
        self._folder_usage.stop()
        await self._executor.stop()


def _waited_for_capacity(environment: EnvironmentState) -> bool:
    reason = environment.reason
    is_queued = environment.phase is Phase.QUEUED
    return is_queued and reason is not None and reason.code is not ReasonCode.STILL_ENDING
