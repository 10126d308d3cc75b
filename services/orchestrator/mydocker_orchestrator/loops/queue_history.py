"""What is remembered of the lines: how often places became free, and when they were last told."""

import time
from collections import defaultdict, deque
from collections.abc import Mapping
from datetime import datetime

from ..domain.placement.queue import frees_every

RETELL_EVERY = 2.5
"""Seconds: everybody's place changes with each start, and each telling is a row and an event."""
_REMEMBERED = 50


class Turns:
    """In memory: after a restart nothing is said of how long it takes until something is known."""

    def __init__(self) -> None:
        self._freed: dict[str, deque[datetime]] = defaultdict(lambda: deque(maxlen=_REMEMBERED))
        self._told = float("-inf")

    def note_start(self, pool: str, now: datetime) -> None:
        """Somebody who waited has a place."""
        self._freed[pool].append(now)

    def frees_every(self, now: datetime) -> Mapping[str, float]:
        """By pool, where there is enough to go by."""
        known = {pool: frees_every(list(freed), now) for pool, freed in self._freed.items()}
        return {pool: seconds for pool, seconds in known.items() if seconds is not None}

    def may_retell(self) -> bool:
        return time.monotonic() - self._told >= RETELL_EVERY

    def note_told(self) -> None:
        self._told = time.monotonic()
