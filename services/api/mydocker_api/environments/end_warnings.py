"""Publishes events before environments end."""

from datetime import datetime

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus

from ..composition.services import Services
from ..domain.environments.lifecycle import warnings_due
from ..feed import Feed
from ..orchestration.status_cache import StatusCache

EVERY = 1.0
"""Seconds between two checks."""


class EndWarnings:
    """The loop: one event at each warning time of each Environment with an end.

    Each replica serves its own streams. The window also carries the times, so that the page shows
    a warning that a restart swallowed.
    """

    def __init__(
        self, statuses: StatusCache, feed: Feed, seconds: tuple[float, ...], clock: Clock
    ) -> None:
        self._statuses, self._feed, self._seconds, self._clock = statuses, feed, seconds, clock
        self._checked_at: datetime = clock()

    @classmethod
    def of(cls, services: Services) -> "EndWarnings":
        """With the objects of this process."""
        seconds = services.settings.warn_seconds
        return cls(services.statuses, services.feed, seconds, services.clock)

    async def step(self) -> None:
        now = self._clock()
        for status in self._due(now):
            self._feed.environment_ending(status)
        self._checked_at = now

    def _times(self, status: EnvironmentStatus) -> tuple[float, ...]:
        """The warning times of the Course, else those of the platform."""
        return self._seconds if status.warn_seconds is None else status.warn_seconds

    def _due(self, now: datetime) -> list[EnvironmentStatus]:
        return [
            status
            for status in self._statuses.alive()
            if warnings_due(status.ends_at, self._times(status), self._checked_at, now)
        ]
