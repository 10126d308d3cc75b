"""How long an Environment may run, and what a renewal gives."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus


def earliest(*moments: datetime | None) -> datetime | None:
    """The earliest of the given moments; None without any."""
    return min((moment for moment in moments if moment), default=None)


def renewed_until(
    lease_minutes: int | None,
    status: EnvironmentStatus | None,
    session_ends_at: datetime | None,
    now: datetime,
) -> datetime | None:
    """The end after a renewal now: a whole lease from now, within hard limit and session.

    None when there is no lease, or it has not begun, or nothing would be gained.
    """
    if lease_minutes is None or status is None or status.lease_ends_at is None:
        return None
    requested = now + timedelta(minutes=lease_minutes)
    until = earliest(requested, status.hard_ends_at, session_ends_at)
    return until if until and until > status.lease_ends_at else None


@dataclass(frozen=True)
class Extension:
    """New ends of one Environment; None where it has no end of that kind."""

    lease_ends_at: datetime | None
    session_ends_at: datetime | None


def extended(
    status: EnvironmentStatus,
    session_ends_at: datetime | None,
    minutes: int,
) -> Extension | None:
    """The ends after a teacher gave `minutes` more: both move, the lease within the hard limit.

    None when nothing would be gained: there is no end, or the hard limit holds.
    """
    more = timedelta(minutes=minutes)
    lease = status.lease_ends_at
    if lease is not None:
        lease = earliest(lease + more, status.hard_ends_at)
    session = session_ends_at + more if session_ends_at is not None else None
    before = earliest(status.lease_ends_at, status.hard_ends_at, session_ends_at)
    after = earliest(lease, status.hard_ends_at, session)
    if before is None or after is None or after <= before:
        return None
    return Extension(lease, session)
