"""Recent starts from the queue, and when queue positions were last updated."""

import time
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime

from ..domain.placement.queue import slot_interval

POSITION_UPDATE_INTERVAL = 2.5
"""Seconds: positions change with each start, and each update is a row and an event."""
_SAMPLES = 50


class QueueHistory:
    """In memory: after a restart, no estimate is shown until there are enough samples."""

    def __init__(self) -> None:
        self._starts: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=_SAMPLES))
        self._updated_at = float("-inf")

    def record_start(self, pool: str, now: datetime) -> None:
        """A queued environment starts."""
        self._starts[pool].append(now)

    def slot_intervals(self, now: datetime) -> Mapping[str, float]:
        """Average seconds between starts, of pools with enough samples."""
        known = {pool: slot_interval(list(starts), now) for pool, starts in self._starts.items()}
        return {pool: seconds for pool, seconds in known.items() if seconds is not None}

    def may_update_positions(self) -> bool:
        return time.monotonic() - self._updated_at >= POSITION_UPDATE_INTERVAL

    def record_position_update(self) -> None:
        self._updated_at = time.monotonic()
