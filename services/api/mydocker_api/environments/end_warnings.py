"""Says in time that environments are about to end."""

from datetime import datetime

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.environments import EnvironmentStatus

from ..composition.services import Services
from ..domain.environments.lifecycle import warnings_due
from ..feed import Feed
from ..orchestration.status_cache import LiveEnvironments

EVERY = 1.0
"""Seconds between two looks."""


class EndWarnings:
    """Rings at every warning time of every Environment that has an end.

    Each replica tells its own streams, and the window says the times anyway: a warning that falls
    into a restart is shown by the page itself.
    """

    def __init__(
        self, live: LiveEnvironments, feed: Feed, seconds: tuple[float, ...], clock: Clock
    ) -> None:
        self._live, self._feed, self._seconds, self._clock = live, feed, seconds, clock
        self._looked_at: datetime = clock()

    @classmethod
    def of(cls, services: Services) -> "EndWarnings":
        """With the objects of this process."""
        seconds = services.settings.warn_seconds
        return cls(services.statuses, services.feed, seconds, services.clock)

    async def step(self) -> None:
        now = self._clock()
        for status in self._due(now):
            self._feed.environment_ending(status)
        self._looked_at = now

    def _times(self, status: EnvironmentStatus) -> tuple[float, ...]:
        """As its Course says; as the platform does where the Course says nothing."""
        return self._seconds if status.warn_seconds is None else status.warn_seconds

    def _due(self, now: datetime) -> list[EnvironmentStatus]:
        return [
            status
            for status in self._live.alive()
            if warnings_due(status.ends_at, self._times(status), self._looked_at, now)
        ]
