"""When a new container waits for the previous one of the same environment to end."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.pools import Pool

from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedNode, ObservedState
from ..placement.folder_nodes import keeps_folders_on_node

PREVIOUS_CONTAINER_TIMEOUT = timedelta(seconds=60)
"""After this, the node of the previous container counts as lost."""
SHOWN_AFTER = timedelta(seconds=3)
"""A shorter wait is not recorded: most containers end before its owner could read it."""


def must_wait_for_previous(
    environment: EnvironmentState,
    observed: ObservedState,
    pools: Mapping[str, Pool],
    now: datetime,
    nodes: Sequence[ObservedNode] = (),
) -> bool:
    """Whether an earlier container of it still runs and may still write to its volumes.

    The node of its work folder may come back with the earlier container still running: the timeout
    counts from then, so that both never run there at once.
    """
    if environment.id not in observed.ending:
        return False
    pool = pools.get(environment.pool)
    if environment.id in observed.unreachable and pool and keeps_folders_on_node(pool):
        return False  # the lost container writes to a folder on its own node
    back = (node.changed_at for node in nodes if node.id in environment.folder_nodes)
    asked = environment.restart_at or environment.asked_at
    began = max([asked, *(at for at in back if at)])
    return now < began + PREVIOUS_CONTAINER_TIMEOUT
