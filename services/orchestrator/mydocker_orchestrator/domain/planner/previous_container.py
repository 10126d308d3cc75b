"""When a new container waits for the previous one of the same environment to end."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mydocker_kit.contracts.pools import Pool, Storage

from ..lifecycle.transitions import EnvironmentState
from ..observed_state import ObservedState

PREVIOUS_CONTAINER_TIMEOUT = timedelta(seconds=60)
"""After this, the node of the previous container counts as lost."""
SHOWN_AFTER = timedelta(seconds=3)
"""A shorter wait is not recorded: most containers end before its owner could read it."""


def must_wait_for_previous(
    environment: EnvironmentState,
    observed: ObservedState,
    pools: Mapping[str, Pool],
    now: datetime,
) -> bool:
    """Whether an earlier container of it still runs and may still write to its volumes."""
    if environment.id not in observed.ending:
        return False
    pool = pools.get(environment.pool)
    if environment.id in observed.unreachable and pool and pool.storage is Storage.NODE:
        return False  # the lost container writes to a folder on its own node
    began = environment.restart_at or environment.asked_at
    return now < began + PREVIOUS_CONTAINER_TIMEOUT
