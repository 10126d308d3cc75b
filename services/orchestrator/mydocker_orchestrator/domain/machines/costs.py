"""What machines cost: from the run that makes them until they are gone, by the hour."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

_HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Billing:
    """From when to when a machine is paid, and its price per hour."""

    starts_at: datetime | None
    """None: it was not made yet, and costs nothing."""
    ends_at: datetime | None
    """None: it is still there."""
    hourly_price: float

    def cost(self, start: datetime, end: datetime) -> float:
        """Within this time, in the currency of the price."""
        if self.starts_at is None:
            return 0.0
        begin = max(start, self.starts_at)
        until = min(end, self.ends_at or end)
        return max(until - begin, timedelta(0)) / _HOUR * self.hourly_price


def month_start(now: datetime) -> datetime:
    """The begin of the calendar month (UTC)."""
    return now.astimezone(UTC).replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def spent_this_month(billings: Iterable[Billing], now: datetime) -> float:
    """What these machines cost in the calendar month so far."""
    return sum(billing.cost(month_start(now), now) for billing in billings)
