"""Whether the node that holds an environment's work folder takes it, and if not, why.

Storage of kind `node` is a disk of one machine: a container that starts elsewhere would see an
empty folder. So such an environment waits for its node, and this module says what keeps it.
"""

from collections.abc import Iterable
from enum import StrEnum

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_kit.contracts.orchestrator.pools import Pool, Storage

from ..checks.root_access import takes_root
from ..lifecycle.transitions import EnvironmentState
from ..observed_state import Availability, ObservedNode


class FolderNodeState(StrEnum):
    """Why the node of a work folder takes nothing."""

    GONE = "gone"
    """The Swarm does not know it any more."""
    DOWN = "down"
    DRAINED = "drained"
    PAUSED = "paused"
    CLOSED = "closed"
    """Its checks have not passed."""
    OTHER_POOL = "other_pool"
    """It belongs to another pool than the one the Course chose."""
    NOT_REMAPPED = "not_remapped"
    """It does not remap users, as this environment needs."""
    APART = "apart"
    """The volumes of one environment are on several nodes."""


def keeps_folders_on_node(pool: Pool | None) -> bool:
    """Whether work folders of this pool are on one node's disk; an unknown pool may be so."""
    return pool is None or pool.storage in (Storage.NODE, Storage.NODE_QUOTA)


def folder_node_state(
    environment: EnvironmentState, nodes: Iterable[ObservedNode]
) -> FolderNodeState | None:
    """What keeps the node of its work folder from taking it; None: nothing, or no such node."""
    if not environment.folder_nodes:
        return None
    if len(environment.folder_nodes) > 1:
        return FolderNodeState.APART
    node = next((node for node in nodes if node.id in environment.folder_nodes), None)
    return _state(environment, node) if node else FolderNodeState.GONE


def _state(environment: EnvironmentState, node: ObservedNode) -> FolderNodeState | None:
    hindrances = {
        FolderNodeState.DOWN: not node.reachable,
        FolderNodeState.DRAINED: node.availability is Availability.DRAIN,
        FolderNodeState.PAUSED: node.availability is Availability.PAUSE,
        FolderNodeState.CLOSED: not node.admitted or not node.usable,
        FolderNodeState.OTHER_POOL: node.pool != environment.pool,
        FolderNodeState.NOT_REMAPPED: not takes_root(node, environment.root_access),
    }
    return next((state for state, is_so in hindrances.items() if is_so), None)


def folder_node_names(environment: EnvironmentState, nodes: Iterable[ObservedNode]) -> str:
    """The names of the nodes that hold its work folders; the id of one that is gone."""
    names = {node.id: node.name for node in nodes}
    return ", ".join(sorted(names.get(id, id) for id in environment.folder_nodes))


def folder_node_reason(
    environment: EnvironmentState, nodes: Iterable[ObservedNode], before: int
) -> Reason | None:
    """Why it waits for the node of its work folder; None where that node takes containers."""
    nodes = list(nodes)
    state = folder_node_state(environment, nodes)
    if state is None:
        return None
    parameters: dict[str, str | int | float] = {
        "node": folder_node_names(environment, nodes),
        "state": state.value,
        "pool": environment.pool,
        "waiting_before": before,
    }
    return Reason(code=ReasonCode.FOLDER_UNAVAILABLE, parameters=parameters)
