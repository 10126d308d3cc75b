"""When a run that failed is tried again."""

from datetime import timedelta

_FIRST = timedelta(seconds=30)
_LONGEST = timedelta(minutes=30)


def retry_after(failures: int) -> timedelta:
    """After this many failures in a row: 30 s, 1 min, 2 min, … at most 30 min."""
    doublings = min(max(failures - 1, 0), 10)
    return min(_FIRST * (1 << doublings), _LONGEST)
