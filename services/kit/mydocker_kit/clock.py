"""Time, passed in: only `deps` and loops read the clock."""

from collections.abc import Callable
from datetime import UTC, datetime

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """The current instant, always with its zone."""
    return datetime.now(UTC)
