"""The pure rules, one promise each; and that the plan always converges."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.specs import a_port

from mydocker_kit.contracts.environments import (
    Address,
    Phase,
    Reason,
    ReasonCode,
    Resources,
    SwarmStep,
)
from mydocker_kit.contracts.pools import OnDrain, Pool, Storage
from mydocker_orchestrator.domain import lifecycle
from mydocker_orchestrator.domain.failures import PostMortem, why_it_ended, with_findings
from mydocker_orchestrator.domain.found import (
    Availability,
    Found,
    FoundNode,
    FoundService,
    FoundTask,
    TaskState,
)
from mydocker_orchestrator.domain.lifecycle import Environment, Wanted
from mydocker_orchestrator.domain.pace import FASTEST, QUIET, next_look
from mydocker_orchestrator.domain.planner import Circumstances, Create, Fall, Note, Remove, plan
from mydocker_orchestrator.domain.room import is_waiting_for_a_place, why_it_waits

NOW = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
ID = UUID(int=7)
SSH = Address(port=22, host="10.0.0.1", host_port=32768)


def an_environment(**given: object) -> Environment:
    values: dict[str, object] = {
        "id": ID,
        "version": 1,
        "attempt": 1,
        "wanted": Wanted.RUNNING,
        "phase": Phase.QUEUED,
        "since": NOW,
        "asked_at": NOW,
        "resources": Resources(cpu=1, memory_mib=512),
        "ports": (a_port(),),
    }
    return Environment(**(values | given))  # type: ignore[arg-type]


def a_service(state: TaskState = TaskState.RUNNING, attempt: int = 1, **task: object) -> Found:
    seen = FoundTask(id="t", state=state, **task)  # type: ignore[arg-type]
    return Found({ID: FoundService("s", ID, attempt, NOW, seen)})


def actions(
    environment: Environment, found: Found, seconds: float = 0, **around: object
) -> list[object]:
    now = NOW + timedelta(seconds=seconds)
    return list(plan({ID: environment}, found, Circumstances(now, **around)))  # type: ignore[arg-type]


def test_what_is_wanted_and_missing_is_created() -> None:
    environment = an_environment()
    assert actions(environment, Found()) == [Create(environment)]


def test_a_service_of_another_attempt_is_removed_first() -> None:
    found = a_service(attempt=1)
    assert actions(an_environment(attempt=2), found) == [Remove(found.services[ID])]


def test_two_containers_never_share_a_volume_but_a_lost_one_is_not_awaited_for_ever() -> None:
    leaving = Found(leaving=frozenset({ID}))
    [note] = actions(an_environment(), leaving, 59)
    assert isinstance(note, Note)
    assert isinstance(actions(an_environment(), leaving, 60)[0], Create)


def test_a_container_that_runs_is_not_ready_before_its_ports_answer() -> None:
    [note] = actions(an_environment(), a_service(addresses=(SSH,)))
    assert isinstance(note, Note)
    assert (note.changed.phase, note.changed.step) == (Phase.STARTING, SwarmStep.RUNNING)
    [note] = actions(note.changed, a_service(), answered={(ID, 1, 22)})
    assert isinstance(note, Note)
    assert (note.changed.phase, note.changed.ready_at) == (Phase.READY, NOW)


def test_an_answer_of_an_earlier_attempt_does_not_count() -> None:
    [note] = actions(an_environment(attempt=2), a_service(attempt=2), answered={(ID, 1, 22)})
    assert isinstance(note, Note)
    assert note.changed.phase is Phase.STARTING


def test_a_port_that_is_not_required_is_not_awaited() -> None:
    environment = an_environment(ports=(a_port(required=False),))
    [note] = actions(environment, a_service())
    assert isinstance(note, Note)
    assert note.changed.phase is Phase.READY


def test_nothing_new_means_nothing_to_do() -> None:
    ready = an_environment(phase=Phase.READY, addresses=(SSH,), running_at=NOW, ready_at=NOW)
    assert actions(ready, a_service(addresses=(SSH,)), 3600) == []


def test_preparing_has_a_limit_and_waiting_for_room_has_none() -> None:
    slow = an_environment(phase=Phase.STARTING, step=SwarmStep.PREPARING)
    [fail] = actions(slow, a_service(TaskState.PREPARING), 900)
    assert isinstance(fail, Fall)
    assert fail.changed.reason is not None
    assert fail.changed.reason.code is ReasonCode.START_TOO_SLOW
    assert fail.changed.reason.parameters == {"seconds": 900, "step": "preparing"}
    waiting = a_service(TaskState.PENDING, error="no suitable node (insufficient resources)")
    [note] = actions(slow, waiting, 90_000)
    assert isinstance(note, Note)
    assert actions(note.changed, waiting, 180_000) == []


def test_a_task_that_swarm_gave_up_means_a_lost_node() -> None:
    ready = an_environment(phase=Phase.READY)
    [fail] = actions(ready, a_service(should_run=False, node="worker-3"))
    assert isinstance(fail, Fall)
    assert fail.changed.reason is not None
    assert fail.changed.reason.code is ReasonCode.NODE_LOST
    assert fail.changed.reason.parameters == {"node": "worker-3"}


DRAINED = FoundNode("n", "n", usable=False, availability=Availability.DRAIN)
EMPTY = FoundNode("e", "e", cpu=4, memory_mib=4096, free_cpu=4, free_memory_mib=4096)
MOVING = Pool(name="default", title="d", on_drain=OnDrain.MOVE)


@pytest.mark.parametrize(
    ("pool", "keeps_work", "moves"),
    [
        (None, False, False),
        (Pool(name="default", title="d"), False, False),
        (MOVING, False, True),
        (MOVING, True, False),  # its work folder is on that node
        (MOVING.model_copy(update={"storage": Storage.SHARED}), True, True),
    ],
)
def test_a_drained_node_ends_or_moves_what_it_has_as_the_pool_says(
    pool: Pool | None, keeps_work: bool, moves: bool
) -> None:
    ready = an_environment(phase=Phase.READY, began_at=NOW, keeps_work=keeps_work)
    found = a_service(should_run=False, node_id="n", node="n")
    pools = {"default": pool} if pool else {}
    [note] = actions(ready, found, nodes=(DRAINED,), pools=pools)
    assert isinstance(note, Note)
    assert note.changed.reason is not None
    assert note.changed.reason.code is ReasonCode.NODE_DRAINED
    assert note.changed.phase is (Phase.STARTING if moves else Phase.STOPPING)
    assert (note.changed.restarts, note.changed.began_at) == (0, NOW)
    [remove] = actions(note.changed, found, nodes=(DRAINED,), pools=pools)
    assert isinstance(remove, Remove)
    [then] = actions(note.changed, Found(), nodes=(DRAINED,), pools=pools)
    assert isinstance(then, Create if moves else Note)


def test_a_lost_node_is_no_drained_one() -> None:
    lost = replace(DRAINED, reachable=False)
    ready = an_environment(phase=Phase.READY)
    [fall] = actions(
        ready, a_service(should_run=False, node_id="n"), nodes=(lost,), pools={"default": MOVING}
    )
    assert isinstance(fall, Fall)


def test_who_waits_for_a_container_that_ends_is_told_and_stands_in_line_afterwards() -> None:
    leaving, nodes = Found(leaving=frozenset({ID})), (EMPTY,)
    assert actions(an_environment(), leaving, 1, nodes=nodes) == []
    [note] = actions(an_environment(), leaving, 4, nodes=nodes)
    assert isinstance(note, Note)
    assert note.changed.reason is not None
    assert note.changed.reason.code is ReasonCode.STILL_ENDING
    assert actions(note.changed, leaving, 5, nodes=nodes) == []
    # Its node never comes back to say so.
    assert actions(note.changed, leaving, 61, nodes=nodes) == [Create(note.changed)]
    assert actions(note.changed, Found(), 5, nodes=nodes) == [Create(note.changed)]


def test_a_container_on_a_lost_node_is_awaited_only_where_the_work_folder_is_shared() -> None:
    lost = Found(leaving=frozenset({ID}), out_of_reach=frozenset({ID}))
    here = Pool(name="default", title="d")
    shared = here.model_copy(update={"storage": Storage.SHARED})
    assert actions(an_environment(), lost, nodes=(EMPTY,), pools={"default": shared}) == []
    [create] = actions(an_environment(), lost, nodes=(EMPTY,), pools={"default": here})
    assert isinstance(create, Create)


def test_a_port_that_somebody_has_is_tried_again_and_not_for_ever() -> None:
    taken = a_service(TaskState.FAILED, error="driver failed: address already in use")
    starting, seconds = an_environment(phase=Phase.STARTING), []
    for _ in range(3):
        [fall] = actions(starting, taken)
        assert isinstance(fall, Fall)
        assert fall.changed.restart_at is not None
        seconds.append((fall.changed.restart_at - NOW).total_seconds())
        starting = replace(fall.changed, restart_at=None)
    assert seconds == [1, 5, 20]
    [fall] = actions(starting, taken)
    assert isinstance(fall, Fall)
    assert fall.changed.phase is Phase.FAILED


def test_the_end_comes_from_the_row() -> None:
    environment = an_environment(phase=Phase.READY, ends_at=NOW, end_reason="lease_over")
    [note] = actions(environment, a_service())
    assert isinstance(note, Note)
    assert (note.changed.phase, note.changed.wanted) == (Phase.STOPPING, Wanted.STOPPED)
    [remove] = actions(note.changed, a_service())
    assert isinstance(remove, Remove)
    [note] = actions(note.changed, Found())
    assert isinstance(note, Note)
    assert note.changed.phase is Phase.STOPPED


def test_an_orphan_has_a_grace_and_the_row_at_rest_has_none() -> None:
    found = a_service()
    assert list(plan({}, found, Circumstances(NOW + timedelta(seconds=59)))) == []
    [remove] = plan({}, found, Circumstances(NOW + timedelta(seconds=60)))
    assert isinstance(remove, Remove)
    stopped = an_environment(phase=Phase.STOPPED, wanted=Wanted.STOPPED)
    assert actions(stopped, found) == [remove]


def test_no_move_leads_out_of_rest() -> None:
    for phase in (Phase.STOPPED, Phase.FAILED):
        with pytest.raises(ValueError, match="no way"):
            lifecycle.ready(an_environment(phase=phase), NOW)


@pytest.mark.parametrize(
    ("state", "error", "code", "expected"),
    [
        (TaskState.REJECTED, "No such image: a@sha256:b", None, ReasonCode.IMAGE_MISSING),
        (TaskState.FAILED, "task: non-zero exit (2)", 2, ReasonCode.CRASHED),
        (TaskState.COMPLETE, "", 0, ReasonCode.ENDED_BY_ITSELF),
        (TaskState.FAILED, "driver failed … port is already allocated", None, "port_taken"),
        (TaskState.FAILED, "starting container failed: OCI runtime …", None, "engine_refused"),
        (TaskState.ORPHANED, "", None, ReasonCode.NODE_LOST),
    ],
)
def test_the_engines_words_become_a_code(
    state: TaskState, error: str, code: int | None, expected: str
) -> None:
    task = FoundTask(id="t", state=state, error=error, exit_code=code)
    reason = why_it_ended(task, an_environment())
    assert (reason.code, reason.detail) == (expected, error)


@pytest.mark.parametrize(("seconds", "restarts"), [(5, 1), (-5, 1), (600, 0)])
def test_what_its_engine_ended_when_it_started_again_is_started_again(
    seconds: float, restarts: int
) -> None:
    ready = an_environment(phase=Phase.READY, began_at=NOW, ready_at=NOW)
    ended = a_service(TaskState.COMPLETE, node_id="e", exit_code=0, ended_at=NOW)
    node = replace(EMPTY, changed_at=NOW - timedelta(seconds=seconds))
    [action] = actions(ready, ended, nodes=(node,))
    assert isinstance(action, Fall if restarts else Note)
    assert action.changed.restarts == restarts


def test_a_kill_is_only_called_lack_of_memory_when_the_engine_says_so() -> None:
    crashed = Reason(code=ReasonCode.CRASHED, parameters={"exit_code": 137})
    assert with_findings(crashed, PostMortem(), 512) == crashed
    told = with_findings(crashed, PostMortem(out_of_memory=True), 512)
    assert told.code is ReasonCode.OUT_OF_MEMORY


def a_node(**given: object) -> FoundNode:
    values: dict[str, object] = {"id": "n", "name": "n", "cpu": 4, "memory_mib": 4096}
    return FoundNode(**(values | given))  # type: ignore[arg-type]


SHORT = "no suitable node (insufficient resources on 2 nodes)"


@pytest.mark.parametrize(
    ("nodes", "short"),
    [
        ([a_node(free_cpu=4, free_memory_mib=100)], "memory"),
        ([a_node(free_cpu=0.5, free_memory_mib=4096)], "cpu"),
        ([a_node(), a_node(free_cpu=2, free_memory_mib=100)], "memory"),
        ([a_node()], "cpu,memory"),
    ],
)
def test_what_is_short_is_named(nodes: list[FoundNode], short: str) -> None:
    assert is_waiting_for_a_place(SHORT)
    reason = why_it_waits(SHORT, an_environment(), nodes, 3)
    assert reason.code is ReasonCode.NO_ROOM
    assert reason.parameters["short"] == short
    assert reason.parameters["waiting_before"] == 3
    assert reason.parameters["fits_nowhere"] == 0


def test_what_no_node_could_ever_hold_is_said() -> None:
    huge = an_environment(resources=Resources(cpu=64, memory_mib=512))
    assert why_it_waits(SHORT, huge, [a_node()], 0).parameters["fits_nowhere"] == 1


def test_no_node_at_all_is_not_lack_of_room() -> None:
    text = "no suitable node (1 node not available for new tasks)"
    reason = why_it_waits(text, an_environment(), [a_node(usable=False)], 0)
    assert reason.code is ReasonCode.NODE_UNAVAILABLE


def test_looks_are_frequent_in_motion_rare_in_quiet_and_never_more_than_a_fifth() -> None:
    starting = an_environment(phase=Phase.STARTING)
    ready = an_environment(phase=Phase.READY)
    assert next_look([ready, starting], 0.001, NOW) == FASTEST
    assert next_look([ready], 0.001, NOW) == QUIET
    assert next_look([starting], 0.25, NOW) == 1.0
    ending = replace(ready, ends_at=NOW + timedelta(seconds=2))
    assert next_look([ending], 0.001, NOW) == 2.0


# Convergence: a small world in which actions are carried out, or lost, in any order.


def carried_out(
    environments: dict[UUID, Environment], found: Found, action: object, now: datetime
) -> tuple[dict[UUID, Environment], Found]:
    services: Mapping[UUID, FoundService] = found.services
    match action:
        case Create(environment) if environment.id not in services:
            task = FoundTask("t", TaskState.RUNNING)
            made = FoundService("new", environment.id, environment.attempt, now, task)
            return environments, Found({**services, environment.id: made})
        case Remove(service):
            left = {id: one for id, one in services.items() if one.id != service.id}
            return environments, Found(left)
        case Note(changed) | Fall(changed, _):
            return {**environments, changed.id: changed}, found
    return environments, found


worlds = st.builds(
    lambda wanted, phase, attempt, has, found_attempt, state: (
        an_environment(
            wanted=Wanted.STOPPED
            if phase in (Phase.STOPPING, Phase.STOPPED, Phase.FAILED)
            else wanted,
            phase=phase,
            attempt=attempt,
            step=SwarmStep.NEW if phase is Phase.STARTING else None,
        ),
        a_service(state, found_attempt, should_run=True) if has else Found(),
    ),
    st.just(Wanted.RUNNING),
    st.sampled_from(Phase),
    st.integers(1, 3),
    st.booleans(),
    st.integers(1, 3),
    st.sampled_from(TaskState),
)


@given(worlds, st.lists(st.booleans(), min_size=30, max_size=30))
def test_whatever_is_found_and_whatever_is_lost_the_plan_converges(
    world: tuple[Environment, Found], succeeds: list[bool]
) -> None:
    environment, found = world
    environments, now = {ID: environment}, NOW
    for does in [*succeeds, *[True] * 10]:
        now += timedelta(seconds=1)
        around = Circumstances(now, answered={(ID, environment.attempt, 22)})
        for action in plan(environments, found, around):
            if does:
                environments, found = carried_out(environments, found, action, now)
    last = environments[ID]
    settled = plan(environments, found, Circumstances(now, {(ID, environment.attempt, 22)}))
    stuck = found.services.get(ID)
    if (
        stuck
        and stuck.task
        and not (stuck.task.state.is_over or stuck.task.state is TaskState.RUNNING)
    ):
        return  # still on its way up: Swarm moves it, not we
    assert settled == []
    if last.wanted is Wanted.RUNNING:
        assert last.phase is Phase.READY
        assert stuck is not None
        assert stuck.attempt == last.attempt
    else:
        assert last.at_rest
        assert not found.services
