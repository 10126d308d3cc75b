"""An environment whose work folder is on one node's disk: that node, or a wait with its reason."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.environments.test_queue import a_node, asking, cores, numbers
from tests.orchestrator.rules.makers import ID, NOW, a_service, actions, an_environment
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    Profile,
    Reason,
    ReasonCode,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import OnDrain, Pool, Storage
from mydocker_orchestrator.domain.lifecycle.draining import may_relocate
from mydocker_orchestrator.domain.observed_state import Availability, ObservedState, TaskState
from mydocker_orchestrator.domain.placement.folder_nodes import FolderNodeState, folder_node_state
from mydocker_orchestrator.domain.placement.gpus import Placement
from mydocker_orchestrator.domain.placement.node_fit import best_node, fits_when_empty
from mydocker_orchestrator.domain.placement.queue import OVERTAKING_LIMIT, admit
from mydocker_orchestrator.domain.placement.wait_reasons import (
    no_capacity_reason,
    scheduler_wait_reason,
)
from mydocker_orchestrator.domain.planner.actions import (
    Create,
    RecordFailure,
    RecordStatus,
    Remove,
)
from mydocker_orchestrator.domain.planner.previous_container import must_wait_for_previous
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json

HERE = frozenset({"here"})
FULL, FREE = a_node(id="here", name="here", free_cpu=0), a_node(id="free", name="free")
MOUNT = VolumeMount(name="work-a", path="/home/student")
BOUND = an_environment(volumes=(MOUNT,), folder_nodes=HERE)
NO_NODE = "no suitable node (scheduling constraints not satisfied on 2 nodes)"


def test_only_the_node_of_the_folder_fits_however_free_the_others_are() -> None:
    assert best_node(cores(1), "default", [FULL, FREE], folder_nodes=HERE) is None
    roomy = replace(FULL, free_cpu=1)
    assert best_node(cores(1), "default", [roomy, FREE], folder_nodes=HERE) == roomy
    assert best_node(cores(1), "default", [FULL, FREE]) == FREE
    assert fits_when_empty(cores(8), "default", [FULL, FREE], folder_nodes=HERE)
    assert not fits_when_empty(cores(8), "default", [FREE], folder_nodes=HERE)


def test_folders_on_two_nodes_fit_on_none() -> None:
    both = frozenset({"here", "free"})
    assert best_node(cores(1), "default", [replace(FULL, free_cpu=4), FREE], folder_nodes=both) is (
        None
    )
    apart = replace(BOUND, folder_nodes=both)
    assert folder_node_state(apart, [FULL, FREE]) is FolderNodeState.APART


@pytest.mark.parametrize(
    ("changes", "state"),
    [
        ({}, None),
        ({"usable": False, "reachable": False}, FolderNodeState.DOWN),
        ({"usable": False, "availability": Availability.DRAIN}, FolderNodeState.DRAINED),
        ({"usable": False, "availability": Availability.PAUSE}, FolderNodeState.PAUSED),
        ({"usable": False, "admitted": False}, FolderNodeState.CLOSED),
        ({"pool": "gpu"}, FolderNodeState.OTHER_POOL),
        ({"id": "new"}, FolderNodeState.GONE),
    ],
)
def test_the_reason_names_the_machine_and_what_keeps_it(
    changes: dict[str, object], state: FolderNodeState | None
) -> None:
    node = replace(FULL, **changes)  # type: ignore[arg-type]
    assert folder_node_state(BOUND, [node, FREE]) is state
    reason = no_capacity_reason(BOUND, [node, FREE], 0)
    if state is None:
        assert (reason.code, reason.parameters["short"]) == (ReasonCode.NO_ROOM, "cpu")
        assert reason.parameters["folder_node"] == "here"
        return
    assert reason.code is ReasonCode.FOLDER_UNAVAILABLE
    assert (reason.parameters["node"], reason.parameters["state"]) == ("here", state.value)
    refused = scheduler_wait_reason(NO_NODE, BOUND, [node, FREE], 0)
    assert (refused.code, refused.detail) == (ReasonCode.FOLDER_UNAVAILABLE, NO_NODE)


def test_a_folder_on_a_machine_without_userns_remap_is_said_to_be_there() -> None:
    compat = replace(BOUND, profile=Profile.COMPAT, image="x@sha256:1")
    state = folder_node_state(compat, [FULL, replace(FREE, remaps_users=True)])
    assert state is FolderNodeState.NOT_REMAPPED


def test_who_waits_for_a_full_machine_holds_up_nobody_else_and_is_not_passed_there() -> None:
    """The first needs all of `here`, long overdue: it reserves that node and no other."""
    overdue = OVERTAKING_LIMIT.total_seconds() + 1
    nodes = [replace(FULL, free_cpu=4), FREE]
    bound = asking(1, overdue, resources=cores(8), folder_nodes=HERE)
    same_node = asking(2, 10, folder_nodes=HERE)
    anywhere = asking(3, 5, resources=cores(4))
    result = admit([bound, same_node, anywhere], [], nodes, NOW)
    assert numbers(result.admitted) == [3]
    assert result.positions == {UUID(int=1): 1, UUID(int=2): 2}
    young = replace(bound, asked_at=NOW)
    assert numbers(admit([young, same_node, anywhere], [], nodes, NOW).admitted) == [2, 3]


def test_a_failed_search_for_one_node_says_nothing_about_the_others() -> None:
    bound, anywhere = asking(1, 5, folder_nodes=HERE), asking(2, 1)
    assert numbers(admit([bound, anywhere], [], [FULL, FREE], NOW).admitted) == [2]
    # And where nothing fits anywhere, nothing fits on one node: the search is spared.
    assert numbers(
        admit([asking(1, 5), asking(2, folder_nodes=HERE)], [], [FULL], NOW).admitted
    ) == ([])


def test_nobody_waits_behind_an_environment_whose_machine_is_away() -> None:
    down = replace(FULL, usable=False, reachable=False)
    full = replace(FREE, free_cpu=0)
    overdue = OVERTAKING_LIMIT.total_seconds() + 1
    result = admit([asking(1, overdue, folder_nodes=HERE), asking(2)], [], [down, full], NOW)
    assert result.positions == {UUID(int=1): 0, UUID(int=2): 1}


def test_what_was_admitted_takes_room_on_its_own_node_only() -> None:
    roomy = replace(FULL, free_cpu=1)
    earlier = asking(1, folder_nodes=HERE)
    result = admit([asking(2, folder_nodes=HERE), asking(3)], [earlier], [roomy, FREE], NOW)
    assert numbers(result.admitted) == [3]


@given(
    st.lists(st.tuples(st.sampled_from(["here", "free", ""]), st.integers(0, 600)), max_size=20),
    st.integers(0, 4),
    st.integers(0, 4),
)
def test_no_node_is_overcommitted_by_those_bound_to_it(
    people: list[tuple[str, int]], here: int, free: int
) -> None:
    waiting = [
        asking(n, ago, folder_nodes=frozenset({node} if node else ()))
        for n, (node, ago) in enumerate(people, start=1)
    ]
    nodes = [replace(FULL, free_cpu=here), replace(FREE, free_cpu=free)]
    admitted = admit(waiting, [], nodes, NOW).admitted
    for node, room in (("here", here), ("free", free)):
        assert sum(w.id in admitted and w.folder_nodes == {node} for w in waiting) <= room
    assert len(admitted) <= here + free


def test_the_service_is_bound_to_the_node_of_its_folder() -> None:
    body = service_json(
        ID, a_spec(), ServiceDefaults("p", "net"), Placement(node_id="here", devices=())
    )
    assert "node.id==here" in body["TaskTemplate"]["Placement"]["Constraints"]


def test_a_service_that_waits_for_an_absent_machine_is_removed_and_queues_with_its_reason() -> None:
    down = replace(FULL, usable=False, reachable=False)
    there = (down, FREE)
    pending = a_service(TaskState.PENDING, error=NO_NODE)
    starting = replace(BOUND, phase=Phase.STARTING)
    [recorded] = actions(starting, pending, nodes=there)
    assert isinstance(recorded, RecordStatus)
    waiting = recorded.changed
    assert waiting.reason is not None
    assert (waiting.phase, waiting.reason.code) == (Phase.QUEUED, ReasonCode.FOLDER_UNAVAILABLE)
    [removed] = actions(waiting, pending, nodes=there)
    assert isinstance(removed, Remove)
    [still] = actions(waiting, ObservedState(), nodes=there)
    assert isinstance(still, RecordStatus), "the reason of the queue"
    assert actions(still.changed, ObservedState(), nodes=there) == [], "it waits, and says why"
    released = replace(waiting, folder_nodes=frozenset())
    assert actions(released, ObservedState(), nodes=there) == [Create(released)]
    assert actions(waiting, ObservedState(), nodes=(replace(FULL, free_cpu=4), FREE)) == [
        Create(waiting)
    ]


def test_it_never_fails_for_waiting_long() -> None:
    reason = Reason(code=ReasonCode.FOLDER_UNAVAILABLE)
    waiting = replace(BOUND, reason=reason)
    down = replace(FULL, usable=False, reachable=False)
    [action] = actions(waiting, ObservedState(), seconds=86_400, nodes=(down,))
    assert isinstance(action, RecordStatus)
    assert action.changed.phase is Phase.QUEUED


def test_a_machine_that_comes_back_ends_the_old_container_first() -> None:
    """Its old container writes to the same folder: the timeout counts from the return."""
    pools = {"default": Pool(name="default", title="CPU")}
    ending = ObservedState(ending=frozenset({ID}))
    late = NOW + timedelta(minutes=10)
    returned = replace(FULL, changed_at=late - timedelta(seconds=2))
    assert must_wait_for_previous(BOUND, ending, pools, late, [returned])
    assert not must_wait_for_previous(BOUND, ObservedState(), pools, late, [returned])
    long_ago = replace(FULL, changed_at=NOW)
    assert not must_wait_for_previous(BOUND, ending, pools, late, [long_ago])


def test_a_drain_still_moves_nothing_away_from_its_folder() -> None:
    moving = Pool(name="default", title="CPU", on_drain=OnDrain.MOVE)
    assert not may_relocate(BOUND, moving)
    assert may_relocate(BOUND, moving.model_copy(update={"storage": Storage.SHARED}))


def test_a_machine_that_has_just_booted_is_tried_again() -> None:
    """Its engine takes tasks before the environments' network is made there."""
    error = 'configuration network "mydocker-open-config" does not exist'
    rejected = a_service(TaskState.REJECTED, error=error)
    [action] = actions(replace(BOUND, phase=Phase.STARTING), rejected)
    assert isinstance(action, RecordFailure)
    assert (action.changed.phase, action.changed.restarts) == (Phase.STARTING, 1)
    worn_out = replace(BOUND, phase=Phase.STARTING, restarts=3)
    [last] = actions(worn_out, rejected)
    assert isinstance(last, RecordFailure)
    assert last.changed.phase is Phase.FAILED
