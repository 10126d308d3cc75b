"""Rate limits: token buckets by key, cheap, in memory, bounded.

A bucket holds `burst` tokens and gets `per_minute` more each minute; each call takes one. Instead
of a count and a time, a bucket is one number: the instant at which it will be full again (the
generic cell rate algorithm). Keys that were used longest ago are forgotten first, which at worst
gives somebody a full bucket.

A limit counts in its process alone, or in all processes of the program, where it is given
`SharedBuckets` that were made before they were forked. The limits protect the processes; they are
no quotas.
"""

import ipaddress
import math
import time
from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from functools import lru_cache

from ..errors import TooMany
from .shared_buckets import Buckets, OwnBuckets

MOST_KEYS = 20_000
_ROUNDING = 1e-9
"""Seconds by which sums of intervals may be off."""


class RateLimited(TooMany):
    """Too often; `Retry-After` says when the next try is allowed."""

    code, title = "too_many_requests", "Too many requests"

    def __init__(self, wait: float) -> None:
        seconds = max(1, math.ceil(wait))
        super().__init__(seconds=seconds)
        self.retry_after = seconds


class RateLimit:
    """At most `per_minute` a minute for each key, and `burst` at once."""

    def __init__(self, per_minute: float, burst: int, buckets: Buckets | None = None) -> None:
        """`buckets`: where to count, for this limit alone; None: in this process."""
        self.per_minute = per_minute
        self._interval = 60 / per_minute
        self._span = self._interval * burst
        self._buckets = OwnBuckets(MOST_KEYS) if buckets is None else buckets
        self._longest_patience = 0.0

    def take(self, key: Hashable, now: float | None = None, *, patience: float = 0.0) -> float:
        """Take one token: 0, or the seconds until it is there.

        When they are more than `patience`, no token was taken. Whoever has patience waits that
        long and goes on: the token is theirs.
        """
        self._longest_patience = max(self._longest_patience, patience)
        moment = time.monotonic() if now is None else now
        full_at = self._reading(key, moment)
        wait = full_at + self._interval - self._span - moment
        if wait > patience + _ROUNDING:
            return wait
        self._buckets.put(key, full_at + self._interval)
        return min(wait, patience) if wait > _ROUNDING else 0.0

    def allows(self, key: Hashable, now: float | None = None) -> bool:
        """Take one token, if there is one."""
        return not self.take(key, now)

    def wait(self, key: Hashable, now: float | None = None) -> float:
        """Seconds until there is a token, and takes none."""
        moment = time.monotonic() if now is None else now
        wait = self._reading(key, moment) + self._interval - self._span - moment
        return wait if wait > _ROUNDING else 0.0

    def left(self, key: Hashable, now: float | None = None) -> tuple[int, int]:
        """Tokens that are there now, and seconds until the bucket is full again."""
        moment = time.monotonic() if now is None else now
        missing = self._reading(key, moment) - moment
        tokens = (self._span - missing) / self._interval + _ROUNDING
        return max(0, math.floor(tokens)), max(0, math.ceil(missing - _ROUNDING))

    def forget(self, key: Hashable) -> None:
        """Give this key a full bucket."""
        self._buckets.put(key, -math.inf)

    def _reading(self, key: Hashable, moment: float) -> float:
        full_at = self._buckets.get(key)
        if full_at is None or full_at > moment + self._span + self._longest_patience + _ROUNDING:
            # Later than any use can make it: the clock was set back, and nobody is locked out.
            return moment
        return max(full_at, moment)


class ConcurrencyLimit:
    """At most `most` at the same time for each key."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._held: Counter[Hashable] = Counter()

    @contextmanager
    def hold(self, key: Hashable) -> Iterator[bool]:
        """Whether there is room; if so it is held until the block ends."""
        if self._held[key] >= self._most:
            yield False
            return
        self._held[key] += 1
        try:
            yield True
        finally:
            self._held[key] -= 1
            if not self._held[key]:
                del self._held[key]


@lru_cache(MOST_KEYS)
def network_of(address: str) -> str:
    """What stands for an address: of IPv6 its /64, since whoever has one address has them all."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv4Address):
        return address
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, 64), strict=False).network_address)
