"""Retry with backoff: restarts of a container that crashed or whose port was in use."""

from datetime import datetime, timedelta

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode

from .failures import NETWORK_MISSING, PLUGIN_AWAY
from .transitions import EnvironmentState

BACKOFF = tuple(timedelta(seconds=seconds) for seconds in (1, 5, 20))
"""Delay before the first, second and third restart; there is no fourth."""
STABLE_AFTER = timedelta(minutes=10)
"""After this time in `ready`, earlier restarts no longer count."""
_RESTARTABLE = frozenset({ReasonCode.CRASHED, ReasonCode.OUT_OF_MEMORY})


def restart_delay(environment: EnvironmentState, reason: Reason, now: datetime) -> timedelta | None:
    """Delay until the next restart; None when it is not restarted.

    A crash is retried only after the attempt was ready once: an image that ends before its ports
    are ready would end again, and its owner should see why at once. A port in use is always
    retried: the next attempt gets another number. So is a machine that has just booted and whose
    network or volume plugin is still being made ready: environments whose work folders are there
    start as soon as it is back.
    """
    crashed = environment.began_at is not None and reason.code in _RESTARTABLE
    is_booting = (
        NETWORK_MISSING in reason.parameters or reason.parameters.get("problem") == PLUGIN_AWAY
    )
    if not crashed and not is_booting and reason.code is not ReasonCode.PORT_TAKEN:
        return None
    counted = counted_restarts(environment, now)
    return BACKOFF[counted] if counted < len(BACKOFF) else None


def counted_restarts(environment: EnvironmentState, now: datetime) -> int:
    """Restarts since it last ran without a crash for `STABLE_AFTER`."""
    is_stable = environment.ready_at is not None and environment.ready_at + STABLE_AFTER <= now
    return 0 if is_stable else environment.restarts
