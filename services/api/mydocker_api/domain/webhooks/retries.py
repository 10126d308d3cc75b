"""When a delivery is tried again, when it is given up, and when its webhook is disabled."""

import random
from datetime import datetime, timedelta

GIVE_UP_AFTER = timedelta(days=1)
"""From the first time a delivery is due."""
DISABLE_AFTER = timedelta(days=3)
"""Without one accepted delivery, while deliveries fail."""
FIRST_WAIT = timedelta(seconds=10)
LONGEST_WAIT = timedelta(hours=4)
_FACTOR = 3
GONE = 410
"""The receiver wants no more (Standard Webhooks): the webhook is disabled at once."""


def is_accepted(status: int) -> bool:
    """Whether this HTTP status means that the receiver took the delivery."""
    return 200 <= status < 300


def wait_after(attempts: int, asked: int | None = None) -> timedelta:
    """Exponential backoff with jitter after this many failed attempts.

    10 s, 30 s, 90 s and so on up to four hours, each shortened by up to a fifth. `asked`: seconds
    of the receiver's `Retry-After`, kept to within four hours.
    """
    factor: int = _FACTOR ** min(attempts - 1, 10)
    longest = min(LONGEST_WAIT, FIRST_WAIT * factor)
    wait = longest * random.uniform(0.8, 1.0)
    return max(wait, min(LONGEST_WAIT, timedelta(seconds=asked or 0)))


def next_try(
    due_since: datetime, attempts: int, now: datetime, asked: int | None = None
) -> datetime | None:
    """The moment of the next attempt; None when the delivery is given up."""
    if now - due_since >= GIVE_UP_AFTER:
        return None
    return min(now + wait_after(attempts, asked), due_since + GIVE_UP_AFTER)


def is_lost(failing_since: datetime | None, now: datetime) -> bool:
    """Whether the webhook has failed for so long that it is disabled."""
    return failing_since is not None and now - failing_since >= DISABLE_AFTER
