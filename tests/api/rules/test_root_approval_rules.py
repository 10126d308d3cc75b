"""How the approval of a build that runs as root changes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.domain.policy.root_approvals import (
    RootDecision,
    RootDecisionImpossible,
    RootState,
    decided,
    may_ask,
    needs_reason,
    root_decisions,
)

STATES, DECISIONS = st.sampled_from(RootState), st.sampled_from(RootDecision)


@given(STATES, DECISIONS)
def test_what_may_be_decided_is_what_is_offered_and_a_repetition_changes_nothing(
    state: RootState, decision: RootDecision
) -> None:
    try:
        after = decided(state, decision)
    except RootDecisionImpossible:
        assert decision not in root_decisions(state)
        return
    assert decided(after, decision) is after
    assert (after is not state) == (decision in root_decisions(state))


@given(st.lists(DECISIONS, max_size=8))
def test_only_an_approval_that_nobody_revoked_approves(decisions: list[RootDecision]) -> None:
    state, taken = RootState.ASKED, [RootDecision.REFUSE]
    for decision in decisions:
        if decision in root_decisions(state):
            state = decided(state, decision)
            taken.append(decision)
    assert (state is RootState.APPROVED) == (taken[-1] is RootDecision.APPROVE)


@given(DECISIONS)
def test_nothing_is_decided_before_somebody_asked(decision: RootDecision) -> None:
    with pytest.raises(RootDecisionImpossible):
        decided(RootState.NONE, decision)


@given(STATES)
def test_a_request_that_waits_or_is_approved_is_not_made_again(state: RootState) -> None:
    assert may_ask(state) == (state not in (RootState.ASKED, RootState.APPROVED))


def test_whoever_says_no_says_why() -> None:
    assert [needs_reason(decision) for decision in RootDecision] == [False, True, True]
