"""How long an Environment may run, and what a renewal gives."""

from datetime import datetime, timedelta

from mydocker_kit.contracts.environments import EnvironmentStatus


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
