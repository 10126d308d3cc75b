"""The planner: desired state + observed state → actions, as one pure function.

Data flow: the reconciler passes the rows of environments that are not final (`EnvironmentState`:
desired state and last recorded status), what the Swarm shows (`ObservedState`) and everything else
a decision depends on (`PlanInputs`: time, probe results, checks, pools). `plan` returns actions:
`Create` and `Remove` change the Swarm, `RecordStatus` and `RecordFailure` change a row.

Invariants: at most one action per environment and pass; a service is removed before its row says
`stopped`, and created before its row says `starting`; two containers of one environment never run
at once, since they would write to the same volume.

It survives a crash because it remembers nothing. A replica that dies between two actions leaves
rows and services that its successor reads again; the same inputs give the same actions, and each
action is idempotent.
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from mydocker_kit.contracts.environments import Phase, Port, Reason, ReasonCode, SwarmStep
from mydocker_kit.contracts.pools import Pool

from ..checks.disk_limits import Overrun, disk_full_reason
from ..checks.hardening import UNREADABLE, hardening_failure
from ..checks.root_access import root_refusal
from ..checks.work_folders import not_writable_reason
from ..lifecycle import transitions
from ..lifecycle.draining import is_drained, relocated_or_stopped
from ..lifecycle.failures import is_waiting_for_port, node_lost_reason, task_end_reason
from ..lifecycle.leases import scheduled_end
from ..lifecycle.restarts import counted_restarts, restart_delay
from ..lifecycle.transitions import DesiredState, EnvironmentState
from ..observed_state import ObservedNode, ObservedService, ObservedState, ObservedTask, TaskState
from ..placement.direct_ports import PortAvailability, with_host_names, with_tls
from ..placement.queue import admit
from ..placement.queue_status import QueueStatus
from ..placement.wait_reasons import is_waiting_for_node, scheduler_wait_reason
from .previous_container import PREVIOUS_CONTAINER_TIMEOUT, SHOWN_AFTER, must_wait_for_previous

PortKey = tuple[UUID, int, int]
"""Environment, attempt and container port."""
ContainerKey = tuple[UUID, int, str]
"""Environment, attempt and the engine's id of the container."""


@dataclass(frozen=True)
class Create:
    """Create the service of this environment."""

    environment: EnvironmentState


@dataclass(frozen=True)
class Remove:
    """Remove this service; its volumes stay."""

    service: ObservedService


@dataclass(frozen=True)
class RecordStatus:
    """Write the observed status to the row."""

    changed: EnvironmentState


@dataclass(frozen=True)
class RecordFailure:
    """Fetch the last lines of output, then record a failure, a stop or a restart."""

    changed: EnvironmentState
    task: ObservedTask | None


Action = Create | Remove | RecordStatus | RecordFailure


@dataclass(frozen=True)
class PlanInputs:
    """What a decision depends on besides desired and observed state."""

    now: datetime
    ready_ports: AbstractSet[PortKey] = frozenset()
    """Ports whose readiness probe succeeded."""
    hardening_differences: Mapping[ContainerKey, tuple[str, ...]] | None = None
    """Differences from the profile, of containers whose settings were read back; None: settings
    are not read back at all."""
    unwritable_folders: Mapping[ContainerKey, str] = field(default_factory=dict)
    """Containers whose user cannot write in a work folder, and its path."""
    disk_overruns: Mapping[ContainerKey, Overrun] = field(default_factory=dict)
    """Containers that wrote more than their limit."""
    nodes: Sequence[ObservedNode] | None = None
    """None: unknown; placement is left to the Swarm."""
    pools: Mapping[str, Pool] = field(default_factory=dict)
    free_ports: Mapping[str, PortAvailability] = field(default_factory=dict)
    """Free direct ports, of pools that have any and in which an environment is queued."""
    creating: AbstractSet[UUID] = frozenset()
    """Environments whose service is being created during this pass."""
    slot_intervals: Mapping[str, float] = field(default_factory=dict)
    """By pool: recent average of seconds between two starts from the queue."""
    may_update_positions: bool = True
    """Whether a queue position that was shown already is updated in this pass."""
    orphan_grace: timedelta = timedelta(seconds=60)


def plan(
    environments: Mapping[UUID, EnvironmentState], observed: ObservedState, inputs: PlanInputs
) -> list[Action]:
    """The actions that bring the observed state nearer to the desired state."""
    actions: list[Action] = []
    queue = _queue_status(environments, observed, inputs)
    for id, environment in environments.items():
        service = observed.services.get(id)
        if environment.is_final:
            actions += [Remove(service)] if service else []
        elif environment.desired is DesiredState.STOPPED:
            is_ending = id in observed.ending
            actions += _stop_actions(environment, service, is_ending, inputs)
        else:
            must_wait = must_wait_for_previous(environment, observed, inputs.pools, inputs.now)
            actions += _run_actions(environment, service, must_wait, inputs, queue)
    actions += [
        Remove(service)
        for id, service in observed.services.items()
        if id not in environments and service.created_at + inputs.orphan_grace <= inputs.now
    ]
    return actions


def _queue_status(
    environments: Mapping[UUID, EnvironmentState], observed: ObservedState, inputs: PlanInputs
) -> QueueStatus | None:
    """The queue of environments without a service; None when placement is left to the Swarm."""
    if inputs.nodes is None:
        return None
    desired = [
        environment
        for environment in environments.values()
        if environment.desired is DesiredState.RUNNING
    ]
    result = admit(
        (environment for environment in desired if _is_queued(environment, observed, inputs)),
        (
            environment
            for environment in desired
            if _is_admitted_without_node(environment, observed, inputs)
        ),
        inputs.nodes,
        inputs.now,
        inputs.free_ports,
    )
    return QueueStatus(result, inputs.nodes, inputs.slot_intervals)


def _is_queued(environment: EnvironmentState, observed: ObservedState, inputs: PlanInputs) -> bool:
    """Whether it waits for a first start; a restart after a crash does not queue again."""
    id = environment.id
    return (
        environment.phase is Phase.QUEUED
        and id not in observed.services
        and id not in inputs.creating
        and not must_wait_for_previous(environment, observed, inputs.pools, inputs.now)
    )


def _is_admitted_without_node(
    environment: EnvironmentState, observed: ObservedState, inputs: PlanInputs
) -> bool:
    """Whether it was admitted and no node's reservations contain it yet."""
    service = observed.services.get(environment.id)
    if environment.is_final:
        return False
    if service is None:
        return environment.phase is not Phase.QUEUED or environment.id in inputs.creating
    task = service.task
    return task is None or (task.node_id is None and not task.state.is_over)


def _stop_actions(
    environment: EnvironmentState,
    service: ObservedService | None,
    is_ending: bool,
    inputs: PlanInputs,
) -> list[Action]:
    if service:
        return [Remove(service)]
    if is_ending and inputs.now < environment.since + PREVIOUS_CONTAINER_TIMEOUT:
        return []
    return [RecordStatus(transitions.stopped(environment, inputs.now))]


def _run_actions(
    environment: EnvironmentState,
    service: ObservedService | None,
    must_wait: bool,
    inputs: PlanInputs,
    queue: QueueStatus | None,
) -> list[Action]:
    now = inputs.now
    end = scheduled_end(environment)
    if end and end.at <= now:
        return [RecordStatus(transitions.stopping(environment, Reason(code=end.reason), now))]
    if service and (service.attempt != environment.attempt or environment.restart_at):
        return [Remove(service)]
    if environment.restart_at and now < environment.restart_at:
        return []
    if service is None:
        if must_wait:
            return _wait_for_previous(environment, now)
        refusal = _root_refusal(environment, inputs)
        if refusal:
            return [_fail(environment, refusal, None, now)]
        if queue and environment.phase is Phase.QUEUED and not queue.is_admitted(environment):
            return _keep_queued(environment, queue, inputs)
        return _start_timeout(environment, None, now) or [Create(environment)]
    if service.task is None:
        changed = transitions.task_progressed(environment, SwarmStep.NEW, now)
        return _record_if_changed(environment, changed) or _start_timeout(environment, None, now)
    return _task_actions(environment, service.task, inputs)


def _root_refusal(environment: EnvironmentState, inputs: PlanInputs) -> Reason | None:
    """Why a first start is refused; what ran already is created again after a loss."""
    if environment.phase is not Phase.QUEUED or inputs.nodes is None:
        return None
    return root_refusal(environment.root_access, environment.pool, inputs.nodes)


def _wait_for_previous(environment: EnvironmentState, now: datetime) -> list[Action]:
    """Record the wait only once it has lasted: most containers end within `SHOWN_AFTER`."""
    if environment.phase is not Phase.QUEUED or now < environment.asked_at + SHOWN_AFTER:
        return []
    reason = Reason(code=ReasonCode.STILL_ENDING)
    return _record_if_changed(environment, transitions.waiting(environment, reason, now))


def _keep_queued(
    environment: EnvironmentState, queue: QueueStatus, inputs: PlanInputs
) -> list[Action]:
    if environment.id in inputs.creating or (
        environment.reason and not inputs.may_update_positions
    ):
        return []
    reason = queue.reason(environment)
    return _record_if_changed(environment, transitions.waiting(environment, reason, inputs.now))


def _task_actions(
    environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs
) -> list[Action]:
    now = inputs.now
    if is_drained(task, inputs.nodes or ()):
        pool = inputs.pools.get(environment.pool)
        return [RecordStatus(relocated_or_stopped(environment, task, pool, now))]
    if task.state.is_over or is_waiting_for_port(task):
        return [_task_ended(environment, task, inputs)]
    if not task.should_run:
        return [_fail(environment, node_lost_reason(task), task, now)]
    if task.state is TaskState.RUNNING:
        return _running_task_actions(environment, task, inputs)
    if is_waiting_for_node(task.error):
        # The Swarm sees less capacity than the queue did: this one is first among the waiting.
        reason = scheduler_wait_reason(task.error, environment, inputs.nodes or (), before=0)
        return _record_if_changed(environment, transitions.waiting(environment, reason, now))
    changed = transitions.task_progressed(environment, task.state.step or SwarmStep.NEW, now)
    return _record_if_changed(environment, changed) or _start_timeout(environment, task, now)


def _running_task_actions(
    environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs
) -> list[Action]:
    now = inputs.now
    addresses = with_host_names(
        with_tls(task.addresses, environment), inputs.pools.get(environment.pool), task.node
    )
    running = transitions.running(environment, task.node, addresses, now)
    differences = _hardening_differences(environment, task, inputs)
    if differences:
        return [_fail(running, hardening_failure(task, differences), task, now)]
    container = (environment.id, environment.attempt, task.container_id or "")
    if environment.phase is not Phase.READY and container in inputs.unwritable_folders:
        path = inputs.unwritable_folders[container]
        return [_fail(running, not_writable_reason(path), task, now)]
    overrun = inputs.disk_overruns.get(container)
    if overrun:
        return [_fail(running, disk_full_reason(overrun), task, now)]
    unready = _unready_ports(environment, inputs)
    if environment.phase is Phase.READY or (differences is not None and not unready):
        return _record_if_changed(environment, transitions.ready(running, now))
    limit = timedelta(seconds=environment.ready_within)
    if environment.running_at and environment.running_at + limit <= now:
        if unready:
            return [_fail(running, _port_timeout(environment, unready[0]), task, now)]
        return [_fail(running, hardening_failure(task, UNREADABLE), task, now)]
    return _record_if_changed(environment, running)


def _hardening_differences(
    environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs
) -> tuple[str, ...] | None:
    """What differs from its profile; None until its settings have been read back."""
    if inputs.hardening_differences is None:
        return ()
    container = (environment.id, environment.attempt, task.container_id or "")
    return inputs.hardening_differences.get(container)


def _unready_ports(environment: EnvironmentState, inputs: PlanInputs) -> list[Port]:
    return [
        port
        for port in environment.required_ports
        if (environment.id, environment.attempt, port.number) not in inputs.ready_ports
    ]


def _port_timeout(environment: EnvironmentState, port: Port) -> Reason:
    parameters: dict[str, str | int | float] = {
        "seconds": environment.ready_within,
        "port": port.number,
        "title": port.title,
        "kind": port.kind.value,
    }
    return Reason(code=ReasonCode.PORT_SILENT, parameters=parameters)


def _start_timeout(
    environment: EnvironmentState, task: ObservedTask | None, now: datetime
) -> list[Action]:
    """Fail a start that takes too long. Only preparing is limited, never waiting for capacity."""
    if environment.phase is Phase.QUEUED and environment.reason is not None:
        return []
    if environment.phase is Phase.READY:
        return []
    if now < environment.since + timedelta(seconds=environment.start_within):
        return []
    step = environment.step or SwarmStep.NEW
    parameters: dict[str, str | int | float] = {
        "seconds": environment.start_within,
        "step": step.value,
    }
    reason = Reason(
        code=ReasonCode.START_TOO_SLOW,
        parameters=parameters,
        detail=task.error if task else "",
    )
    return [_fail(environment, reason, task, now)]


def _task_ended(environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs) -> Action:
    """Stop, restart or fail an environment whose task has ended or will never start."""
    now = inputs.now
    reason = task_end_reason(task, environment, inputs.nodes or ())
    if reason.code is ReasonCode.ENDED_BY_ITSELF and environment.began_at:
        return RecordFailure(transitions.stopping(environment, reason, now), task)
    delay = restart_delay(environment, reason, now)
    if delay is None:
        restarts = {"restarts": environment.restarts} if environment.restarts else {}
        parameters = {**reason.parameters, **restarts}
        return _fail(environment, reason.model_copy(update={"parameters": parameters}), task, now)
    counted = replace(environment, restarts=counted_restarts(environment, now))
    return RecordFailure(transitions.restarting(counted, reason, delay, now), task)


def _fail(
    environment: EnvironmentState, reason: Reason, task: ObservedTask | None, now: datetime
) -> RecordFailure:
    return RecordFailure(transitions.failed(environment, reason, now), task)


def _record_if_changed(before: EnvironmentState, after: EnvironmentState) -> list[Action]:
    return [RecordStatus(after)] if after != before else []
