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

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, ReasonCode, SwarmStep

from ..checks.root_access import root_refusal
from ..lifecycle import transitions
from ..lifecycle.leases import scheduled_end
from ..lifecycle.transitions import DesiredState, EnvironmentState
from ..observed_state import ObservedService, ObservedState, ObservedTask
from ..placement.queue import admit
from ..placement.queue_status import QueueStatus
from ..placement.wait_reasons import is_waiting_for_node
from .actions import (
    Action,
    Create,
    PlanInputs,
    RecordStatus,
    Remove,
)
from .previous_container import PREVIOUS_CONTAINER_TIMEOUT, SHOWN_AFTER, must_wait_for_previous
from .task_actions import (
    fail,
    record_if_changed,
    start_timeout,
    task_actions,
)


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
            must_wait = _must_wait(environment, observed, inputs)
            actions += _run_actions(environment, service, must_wait, inputs, queue)
    actions += [
        Remove(service)
        for id, service in observed.services.items()
        if id not in environments and service.created_at + inputs.orphan_grace <= inputs.now
    ]
    return actions


def _must_wait(environment: EnvironmentState, observed: ObservedState, inputs: PlanInputs) -> bool:
    nodes = inputs.nodes or ()
    return must_wait_for_previous(environment, observed, inputs.pools, inputs.now, nodes)


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
        and not _must_wait(environment, observed, inputs)
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
            return [fail(environment, refusal, None, now)]
        if queue and environment.phase is Phase.QUEUED and not queue.is_admitted(environment):
            return _keep_queued(environment, queue, inputs)
        return start_timeout(environment, None, now) or [Create(environment)]
    if service.task is None:
        changed = transitions.task_progressed(environment, SwarmStep.NEW, now)
        return record_if_changed(environment, changed) or start_timeout(environment, None, now)
    if _left_its_folder_node(environment, service.task):
        return [Remove(service)]
    return task_actions(environment, service.task, inputs)


def _left_its_folder_node(environment: EnvironmentState, task: ObservedTask) -> bool:
    """Whether its service waits for the node of its work folder: it queues again without one.

    The service is bound to that node for ever, while an operator may release the folder.
    """
    reason = environment.reason
    is_away = reason is not None and reason.code is ReasonCode.FOLDER_UNAVAILABLE
    return environment.phase is Phase.QUEUED and is_away and is_waiting_for_node(task.error)


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
    return record_if_changed(environment, transitions.waiting(environment, reason, now))


def _keep_queued(
    environment: EnvironmentState, queue: QueueStatus, inputs: PlanInputs
) -> list[Action]:
    if environment.id in inputs.creating or (
        environment.reason and not inputs.may_update_positions
    ):
        return []
    reason = queue.reason(environment)
    return record_if_changed(environment, transitions.waiting(environment, reason, inputs.now))
