"""What becomes of an Environment whose node an operator empties."""

from collections.abc import Sequence
from datetime import datetime

from mydocker_kit.contracts.environments import Reason, ReasonCode
from mydocker_kit.contracts.pools import OnDrain, Pool, Storage

from ..observed_state import Availability, FoundNode, FoundTask
from . import transitions
from .failures import TAKEN_DOWN
from .transitions import Environment


def is_drained(task: FoundTask, nodes: Sequence[FoundNode]) -> bool:
    """Whether Swarm takes this task down because its node is emptied; a lost node is none."""
    if task.should_run and task.state not in TAKEN_DOWN:
        return False
    on = next((node for node in nodes if node.id == task.node_id), None)
    return on is not None and on.reachable and on.availability is Availability.DRAIN


def may_move(environment: Environment, pool: Pool | None) -> bool:
    """Whether it is made again on another node: never without its work folder."""
    if pool is None or pool.on_drain is not OnDrain.MOVE:
        return False
    return pool.storage is Storage.SHARED or not environment.keeps_work


def drained(
    environment: Environment, task: FoundTask, pool: Pool | None, now: datetime
) -> Environment:
    """Moved or ended, as its pool says; its owner reads why either way."""
    reason = Reason(
        code=ReasonCode.NODE_DRAINED, parameters={"node": task.node or ""}, detail=task.error
    )
    if may_move(environment, pool):
        return transitions.moved_away(environment, reason, now)
    return transitions.ending(environment, reason, now)
