"""When an Environment ends: session, lease and hard limit, whichever comes first."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mydocker_kit.contracts.environments import ReasonCode

from .transitions import Environment


@dataclass(frozen=True)
class End:
    """A moment, and what ends then."""

    at: datetime
    reason: ReasonCode


def end_of(environment: Environment) -> End | None:
    """The earliest end; of equal ones the one that nobody can move."""
    session, lease = environment.ends_at, lease_end(environment)
    hard = hard_end(environment)
    ends = [
        End(session, ReasonCode(environment.end_reason)) if session else None,
        End(hard, ReasonCode.HARD_LIMIT_OVER) if hard else None,
        End(lease, ReasonCode.LEASE_OVER) if lease else None,
    ]
    return min((end for end in ends if end), key=lambda end: end.at, default=None)


def lease_end(environment: Environment) -> datetime | None:
    """End of the lease: counted from when it was first ready, moved by renewals."""
    first = _after(environment.began_at, environment.lease_seconds)
    renewed = environment.lease_ends_at
    return max(first, renewed) if first and renewed else first or renewed


def hard_end(environment: Environment) -> datetime | None:
    """What no renewal moves. A crash and its restart give no new time."""
    return _after(environment.began_at, environment.hard_limit_seconds)


def _after(begun: datetime | None, seconds: int | None) -> datetime | None:
    return begun + timedelta(seconds=seconds) if begun and seconds else None
