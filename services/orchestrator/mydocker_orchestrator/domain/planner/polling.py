"""How soon to look again: often while something moves, seldom when all is quiet."""

from collections.abc import Iterable
from datetime import datetime

from mydocker_kit.contracts.environments import Phase

from ..lifecycle.leases import end_of
from ..lifecycle.transitions import Environment

FASTEST = 0.02
MOVING = 1.0
QUIET = 5.0
_PART_OF_AGE = 0.04
_MOST_OF_THE_TIME = 4.0


def next_look(environments: Iterable[Environment], look_seconds: float, now: datetime) -> float:
    """Seconds until the next look.

    A start that began 0.5 s ago is looked at every 20 ms, one that has been pulling its image for
    a minute once a second. Looking never takes more than a fifth of the time, however many run.
    """
    pause = QUIET
    for environment in environments:
        age = (now - environment.since).total_seconds()
        if environment.phase in (Phase.STARTING, Phase.STOPPING):
            pause = min(pause, MOVING, age * _PART_OF_AGE)
        elif environment.phase is Phase.QUEUED:
            # Waiting for room: Docker's events ring when a service goes.
            pause = min(pause, MOVING if environment.reason else age * _PART_OF_AGE)
        if end := end_of(environment):
            pause = min(pause, (end.at - now).total_seconds())
    return max(pause, FASTEST, look_seconds * _MOST_OF_THE_TIME)
