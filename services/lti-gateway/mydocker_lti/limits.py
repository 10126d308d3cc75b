"""How often somebody may try: counts per minute, in memory, bounded.

Each replica counts for itself; the limit protects the state table and the platform, it is no
quota, so a second replica doubling it does no harm.
"""

from collections import OrderedDict
from datetime import datetime

WINDOW = 60
_MOST_KEYS = 20_000


class PerMinute:
    """At most `limit` per minute and key, over a sliding window made of two fixed ones."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._counts: OrderedDict[str, tuple[int, int, int]] = OrderedDict()

    def allows(self, key: str, now: datetime) -> bool:
        """Count this try, unless it is one too many."""
        window, second = divmod(now.timestamp(), WINDOW)
        number = int(window)
        last, before, count = self._counts.pop(key, (number, 0, 0))
        if last != number:
            before, count = (count, 0) if last == number - 1 else (0, 0)
        allowed = before * (1 - second / WINDOW) + count < self._limit
        self._counts[key] = (number, before, count + allowed)
        if len(self._counts) > _MOST_KEYS:
            self._counts.popitem(last=False)
        return allowed
