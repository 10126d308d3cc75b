"""An operator's approval of one build that runs as root, and how it changes.

A teacher asks, an operator approves or refuses, an operator revokes. It holds for one digest: a new
build has no approval. Every step may be repeated.
"""

from collections.abc import Mapping
from enum import StrEnum

from mydocker_kit.errors import Conflict


class RootState(StrEnum):
    """How a build stands to running as root where users are not remapped."""

    NONE = "none"
    """Nobody asked yet."""
    ASKED = "asked"
    APPROVED = "approved"
    REFUSED = "refused"
    REVOKED = "revoked"


class RootDecision(StrEnum):
    """What an operator decides."""

    APPROVE = "approve"
    REFUSE = "refuse"
    REVOKE = "revoke"


class RootDecisionImpossible(Conflict):
    """The request is in a state in which this decision means nothing."""

    code, title = "root_decision_impossible", "This request was decided meanwhile"


class RootNotApproved(Conflict):
    """The image runs as root, and no machine of the pool takes it without an approval."""

    code, title = "root_not_approved", "No administrator has approved this image yet"


_RESULTS: Mapping[RootDecision, RootState] = {
    RootDecision.APPROVE: RootState.APPROVED,
    RootDecision.REFUSE: RootState.REFUSED,
    RootDecision.REVOKE: RootState.REVOKED,
}
_FROM: Mapping[RootDecision, frozenset[RootState]] = {
    RootDecision.APPROVE: frozenset({RootState.ASKED, RootState.REFUSED, RootState.REVOKED}),
    RootDecision.REFUSE: frozenset({RootState.ASKED}),
    RootDecision.REVOKE: frozenset({RootState.APPROVED}),
}
_ASKABLE = frozenset({RootState.NONE, RootState.REFUSED, RootState.REVOKED})


def may_ask(state: RootState) -> bool:
    """Whether a request would change anything."""
    return state in _ASKABLE


def root_decisions(state: RootState) -> list[RootDecision]:
    """What an operator may decide now."""
    return [decision for decision in RootDecision if state in _FROM[decision]]


def decided(state: RootState, decision: RootDecision) -> RootState:
    """The state after this decision; a repeated one changes nothing."""
    result = _RESULTS[decision]
    if state is result:
        return state
    if state not in _FROM[decision]:
        raise RootDecisionImpossible(state=state.value)
    return result


def needs_reason(decision: RootDecision) -> bool:
    """Whoever asked reads why the answer is no."""
    return decision is not RootDecision.APPROVE
