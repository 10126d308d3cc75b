"""Which of our keys sign and which are published: follows from the rows alone, so replicas agree.

All keys here are of one purpose.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from mydocker_kit.contracts.signing_keys import KeyState

OVERLAP = timedelta(hours=24)
"""A new key is published this long before it signs, an old one this long after."""
HASTE = timedelta(seconds=60)
"""Before a key signs that is needed at once: every replica has looked at the table by then."""


class Key(Protocol):
    """What the rules look at."""

    @property
    def kid(self) -> str: ...
    @property
    def active_from(self) -> datetime: ...
    @property
    def retired_at(self) -> datetime | None: ...


K = TypeVar("K", bound=Key)


def signing(keys: Sequence[K], now: datetime) -> K:
    """The newest key that is active."""
    return max(
        (key for key in keys if key.retired_at is None and key.active_from <= now),
        key=lambda key: key.active_from,
    )


def published(keys: Sequence[K], now: datetime) -> list[K]:
    """Every key that signs, will sign, or has signed within the overlap; no retired one."""
    kept = [key for key in keys if key.retired_at is None]
    current = [key for key in kept if key.active_from <= now - OVERLAP]
    oldest = max((key.active_from for key in current), default=None)
    return [key for key in kept if oldest is None or key.active_from >= oldest]


def signs_until(key: Key, keys: Sequence[Key]) -> datetime | None:
    """When a later key takes over; None as long as there is none."""
    later = [
        one.active_from
        for one in keys
        if one.retired_at is None and one.active_from > key.active_from
    ]
    return min(later, default=None)


def state_of(key: Key, keys: Sequence[Key], now: datetime) -> KeyState:
    """Where the key is in its life."""
    if key.retired_at is not None:
        return KeyState.RETIRED
    if key.active_from > now:
        return KeyState.NEXT
    until = signs_until(key, keys)
    if until is None or until > now:
        return KeyState.SIGNING
    return KeyState.LEAVING if until + OVERLAP > now else KeyState.OVER


def waits(keys: Sequence[Key], now: datetime) -> bool:
    """Whether a key waits for its turn already."""
    return any(key.retired_at is None and key.active_from > now for key in keys)
