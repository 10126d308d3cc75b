"""Where rate limits keep their numbers: in one process, or in memory that forked processes share.

A bucket is one number (`rate_limits.RateLimit`). `SharedBuckets` is a table of fixed size in an
anonymous memory map that is made before the fork, so that all processes of a program count
together. A key is looked for in the few slots of its set only, and a new key replaces the bucket
of the set that has been full for longest, which at worst gives somebody a full bucket. There is no
lock: when two processes count for one key in the same microsecond, one of the two counts may be
lost, which no limit notices.
"""

import mmap
from collections import OrderedDict
from collections.abc import Hashable
from typing import Protocol

WAYS = 8
"""Slots of a set."""


class Buckets(Protocol):
    """The instant at which the bucket of each key is full again."""

    def get(self, key: Hashable) -> float | None:
        """None: the key is not known, so its bucket is full."""

    def put(self, key: Hashable, full_at: float) -> None: ...


class OwnBuckets:
    """Of this process alone; keys that were used longest ago are forgotten first."""

    def __init__(self, most_keys: int) -> None:
        self._most_keys = most_keys
        self._full_at: OrderedDict[Hashable, float] = OrderedDict()

    def __len__(self) -> int:
        return len(self._full_at)

    def get(self, key: Hashable) -> float | None:
        return self._full_at.get(key)

    def put(self, key: Hashable, full_at: float) -> None:
        self._full_at[key] = full_at
        self._full_at.move_to_end(key)
        if len(self._full_at) > self._most_keys:
            self._full_at.popitem(last=False)


class SharedBuckets:
    """Of all processes that are forked after this was made; hashes are alike in all of them."""

    def __init__(self, most_keys: int) -> None:
        self._sets = max(1, most_keys // WAYS)
        slots = self._sets * WAYS
        memory = memoryview(mmap.mmap(-1, 2 * 8 * slots))
        self._keys = memory[: 8 * slots].cast("q")
        self._full_at = memory[8 * slots :].cast("d")

    def get(self, key: Hashable) -> float | None:
        slot = self._slot(hash(key) or 1)
        return None if slot is None else self._full_at[slot]

    def put(self, key: Hashable, full_at: float) -> None:
        name = hash(key) or 1  # 0: the slot was never used
        slot = self._slot(name)
        if slot is None:
            slot = min(self._set(name), key=self._full_at.__getitem__)
            # The instant first: another process may look between the two lines.
            self._full_at[slot] = full_at
            self._keys[slot] = name
        self._full_at[slot] = full_at

    def _set(self, name: int) -> range:
        first = name % self._sets * WAYS
        return range(first, first + WAYS)

    def _slot(self, name: int) -> int | None:
        return next((slot for slot in self._set(name) if self._keys[slot] == name), None)
