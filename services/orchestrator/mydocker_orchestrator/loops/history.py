"""What is counted and logged when an Environment moves."""

from mydocker_kit.contracts.environments import Phase
from mydocker_kit.logging import get_logger

from ..domain.lifecycle import Environment
from ..metrics import START_SECONDS, STARTS

log = get_logger()


def note_move(before: Environment | None, after: Environment) -> None:
    """Count and log a move that has been written."""
    if before is None or before.attempt != after.attempt:
        return
    waited = (after.since - after.asked_at).total_seconds()
    if after.running_at and not before.running_at:
        spent = (after.running_at - after.asked_at).total_seconds()
        START_SECONDS.labels("running").observe(spent)
    if after.phase is before.phase:
        return
    if after.phase is Phase.STARTING:
        START_SECONDS.labels("created").observe(waited)
    elif after.phase is Phase.READY:
        START_SECONDS.labels("ready").observe(waited)
        STARTS.labels("ready").inc()
    elif after.phase is Phase.FAILED and after.reason:
        STARTS.labels(after.reason.code.value).inc()
    elif after.phase is Phase.STOPPED and after.ready_at is None:
        STARTS.labels("stopped_before_ready").inc()
    reason = after.reason
    log.info(
        f"environment.{after.phase.value}",
        id=str(after.id),
        attempt=after.attempt,
        node=after.node,
        reason=reason.code.value if reason else None,
        reference=reason.reference if reason else None,
    )
