"""What becomes of an environment whose node is drained or lost."""

from dataclasses import replace
from datetime import timedelta

import pytest
from tests.orchestrator.rules.makers import ID, NOW, a_service, actions, an_environment

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    ReasonCode,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import OnDrain, Pool, Storage
from mydocker_orchestrator.domain.observed_state import (
    Availability,
    ObservedNode,
    ObservedState,
    TaskState,
)
from mydocker_orchestrator.domain.planner.actions import Create, RecordFailure, RecordStatus, Remove

WORK = (VolumeMount(name="work-1", path="/home/student/work"),)
DRAINED = ObservedNode("n", "n", usable=False, availability=Availability.DRAIN)
EMPTY = ObservedNode("e", "e", cpu=4, memory_mib=4096, free_cpu=4, free_memory_mib=4096)
MOVING = Pool(name="default", title="d", on_drain=OnDrain.MOVE)


def test_a_task_that_swarm_gave_up_means_a_lost_node() -> None:
    ready = an_environment(phase=Phase.READY)
    [fail] = actions(ready, a_service(should_run=False, node="worker-3"))
    assert isinstance(fail, RecordFailure)
    assert fail.changed.reason is not None
    assert fail.changed.reason.code is ReasonCode.NODE_LOST
    assert fail.changed.reason.parameters == {"node": "worker-3"}


@pytest.mark.parametrize(
    ("pool", "has_volumes", "moves"),
    [
        (None, False, False),
        (Pool(name="default", title="d"), False, False),
        (MOVING, False, True),
        (MOVING, True, False),  # its work folder is on that node
        (MOVING.model_copy(update={"storage": Storage.SHARED}), True, True),
    ],
)
def test_a_drained_node_ends_or_moves_what_it_has_as_the_pool_says(
    pool: Pool | None, has_volumes: bool, moves: bool
) -> None:
    ready = an_environment(phase=Phase.READY, began_at=NOW, volumes=WORK if has_volumes else ())
    observed = a_service(should_run=False, node_id="n", node="n")
    pools = {"default": pool} if pool else {}
    [note] = actions(ready, observed, nodes=(DRAINED,), pools=pools)
    assert isinstance(note, RecordStatus)
    assert note.changed.reason is not None
    assert note.changed.reason.code is ReasonCode.NODE_DRAINED
    assert note.changed.phase is (Phase.STARTING if moves else Phase.STOPPING)
    assert (note.changed.restarts, note.changed.began_at) == (0, NOW)
    [remove] = actions(note.changed, observed, nodes=(DRAINED,), pools=pools)
    assert isinstance(remove, Remove)
    [then] = actions(note.changed, ObservedState(), nodes=(DRAINED,), pools=pools)
    assert isinstance(then, Create if moves else RecordStatus)


def test_a_lost_node_is_no_drained_one() -> None:
    lost = replace(DRAINED, reachable=False)
    ready = an_environment(phase=Phase.READY)
    [fall] = actions(
        ready, a_service(should_run=False, node_id="n"), nodes=(lost,), pools={"default": MOVING}
    )
    assert isinstance(fall, RecordFailure)


def test_waiting_for_an_ending_container_gives_a_reason_and_then_a_queue_position() -> None:
    leaving, nodes = ObservedState(ending=frozenset({ID})), (EMPTY,)
    assert actions(an_environment(), leaving, 1, nodes=nodes) == []
    [note] = actions(an_environment(), leaving, 4, nodes=nodes)
    assert isinstance(note, RecordStatus)
    assert note.changed.reason is not None
    assert note.changed.reason.code is ReasonCode.STILL_ENDING
    assert actions(note.changed, leaving, 5, nodes=nodes) == []
    # Its node never comes back to say so.
    assert actions(note.changed, leaving, 61, nodes=nodes) == [Create(note.changed)]
    assert actions(note.changed, ObservedState(), 5, nodes=nodes) == [Create(note.changed)]


def test_a_container_on_a_lost_node_is_awaited_only_where_the_work_folder_is_shared() -> None:
    lost = ObservedState(ending=frozenset({ID}), unreachable=frozenset({ID}))
    here = Pool(name="default", title="d")
    shared = here.model_copy(update={"storage": Storage.SHARED})
    assert actions(an_environment(), lost, nodes=(EMPTY,), pools={"default": shared}) == []
    [create] = actions(an_environment(), lost, nodes=(EMPTY,), pools={"default": here})
    assert isinstance(create, Create)


@pytest.mark.parametrize(("seconds", "restarts"), [(5, 1), (-5, 1), (600, 0)])
def test_what_its_engine_ended_when_it_started_again_is_started_again(
    seconds: float, restarts: int
) -> None:
    ready = an_environment(phase=Phase.READY, began_at=NOW, ready_at=NOW)
    ended = a_service(TaskState.COMPLETE, node_id="e", exit_code=0, ended_at=NOW)
    node = replace(EMPTY, changed_at=NOW - timedelta(seconds=seconds))
    [action] = actions(ready, ended, nodes=(node,))
    assert isinstance(action, RecordFailure)
    assert action.changed.phase is (Phase.STARTING if restarts else Phase.STOPPING)
    assert action.changed.restarts == restarts
