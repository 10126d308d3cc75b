"""The actions for one environment whose service has a task."""

from dataclasses import replace
from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    Port,
    Reason,
    ReasonCode,
    SwarmStep,
)

from ..checks.disk_limits import disk_full_reason
from ..checks.hardening import UNREADABLE, hardening_failure
from ..checks.work_folders import not_writable_reason
from ..lifecycle import transitions
from ..lifecycle.draining import is_drained, relocated_or_stopped
from ..lifecycle.failures import (
    is_waiting_for_port,
    node_lost_reason,
    task_end_reason,
    unpublished_ports_reason,
)
from ..lifecycle.folder_usage import with_usage
from ..lifecycle.restarts import counted_restarts, restart_delay
from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedTask, TaskState
from ..placement.direct_ports import with_host_names, with_tls
from ..placement.wait_reasons import is_waiting_for_node, scheduler_wait_reason
from .actions import (
    Action,
    PlanInputs,
    RecordFailure,
    RecordStatus,
)

_PUBLISHED_WITHIN = timedelta(seconds=5)


def task_actions(
    environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs
) -> list[Action]:
    """Actions for a desired environment, from the state of its newest task."""
    now = inputs.now
    if is_drained(task, inputs.nodes or ()):
        pool = inputs.pools.get(environment.pool)
        return [RecordStatus(relocated_or_stopped(environment, task, pool, now))]
    if task.state.is_over or is_waiting_for_port(task):
        return [_task_ended(environment, task, inputs)]
    if not task.should_run:
        return [fail(environment, node_lost_reason(task), task, now)]
    if task.state is TaskState.RUNNING:
        return _running_task_actions(environment, task, inputs)
    if is_waiting_for_node(task.error):
        # The Swarm sees less capacity than the queue did: this one is first among the waiting.
        reason = scheduler_wait_reason(task.error, environment, inputs.nodes or (), before=0)
        return record_if_changed(environment, transitions.waiting(environment, reason, now))
    changed = transitions.task_progressed(environment, task.state.step or SwarmStep.NEW, now)
    return record_if_changed(environment, changed) or start_timeout(environment, task, now)


def _running_task_actions(
    environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs
) -> list[Action]:
    now = inputs.now
    addresses = with_host_names(
        with_tls(task.addresses, environment), inputs.pools.get(environment.pool), task.node
    )
    running = with_usage(
        transitions.running(environment, task.node, addresses, now), inputs.folder_uses
    )
    differences = _hardening_differences(environment, task, inputs)
    if differences:
        return [fail(running, hardening_failure(task, differences), task, now)]
    container = (environment.id, environment.attempt, task.container_id or "")
    if environment.phase is not Phase.READY and container in inputs.unwritable_folders:
        path = inputs.unwritable_folders[container]
        return [fail(running, not_writable_reason(path), task, now)]
    overrun = inputs.disk_overruns.get(container)
    if overrun:
        return [fail(running, disk_full_reason(overrun), task, now)]
    if environment.phase is not Phase.READY and _lacks_ports(running, now):
        return [_restarted_or_failed(running, unpublished_ports_reason(task), task, now)]
    unready = _unready_ports(environment, inputs)
    if environment.phase is Phase.READY or (differences is not None and not unready):
        return record_if_changed(environment, transitions.ready(running, now))
    limit = timedelta(seconds=environment.ready_within)
    if environment.running_at and environment.running_at + limit <= now:
        if unready:
            return [fail(running, _port_timeout(environment, unready[0]), task, now)]
        return [fail(running, hardening_failure(task, UNREADABLE), task, now)]
    return record_if_changed(environment, running)


def _lacks_ports(environment: EnvironmentState, now: datetime) -> bool:
    """Whether a required port has no address although the container has run for a while: Swarm
    reports the addresses together with the state *running*, and never later."""
    if environment.running_at is None or environment.running_at + _PUBLISHED_WITHIN > now:
        return False
    published = {address.port for address in environment.addresses}
    return any(port.number not in published for port in environment.required_ports)


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


def start_timeout(
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
    return [fail(environment, reason, task, now)]


def _task_ended(environment: EnvironmentState, task: ObservedTask, inputs: PlanInputs) -> Action:
    """Stop, restart or fail an environment whose task has ended or will never start."""
    now = inputs.now
    reason = task_end_reason(task, environment, inputs.nodes or ())
    if reason.code is ReasonCode.ENDED_BY_ITSELF and environment.began_at:
        return RecordFailure(transitions.stopping(environment, reason, now), task)
    return _restarted_or_failed(environment, reason, task, now)


def _restarted_or_failed(
    environment: EnvironmentState, reason: Reason, task: ObservedTask, now: datetime
) -> Action:
    delay = restart_delay(environment, reason, now)
    if delay is None:
        restarts = {"restarts": environment.restarts} if environment.restarts else {}
        parameters = {**reason.parameters, **restarts}
        return fail(environment, reason.model_copy(update={"parameters": parameters}), task, now)
    counted = replace(environment, restarts=counted_restarts(environment, now))
    return RecordFailure(transitions.restarting(counted, reason, delay, now), task)


def fail(
    environment: EnvironmentState, reason: Reason, task: ObservedTask | None, now: datetime
) -> RecordFailure:
    """Record `reason` as the end of this attempt, with the last output of its task."""
    return RecordFailure(transitions.failed(environment, reason, now), task)


def record_if_changed(before: EnvironmentState, after: EnvironmentState) -> list[Action]:
    """Record the status, unless the row has it already."""
    return [RecordStatus(after)] if after != before else []
