"""A container that should be gone: when the next one of the same Environment waits for it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from mydocker_kit.contracts.pools import Pool, Storage

from ..lifecycle.transitions import Environment
from ..observed_state import Found

PATIENCE = timedelta(seconds=60)
"""Then its node is taken for lost."""
TOLD_AFTER = timedelta(seconds=3)
"""Most containers end before anybody could read that they are waited for."""


def must_await(
    environment: Environment, found: Found, pools: Mapping[str, Pool], now: datetime
) -> bool:
    """Two containers must never write the same work folder; a lost one is not awaited for ever."""
    if environment.id not in found.leaving:
        return False
    pool = pools.get(environment.pool)
    if environment.id in found.out_of_reach and pool and pool.storage is Storage.NODE:
        return False  # what is lost has a folder of its own there
    begun = environment.restart_at or environment.asked_at
    return now < begun + PATIENCE
