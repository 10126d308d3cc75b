"""Where a container may run as root, and with whose approval."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st
from tests.orchestrator.rules.makers import an_environment
from tests.orchestrator.rules.test_placement_rules import a_node
from tests.orchestrator.specs import NO_IMAGE

from mydocker_kit.contracts.orchestrator.environments import Profile, ReasonCode
from mydocker_kit.contracts.orchestrator.pools import Pool
from mydocker_orchestrator.capacity.service import pool_state
from mydocker_orchestrator.domain.checks.root_access import (
    RootAccess,
    root_access,
    root_needs_approval,
    root_refusal,
    takes_root,
)
from mydocker_orchestrator.domain.observed_state import ObservedNode, ObservedState
from mydocker_orchestrator.domain.planner.actions import Create, PlanInputs, RecordFailure
from mydocker_orchestrator.domain.planner.plan import plan

DIGESTS = st.integers(0, 3).map(lambda n: "sha256:" + f"{n:x}" * 64)
NODES = st.lists(
    st.builds(
        a_node,
        pool=st.sampled_from(["default", "gpu"]),
        remaps_users=st.booleans(),
        takes_approved_root=st.booleans(),
        usable=st.booleans(),
    ),
    max_size=6,
)
ACCESS = st.sampled_from(RootAccess)


@given(st.sampled_from(Profile), DIGESTS, st.none() | DIGESTS)
def test_an_approval_is_for_exactly_one_digest(
    profile: Profile, digest: str, approved: str | None
) -> None:
    access = root_access(profile, f"registry:5000/images/x@{digest}", approved)
    if profile is Profile.STRICT:
        assert access is RootAccess.NOT_NEEDED
    else:
        assert (access is RootAccess.APPROVED) == (digest == approved)


@given(ACCESS, NODES)
def test_root_without_approval_runs_only_where_users_are_remapped(
    access: RootAccess, nodes: list[ObservedNode]
) -> None:
    for node in nodes:
        takes = takes_root(node, access)
        if access is RootAccess.UNAPPROVED:
            assert takes == node.remaps_users
        elif access is RootAccess.APPROVED:
            assert takes_root(node, RootAccess.UNAPPROVED) <= takes, "an approval forbids nothing"
        else:
            assert takes


@given(ACCESS, NODES)
def test_a_start_is_refused_where_only_an_approval_would_help(
    access: RootAccess, nodes: list[ObservedNode]
) -> None:
    in_pool = [node for node in nodes if node.pool == "default"]
    refusal = root_refusal(access, "default", nodes)
    could_run = any(takes_root(node, access) for node in in_pool)
    would_run = any(takes_root(node, RootAccess.APPROVED) for node in in_pool)
    assert (refusal is not None) == (not could_run and would_run)
    if refusal is not None:
        assert refusal.code is ReasonCode.ROOT_NOT_APPROVED
    needed = root_needs_approval("default", nodes)
    state = pool_state(Pool(name="default", title="Default"), nodes)
    assert state.root_needs_approval == needed


@given(st.lists(st.integers(0, 3), min_size=2, max_size=2), NODES)
def test_a_new_build_is_refused_where_the_older_one_was_approved(
    digests: list[int], nodes: list[ObservedNode]
) -> None:
    older, newer = ("sha256:" + f"{number:x}" * 64 for number in digests)
    image = f"registry:5000/images/x@{newer}"
    environment = an_environment(profile=Profile.COMPAT, image=image, root_approved_for=older)
    actions = plan(
        {environment.id: environment},
        ObservedState(),
        PlanInputs(environment.asked_at, nodes=nodes),
    )
    if older != newer and root_needs_approval("default", nodes):
        assert [type(action) for action in actions] == [RecordFailure]
    assert not any(
        isinstance(action, Create)
        and older != newer
        and not any(node.remaps_users for node in nodes)
        for action in actions
    )


def test_what_runs_is_not_refused_when_its_node_is_lost() -> None:
    """It has begun under an approval or on a node that remapped users then."""
    environment = an_environment(profile=Profile.COMPAT, image=NO_IMAGE)
    queued = plan(
        {environment.id: environment},
        ObservedState(),
        PlanInputs(environment.asked_at, nodes=[a_node()]),
    )
    assert isinstance(queued[0], RecordFailure)
    begun = replace(environment, phase=environment.phase.STARTING)
    again = plan({begun.id: begun}, ObservedState(), PlanInputs(begun.asked_at, nodes=[a_node()]))
    assert isinstance(again[0], Create), "Swarm holds it until a node remaps users"
