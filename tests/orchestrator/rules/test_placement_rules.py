"""What fits where."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.rules.makers import an_environment

from mydocker_kit.contracts.orchestrator.environments import Profile, ReasonCode, Resources
from mydocker_orchestrator.domain.checks.root_access import RootAccess
from mydocker_orchestrator.domain.lifecycle.transitions import ANY_NODE, EnvironmentState
from mydocker_orchestrator.domain.observed_state import Device, ObservedNode
from mydocker_orchestrator.domain.placement.node_fit import (
    best_node,
    capacity_after,
    fits_when_empty,
    missing_resources,
    with_free_devices,
    with_reservation,
)
from mydocker_orchestrator.domain.placement.wait_reasons import no_capacity_reason

SMALL = Resources(cpu=1, memory_mib=512)
GPUS = tuple(Device("NVIDIA-GPU", f"gpu{n}") for n in range(3))


def a_node(id: str = "n1", **given: object) -> ObservedNode:
    values: dict[str, object] = {
        "id": id,
        "name": id,
        "cpu": 4,
        "memory_mib": 4096,
        "free_cpu": 4,
        "free_memory_mib": 4096,
    }
    return ObservedNode(**(values | given))  # type: ignore[arg-type]


def test_the_node_with_most_memory_left_takes_it() -> None:
    nodes = [a_node("full", free_cpu=0.5), a_node("less", free_memory_mib=1024), a_node("more")]
    node = best_node(SMALL, "default", nodes)
    assert node is not None
    assert node.id == "more"


def test_another_pool_a_drained_node_and_a_full_one_take_nobody() -> None:
    nodes = [a_node(pool="gpu"), a_node(usable=False), a_node(free_memory_mib=100)]
    assert best_node(SMALL, "default", nodes) is None


def test_gpus_are_counted_on_one_node_never_over_two() -> None:
    two = Resources(cpu=1, memory_mib=512, gpu=2)
    nodes = [
        a_node("a", devices=GPUS, free_devices=GPUS[:1]),
        a_node("b", devices=GPUS, free_devices=GPUS[:1]),
    ]
    assert best_node(two, "default", nodes) is None
    assert missing_resources(two, nodes[0]) == ["gpu"]
    assert fits_when_empty(two, "default", nodes)
    assert not fits_when_empty(two.model_copy(update={"gpu": 4}), "default", nodes)


def test_what_others_hold_is_not_free() -> None:
    [node] = with_free_devices([a_node(devices=GPUS)], {("n1", GPUS[1]): 1, ("n2", GPUS[0]): 1})
    assert node.free_devices == (GPUS[0], GPUS[2])


def test_the_reason_says_why_no_node_fits() -> None:
    environment: EnvironmentState = an_environment()
    assert no_capacity_reason(environment, [], 0).code is ReasonCode.NODE_UNAVAILABLE
    full = no_capacity_reason(environment, [a_node(free_memory_mib=1)], 2)
    assert full.code is ReasonCode.NO_ROOM
    assert (full.parameters["short"], full.parameters["waiting_before"]) == ("memory", 2)


def test_compat_waits_for_a_node_that_remaps_users_and_says_so() -> None:
    plain, remapped = a_node("plain"), a_node("remapped", free_cpu=0, remaps_users=True)
    assert best_node(SMALL, "default", [plain]) == plain
    assert best_node(SMALL, "default", [plain], RootAccess.UNAPPROVED) is None
    assert not fits_when_empty(SMALL, "default", [plain], RootAccess.UNAPPROVED)
    [left] = capacity_after([(SMALL, "default", RootAccess.UNAPPROVED, ANY_NODE)], [plain])
    assert left == plain, "what cannot go there keeps no room from others"
    compat = replace(an_environment(), profile=Profile.COMPAT)
    reason = no_capacity_reason(compat, [plain], 0)
    assert (reason.code, reason.parameters["profile"]) == (ReasonCode.NODE_UNAVAILABLE, "compat")
    assert "remaps users" in reason.detail
    assert no_capacity_reason(compat, [plain, remapped], 0).code is ReasonCode.NO_ROOM


@given(
    st.lists(st.integers(1, 8), min_size=1, max_size=30),
    st.lists(st.integers(1, 16), min_size=1, max_size=4),
)
def test_places_given_out_in_one_pass_never_overcommit(asked: list[int], sizes: list[int]) -> None:
    nodes = tuple(
        a_node(str(n), memory_mib=size * 100, free_memory_mib=size * 100, free_cpu=99)
        for n, size in enumerate(sizes)
    )
    coming = [
        (Resources(cpu=0.1, memory_mib=100 * hundreds), "default", RootAccess.NOT_NEEDED, ANY_NODE)
        for hundreds in asked
    ]
    left = capacity_after(coming, nodes)
    assert all(node.free_memory_mib >= 0 for node in left)
    node = best_node(coming[0][0], "default", left)
    if node:
        after = with_reservation(coming[0][0], node, left)
        assert sum(n.free_memory_mib for n in left) - sum(n.free_memory_mib for n in after) == (
            coming[0][0].memory_mib
        )
