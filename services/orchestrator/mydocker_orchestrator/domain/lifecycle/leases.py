"""When an environment ends: at the end of its session, its lease or its hard limit."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.environments import ReasonCode

from .transitions import EnvironmentState


@dataclass(frozen=True)
class ScheduledEnd:
    """A time, and the reason for an end at that time."""

    at: datetime
    reason: ReasonCode


def scheduled_end(environment: EnvironmentState) -> ScheduledEnd | None:
    """The earliest end; among equal times, one that no renewal moves."""
    session, lease = environment.ends_at, lease_end(environment)
    hard = hard_end(environment)
    ends = [
        ScheduledEnd(session, ReasonCode(environment.end_reason)) if session else None,
        ScheduledEnd(hard, ReasonCode.HARD_LIMIT_OVER) if hard else None,
        ScheduledEnd(lease, ReasonCode.LEASE_OVER) if lease else None,
    ]
    return min((end for end in ends if end), key=lambda end: end.at, default=None)


def lease_end(environment: EnvironmentState) -> datetime | None:
    """The end of the lease: counts from the first `ready`, moved by renewals."""
    first = _after(environment.began_at, environment.lease_seconds)
    renewed = environment.lease_ends_at
    return max(first, renewed) if first and renewed else first or renewed


def hard_end(environment: EnvironmentState) -> datetime | None:
    """The end that no renewal moves. A restart after a crash does not extend it."""
    return _after(environment.began_at, environment.hard_limit_seconds)


def _after(began: datetime | None, seconds: int | None) -> datetime | None:
    return began + timedelta(seconds=seconds) if began and seconds else None
