"""Which of our keys sign and which are published. Depends on the rows alone, so replicas agree.

All keys passed to these functions have the same purpose.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from mydocker_kit.contracts.gateway.signing_keys import KeyState

OVERLAP = timedelta(hours=24)
"""A new key is published this long before it signs; an old key this long after."""
EMERGENCY_DELAY = timedelta(seconds=60)
"""Delay before an emergency key signs: longer than the reload interval of all replicas."""


class Key(Protocol):
    """Attributes of a key that the rules use."""

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
    """Keys that sign, will sign, or signed within the overlap; retired keys excluded."""
    valid = [key for key in keys if key.retired_at is None]
    current = [key for key in valid if key.active_from <= now - OVERLAP]
    oldest = max((key.active_from for key in current), default=None)
    return [key for key in valid if oldest is None or key.active_from >= oldest]


def signs_until(key: Key, keys: Sequence[Key]) -> datetime | None:
    """When a later key starts to sign; None without a later key."""
    later = [
        other.active_from
        for other in keys
        if other.retired_at is None and other.active_from > key.active_from
    ]
    return min(later, default=None)


def state_of(key: Key, keys: Sequence[Key], now: datetime) -> KeyState:
    """The key's state in its life cycle."""
    if key.retired_at is not None:
        return KeyState.RETIRED
    if key.active_from > now:
        return KeyState.NEXT
    until = signs_until(key, keys)
    if until is None or until > now:
        return KeyState.SIGNING
    return KeyState.LEAVING if until + OVERLAP > now else KeyState.OVER


def has_pending(keys: Sequence[Key], now: datetime) -> bool:
    """Whether a key is published that does not sign yet."""
    return any(key.retired_at is None and key.active_from > now for key in keys)
