"""What is counted and logged when an Environment moves."""

from mydocker_kit.contracts.environments import Phase, ReasonCode
from mydocker_kit.logging import get_logger

from ..domain.lifecycle.transitions import Environment
from ..metrics import ENDS, RESTARTS, START_SECONDS, STARTS

log = get_logger()


def note_move(before: Environment | None, after: Environment) -> None:
    """Count and log a move that has been written."""
    if before is None or before.attempt != after.attempt:
        return
    waited = (after.since - after.asked_at).total_seconds()
    if after.running_at and not before.running_at and not before.began_at:
        spent = (after.running_at - after.asked_at).total_seconds()
        START_SECONDS.labels("running").observe(spent)
    if after.restarts > before.restarts:
        RESTARTS.labels(after.reason.code.value if after.reason else "unknown").inc()
    if after.phase is not before.phase:
        _count(before, after, waited)
        _tell(after)


def _count(before: Environment, after: Environment, waited: float) -> None:
    # Ready again after a crash or a move is no second start.
    is_first = before.began_at is None
    if after.phase is Phase.STARTING and is_first:
        START_SECONDS.labels("created").observe(waited)
    elif after.phase is Phase.STARTING and _is_moving(after):
        RESTARTS.labels(ReasonCode.NODE_DRAINED.value).inc()
    elif after.phase is Phase.READY:
        if is_first:
            START_SECONDS.labels("ready").observe(waited)
            STARTS.labels("ready").inc()
    elif after.at_rest:
        reason = after.reason.code.value if after.reason else "unknown"
        (ENDS if after.began_at else STARTS).labels(reason).inc()


def _is_moving(after: Environment) -> bool:
    return after.reason is not None and after.reason.code is ReasonCode.NODE_DRAINED


def _tell(after: Environment) -> None:
    reason = after.reason
    log.info(
        f"environment.{after.phase.value}",
        id=str(after.id),
        attempt=after.attempt,
        restarts=after.restarts,
        node=after.node,
        reason=reason.code.value if reason else None,
        reference=reason.reference if reason else None,
    )
