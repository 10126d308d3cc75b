"""Whether every teacher may use an Image: its owner asks, an operator decides.

The catalogue's Images are public from the start: they come with the platform.
"""

from collections.abc import Mapping
from enum import StrEnum

from mydocker_kit.errors import Conflict


class Visibility(StrEnum):
    """Who may use an Image, apart from its owner and those it is shared with."""

    PRIVATE = "private"
    """Nobody else."""
    ASKED = "asked"
    """Nobody else; the owner asks an operator to open it to all teachers."""
    PUBLIC = "public"
    """All teachers."""
    REFUSED = "refused"
    """Nobody else; an operator has refused, or has ended an approval."""


class VisibilityDecision(StrEnum):
    """What an operator decides."""

    APPROVE = "approve"
    REFUSE = "refuse"
    """Also ends an approval; Courses that run one of its Builds keep it."""


class VisibilityDecisionImpossible(Conflict):
    """Nobody asked, or the owner has withdrawn the request."""

    code, title = "visibility_decision_impossible", "Nobody asks for this any more"


_RESULTS: Mapping[VisibilityDecision, Visibility] = {
    VisibilityDecision.APPROVE: Visibility.PUBLIC,
    VisibilityDecision.REFUSE: Visibility.REFUSED,
}


def decided(visibility: Visibility, decision: VisibilityDecision) -> Visibility:
    """The visibility after this decision; a repeated one changes nothing."""
    if visibility is Visibility.PRIVATE:
        raise VisibilityDecisionImpossible
    return _RESULTS[decision]


def visibility_decisions(visibility: Visibility) -> list[VisibilityDecision]:
    """What an operator may decide now."""
    match visibility:
        case Visibility.ASKED:
            return list(VisibilityDecision)
        case Visibility.PUBLIC:
            return [VisibilityDecision.REFUSE]
        case Visibility.REFUSED:
            return [VisibilityDecision.APPROVE]
        case Visibility.PRIVATE:
            return []


def asked(visibility: Visibility) -> Visibility:
    """The visibility once the owner has asked."""
    return visibility if visibility is Visibility.PUBLIC else Visibility.ASKED
