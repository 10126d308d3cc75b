"""Forgets trials some time after they ended."""

from dataclasses import dataclass
from datetime import timedelta

from mydocker_kit.clock import Clock
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import transaction

from ..composition.services import Services
from ..images.trial_courses import is_alive, trials

log = get_logger()
KEPT = timedelta(days=1)
"""How long a trial that has ended stays, with its reason and its last output."""
EVERY = 600.0
"""Seconds between two looks."""


@dataclass(frozen=True)
class Forgetting:
    """The loop that forgets trials which ended."""

    services: Services
    clock: Clock

    @classmethod
    def of(cls, services: Services) -> "Forgetting":
        """With the objects of this process."""
        return cls(services, services.clock)

    async def step(self) -> None:
        """Forget what ended long enough ago. Safe to repeat at any moment."""
        statuses = self.services.statuses
        if not statuses.loaded:
            return
        async with transaction(self.services.sessions) as db:
            for trial, environment in await trials(db, before=self.clock() - KEPT):
                if not is_alive(statuses, environment):
                    await db.delete(trial)
                    log.info("trial.forgotten", course=trial.id)
