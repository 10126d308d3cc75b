"""Which snapshots are kept."""

from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from mydocker_orchestrator.domain.lifecycle.snapshots import SnapshotPolicy, expired, periodic_id

NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
POLICY = SnapshotPolicy(hours=24, days=7, weeks=4)


def _every_hour(days: int) -> list[tuple[UUID, datetime]]:
    return [(uuid4(), NOW - timedelta(hours=hour)) for hour in range(days * 24)]


def test_hours_then_days_then_weeks() -> None:
    snapshots = _every_hour(60)
    gone = expired(snapshots, POLICY, NOW)
    ages_left = sorted((NOW - at for id, at in snapshots if id not in gone), reverse=True)
    assert sum(age <= timedelta(hours=24) for age in ages_left) == 25
    days = [age for age in ages_left if timedelta(hours=24) < age <= timedelta(days=7)]
    assert len(days) == 6, "the newest of each day before the last 24 hours"
    weeks = [age for age in ages_left if age > timedelta(days=7)]
    assert len(weeks) == 3
    assert max(ages_left) <= timedelta(weeks=4)


def test_what_is_kept_today_leads_to_what_is_kept_later() -> None:
    """Pruned every hour, the history is never thinner than pruned once at the end."""
    snapshots: list[tuple[UUID, datetime]] = []
    for hour in range(40 * 24):
        now = NOW + timedelta(hours=hour)
        snapshots.append((uuid4(), now))
        gone = expired(snapshots, POLICY, now)
        snapshots = [snapshot for snapshot in snapshots if snapshot[0] not in gone]
    ages = [now - at for _, at in snapshots]
    assert sum(age <= timedelta(hours=24) for age in ages) == 25
    assert sum(timedelta(hours=24) < age <= timedelta(days=7) for age in ages) >= 6
    assert max(ages) > timedelta(days=20)


def test_a_period_has_one_snapshot_whoever_asks() -> None:
    policy = SnapshotPolicy()
    assert periodic_id("v", policy, NOW) == periodic_id("v", policy, NOW + timedelta(minutes=59))
    assert periodic_id("v", policy, NOW) != periodic_id("v", policy, NOW + timedelta(minutes=60))
    assert periodic_id("v", policy, NOW) != periodic_id("w", policy, NOW)
