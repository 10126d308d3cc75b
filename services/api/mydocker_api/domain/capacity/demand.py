"""What will be needed when: sessions, and environments that run now."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from .sizes import Amounts

ENDLESS = timedelta(hours=4)
"""How long an environment without an end is expected to go on."""


@dataclass(frozen=True)
class Demand:
    """So many environments of one size, from when to when."""

    course_id: UUID
    amounts: Amounts
    count: int
    starts_at: datetime
    ends_at: datetime
    session_id: UUID | None = None
    """None: what runs outside of any session."""

    def overlaps(self, starts_at: datetime, ends_at: datetime) -> bool:
        return self.starts_at < ends_at and starts_at < self.ends_at


@dataclass(frozen=True)
class RunningEnvironment:
    """An environment that runs or waits for room."""

    course_id: UUID
    session_id: UUID | None
    amounts: Amounts
    ends_at: datetime | None


def with_running(
    sessions: Sequence[Demand], running: Iterable[RunningEnvironment], now: datetime
) -> list[Demand]:
    """The demands of sessions and of what runs now, each environment counted once.

    Environments of a session that goes on count as its students; only those beyond that number,
    and those outside of sessions, are added.
    """
    current: dict[UUID | None, int] = {
        demand.session_id: demand.count
        for demand in sessions
        if demand.session_id and demand.starts_at <= now < demand.ends_at
    }
    groups: Counter[tuple[UUID, UUID | None, Amounts, datetime]] = Counter()
    for environment in running:
        if current.get(environment.session_id, 0) > 0:
            current[environment.session_id] -= 1
            continue
        ends_at = environment.ends_at or now + ENDLESS
        if ends_at > now:
            groups[environment.course_id, environment.session_id, environment.amounts, ends_at] += 1
    extra = [
        Demand(course_id, amounts, count, now, ends_at, session_id)
        for (course_id, session_id, amounts, ends_at), count in groups.items()
    ]
    return [*sessions, *extra]
