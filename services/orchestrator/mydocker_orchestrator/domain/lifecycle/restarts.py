"""A container that crashed or found its port taken is started again: a few times, then no more."""

from datetime import datetime, timedelta

from mydocker_kit.contracts.environments import Reason, ReasonCode

from .transitions import Environment

PAUSES = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 20))
"""Before the first, the second, the third restart; there is no fourth."""
STEADY = timedelta(minutes=10)
"""Ready for so long, it has earned all its restarts again."""
_WORTH_IT = frozenset({ReasonCode.CRASHED, ReasonCode.OUT_OF_MEMORY})


def next_restart(environment: Environment, reason: Reason, now: datetime) -> timedelta | None:
    """How long until it is started again; None when it is not.

    A crash only after it has been ready in this attempt: an image that ends before its ports ever
    answered would end so again, and its owner should read why at once. A port that somebody else
    has on the node is another one next time.
    """
    crashed = environment.began_at is not None and reason.code in _WORTH_IT
    if not crashed and reason.code is not ReasonCode.PORT_TAKEN:
        return None
    tried = tries(environment, now)
    return PAUSES[tried] if tried < len(PAUSES) else None


def tries(environment: Environment, now: datetime) -> int:
    """Restarts that count: those since it last ran steadily."""
    steady = environment.ready_at is not None and environment.ready_at + STEADY <= now
    return 0 if steady else environment.restarts
