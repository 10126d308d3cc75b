"""Counts and logs the transitions of environments."""

from mydocker_kit.contracts.orchestrator.environments import Phase, ReasonCode
from mydocker_kit.observability.logging import get_logger

from ..domain.lifecycle.transitions import EnvironmentState
from ..metrics import ENDS, RESTARTS, START_SECONDS, STARTS

log = get_logger()


def record_transition(before: EnvironmentState | None, after: EnvironmentState) -> None:
    """Count and log a transition that has been written to its row."""
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
        _log(after)


def _count(before: EnvironmentState, after: EnvironmentState, waited: float) -> None:
    # `ready` again after a crash or a relocation is no second start.
    is_first = before.began_at is None
    if after.phase is Phase.STARTING and is_first:
        START_SECONDS.labels("created").observe(waited)
    elif after.phase is Phase.STARTING and _is_relocating(after):
        RESTARTS.labels(ReasonCode.NODE_DRAINED.value).inc()
    elif after.phase is Phase.READY:
        if is_first:
            START_SECONDS.labels("ready").observe(waited)
            STARTS.labels("ready").inc()
    elif after.is_final:
        reason = after.reason.code.value if after.reason else "unknown"
        (ENDS if after.began_at else STARTS).labels(reason).inc()


def _is_relocating(after: EnvironmentState) -> bool:
    return after.reason is not None and after.reason.code is ReasonCode.NODE_DRAINED


def _log(after: EnvironmentState) -> None:
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
