"""The pure rules, one promise each; and that the plan always converges."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.rules.makers import ID, NOW, SSH, a_service, actions, an_environment
from tests.orchestrator.specs import a_port

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    ReasonCode,
    SwarmStep,
)
from mydocker_orchestrator.domain.lifecycle import transitions
from mydocker_orchestrator.domain.lifecycle.transitions import DesiredState, EnvironmentState
from mydocker_orchestrator.domain.observed_state import (
    ObservedService,
    ObservedState,
    ObservedTask,
    TaskState,
)
from mydocker_orchestrator.domain.planner.actions import (
    Create,
    PlanInputs,
    RecordFailure,
    RecordStatus,
    Remove,
)
from mydocker_orchestrator.domain.planner.plan import plan
from mydocker_orchestrator.domain.planner.polling import IDLE_INTERVAL, MIN_INTERVAL, poll_interval


def test_what_is_wanted_and_missing_is_created() -> None:
    environment = an_environment()
    assert actions(environment, ObservedState()) == [Create(environment)]


def test_a_service_of_another_attempt_is_removed_first() -> None:
    observed = a_service(attempt=1)
    assert actions(an_environment(attempt=2), observed) == [Remove(observed.services[ID])]


def test_two_containers_never_share_a_volume_but_a_lost_one_is_not_awaited_for_ever() -> None:
    leaving = ObservedState(ending=frozenset({ID}))
    [note] = actions(an_environment(), leaving, 59)
    assert isinstance(note, RecordStatus)
    assert isinstance(actions(an_environment(), leaving, 60)[0], Create)


def test_a_container_that_runs_is_not_ready_before_its_ports_answer() -> None:
    [note] = actions(an_environment(), a_service(addresses=(SSH,)))
    assert isinstance(note, RecordStatus)
    assert (note.changed.phase, note.changed.step) == (Phase.STARTING, SwarmStep.RUNNING)
    [note] = actions(note.changed, a_service(), ready_ports={(ID, 1, 22)})
    assert isinstance(note, RecordStatus)
    assert (note.changed.phase, note.changed.ready_at) == (Phase.READY, NOW)


def test_a_container_that_the_engine_started_without_its_ports_is_replaced() -> None:
    running = an_environment(phase=Phase.STARTING, step=SwarmStep.RUNNING, running_at=NOW)
    assert actions(running, a_service(), 4) == []
    [fall] = actions(running, a_service(), 5)
    assert isinstance(fall, RecordFailure)
    assert (fall.changed.phase, fall.changed.restarts) == (Phase.STARTING, 1)
    assert fall.changed.restart_at == NOW + timedelta(seconds=6)
    published = replace(running, addresses=(SSH,))
    assert actions(published, a_service(addresses=(SSH,)), 5) == []
    [fall] = actions(replace(running, restarts=3), a_service(), 5)
    assert isinstance(fall, RecordFailure)
    assert fall.changed.reason is not None
    assert fall.changed.reason.code is ReasonCode.ENGINE_REFUSED


def test_an_answer_of_an_earlier_attempt_does_not_count() -> None:
    [note] = actions(an_environment(attempt=2), a_service(attempt=2), ready_ports={(ID, 1, 22)})
    assert isinstance(note, RecordStatus)
    assert note.changed.phase is Phase.STARTING


def test_a_port_that_is_not_required_is_not_awaited() -> None:
    environment = an_environment(ports=(a_port(required=False),))
    [note] = actions(environment, a_service())
    assert isinstance(note, RecordStatus)
    assert note.changed.phase is Phase.READY


def test_nothing_new_means_nothing_to_do() -> None:
    ready = an_environment(phase=Phase.READY, addresses=(SSH,), running_at=NOW, ready_at=NOW)
    assert actions(ready, a_service(addresses=(SSH,)), 3600) == []


def test_preparing_has_a_limit_and_waiting_for_room_has_none() -> None:
    slow = an_environment(phase=Phase.STARTING, step=SwarmStep.PREPARING)
    [fail] = actions(slow, a_service(TaskState.PREPARING), 900)
    assert isinstance(fail, RecordFailure)
    assert fail.changed.reason is not None
    assert fail.changed.reason.code is ReasonCode.START_TOO_SLOW
    assert fail.changed.reason.parameters == {"seconds": 900, "step": "preparing"}
    waiting = a_service(TaskState.PENDING, error="no suitable node (insufficient resources)")
    [note] = actions(slow, waiting, 90_000)
    assert isinstance(note, RecordStatus)
    assert actions(note.changed, waiting, 180_000) == []


def test_a_port_that_somebody_has_is_tried_again_and_not_for_ever() -> None:
    taken = a_service(TaskState.FAILED, error="driver failed: address already in use")
    starting, seconds = an_environment(phase=Phase.STARTING), []
    for _ in range(3):
        [fall] = actions(starting, taken)
        assert isinstance(fall, RecordFailure)
        assert fall.changed.restart_at is not None
        seconds.append((fall.changed.restart_at - NOW).total_seconds())
        starting = replace(fall.changed, restart_at=None)
    assert seconds == [1, 5, 20]
    [fall] = actions(starting, taken)
    assert isinstance(fall, RecordFailure)
    assert fall.changed.phase is Phase.FAILED


def test_the_end_comes_from_the_row() -> None:
    environment = an_environment(phase=Phase.READY, ends_at=NOW, end_reason="lease_over")
    [note] = actions(environment, a_service())
    assert isinstance(note, RecordStatus)
    assert (note.changed.phase, note.changed.desired) == (Phase.STOPPING, DesiredState.STOPPED)
    [remove] = actions(note.changed, a_service())
    assert isinstance(remove, Remove)
    [note] = actions(note.changed, ObservedState())
    assert isinstance(note, RecordStatus)
    assert note.changed.phase is Phase.STOPPED


def test_an_orphan_has_a_grace_and_the_row_at_rest_has_none() -> None:
    observed = a_service()
    assert list(plan({}, observed, PlanInputs(NOW + timedelta(seconds=59)))) == []
    [remove] = plan({}, observed, PlanInputs(NOW + timedelta(seconds=60)))
    assert isinstance(remove, Remove)
    stopped = an_environment(phase=Phase.STOPPED, desired=DesiredState.STOPPED)
    assert actions(stopped, observed) == [remove]


def test_no_move_leads_out_of_rest() -> None:
    for phase in (Phase.STOPPED, Phase.FAILED):
        with pytest.raises(ValueError, match="no way"):
            transitions.ready(an_environment(phase=phase), NOW)


def test_looks_are_frequent_in_motion_rare_in_quiet_and_never_more_than_a_fifth() -> None:
    starting = an_environment(phase=Phase.STARTING)
    ready = an_environment(phase=Phase.READY)
    assert poll_interval([ready, starting], 0.001, NOW) == MIN_INTERVAL
    assert poll_interval([ready], 0.001, NOW) == IDLE_INTERVAL
    assert poll_interval([starting], 0.25, NOW) == 1.0
    ending = replace(ready, ends_at=NOW + timedelta(seconds=2))
    assert poll_interval([ending], 0.001, NOW) == 2.0


# Convergence: a small world in which actions are carried out, or lost, in any order.


def carried_out(
    environments: dict[UUID, EnvironmentState],
    observed: ObservedState,
    action: object,
    now: datetime,
) -> tuple[dict[UUID, EnvironmentState], ObservedState]:
    services: Mapping[UUID, ObservedService] = observed.services
    match action:
        case Create(environment) if environment.id not in services:
            task = ObservedTask("t", TaskState.RUNNING)
            made = ObservedService("new", environment.id, environment.attempt, now, task)
            return environments, ObservedState({**services, environment.id: made})
        case Remove(service):
            left = {id: other for id, other in services.items() if other.id != service.id}
            return environments, ObservedState(left)
        case RecordStatus(changed) | RecordFailure(changed, _):
            return {**environments, changed.id: changed}, observed
    return environments, observed


worlds = st.builds(
    lambda wanted, phase, attempt, has, found_attempt, state: (
        an_environment(
            desired=DesiredState.STOPPED
            if phase in (Phase.STOPPING, Phase.STOPPED, Phase.FAILED)
            else wanted,
            phase=phase,
            attempt=attempt,
            step=SwarmStep.NEW if phase is Phase.STARTING else None,
        ),
        a_service(state, found_attempt, should_run=True) if has else ObservedState(),
    ),
    st.just(DesiredState.RUNNING),
    st.sampled_from(Phase),
    st.integers(1, 3),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(TaskState),
)


@given(worlds, st.lists(st.booleans(), min_size=30, max_size=30))
def test_whatever_is_found_and_whatever_is_lost_the_plan_converges(
    world: tuple[EnvironmentState, ObservedState], succeeds: list[bool]
) -> None:
    environment, observed = world
    environments, now = {ID: environment}, NOW
    for does in [*succeeds, *[True] * 10]:
        now += timedelta(seconds=1)
        inputs = PlanInputs(now, ready_ports={(ID, environment.attempt, 22)})
        for action in plan(environments, observed, inputs):
            if does:
                environments, observed = carried_out(environments, observed, action, now)
    last = environments[ID]
    settled = plan(environments, observed, PlanInputs(now, {(ID, environment.attempt, 22)}))
    stuck = observed.services.get(ID)
    if (
        stuck
        and stuck.task
        and not (stuck.task.state.is_over or stuck.task.state is TaskState.RUNNING)
    ):
        return  # still on its way up: Swarm moves it, not we
    assert settled == []
    if last.desired is DesiredState.RUNNING:
        assert last.phase is Phase.READY
        assert stuck is not None
        assert stuck.attempt == last.attempt
    else:
        assert last.is_final
        assert not observed.services
