"""How soon the reconciler polls again: often during transitions, seldom when idle."""

from collections.abc import Iterable
from datetime import datetime

from mydocker_kit.contracts.orchestrator.environments import Phase

from ..lifecycle.leases import scheduled_end
from ..lifecycle.transitions import EnvironmentState

MIN_INTERVAL = 0.02
TRANSITION_INTERVAL = 1.0
IDLE_INTERVAL = 5.0
_AGE_FRACTION = 0.04
_IDLE_RATIO = 4.0


def poll_interval(
    environments: Iterable[EnvironmentState], pass_seconds: float, now: datetime
) -> float:
    """Seconds until the next pass.

    A start that began 0.5 s ago is polled every 20 ms, one that has been pulling its image for a
    minute once a second. Passes take at most a fifth of the time, however many environments run.
    """
    interval = IDLE_INTERVAL
    for environment in environments:
        age = (now - environment.since).total_seconds()
        if environment.phase in (Phase.STARTING, Phase.STOPPING):
            interval = min(interval, TRANSITION_INTERVAL, age * _AGE_FRACTION)
        elif environment.phase is Phase.QUEUED:
            # Queued for capacity: a Docker event wakes the loop when a service ends.
            queued = TRANSITION_INTERVAL if environment.reason else age * _AGE_FRACTION
            interval = min(interval, queued)
        if end := scheduled_end(environment):
            interval = min(interval, (end.at - now).total_seconds())
    return max(interval, MIN_INTERVAL, pass_seconds * _IDLE_RATIO)
