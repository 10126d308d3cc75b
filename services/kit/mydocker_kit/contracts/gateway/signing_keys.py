"""Our own signing keys, as operators see and rotate them; no private part leaves the gateway."""

from datetime import datetime
from enum import StrEnum

from ..base import Contract
from .platforms import ByOperator


class KeyPurpose(StrEnum):
    """What a key signs: messages to platforms, or people's access tokens."""

    PLATFORMS = "platforms"
    ACCESS = "access"


class KeyState(StrEnum):
    """Where a key is in its life."""

    NEXT = "next"
    """Published already; signs later."""
    SIGNING = "signing"
    LEAVING = "leaving"
    """Signs no more; published until what it signed is over."""
    OVER = "over"
    RETIRED = "retired"
    """An operator took it out of the published set."""


class OwnKey(Contract):
    """One of our keys."""

    kid: str
    purpose: KeyPurpose
    state: KeyState
    created_at: datetime
    signs_from: datetime
    signs_until: datetime | None
    """Empty as long as no later key is there."""
    published_until: datetime | None
    retired_at: datetime | None


class KeyOrder(ByOperator):
    """A new key for one purpose."""

    purpose: KeyPurpose
    at_once: bool = False
    """Signs within the minute instead of a day later: for a key that somebody else may know."""
