"""Which nodes take a container whose image runs as root (profile `compat`).

A container is one wall; `userns-remap` is a second one, since root of the container is then nobody
on the machine. Where the engine remaps users, a teacher alone chooses such an image. Elsewhere an
operator has approved the build, by its digest: another build of the same image has another digest
and needs another approval.
"""

from collections.abc import Iterable
from enum import StrEnum

from mydocker_kit.contracts.orchestrator.environments import Profile, Reason, ReasonCode

from ..observed_state import ObservedNode


class RootAccess(StrEnum):
    """Whether a container runs as root, and whether an operator approved that."""

    NOT_NEEDED = "not_needed"
    UNAPPROVED = "unapproved"
    APPROVED = "approved"


def root_access(profile: Profile, image: str, approved_for: str | None) -> RootAccess:
    """The access of `image` (a reference by digest), with an approval for one digest or none."""
    if profile is Profile.STRICT:
        return RootAccess.NOT_NEEDED
    digest = image.rpartition("@")[2]
    return RootAccess.APPROVED if digest == approved_for else RootAccess.UNAPPROVED


def takes_root(node: ObservedNode, access: RootAccess) -> bool:
    """Whether this node takes a container with this access."""
    match access:
        case RootAccess.NOT_NEEDED:
            return True
        case RootAccess.UNAPPROVED:
            return node.remaps_users
        case RootAccess.APPROVED:
            return node.remaps_users or node.takes_approved_root


def root_needs_approval(pool: str, nodes: Iterable[ObservedNode]) -> bool:
    """Whether every node of this pool that takes root at all takes approved builds only."""
    in_pool = [node for node in nodes if node.pool == pool]
    if any(takes_root(node, RootAccess.UNAPPROVED) for node in in_pool):
        return False
    return any(takes_root(node, RootAccess.APPROVED) for node in in_pool)


def root_refusal(access: RootAccess, pool: str, nodes: Iterable[ObservedNode]) -> Reason | None:
    """Why a start is refused before placement; None when it may wait for a node.

    A pool without nodes refuses nothing: those it gets may remap users.
    """
    if access is not RootAccess.UNAPPROVED or not root_needs_approval(pool, nodes):
        return None
    return Reason(code=ReasonCode.ROOT_NOT_APPROVED, parameters={"pool": pool})
