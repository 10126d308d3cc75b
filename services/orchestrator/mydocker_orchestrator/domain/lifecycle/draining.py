"""What happens to an environment whose node an operator drains."""

from collections.abc import Sequence
from datetime import datetime

from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_kit.contracts.orchestrator.pools import OnDrain, Pool, Storage

from ..observed_state import Availability, ObservedNode, ObservedTask
from . import transitions
from .failures import SHUT_DOWN_BY_SWARM
from .transitions import EnvironmentState


def is_drained(task: ObservedTask, nodes: Sequence[ObservedNode]) -> bool:
    """Whether Swarm shuts this task down because its node is drained, not lost."""
    if task.should_run and task.state not in SHUT_DOWN_BY_SWARM:
        return False
    node = next((node for node in nodes if node.id == task.node_id), None)
    return node is not None and node.reachable and node.availability is Availability.DRAIN


def may_relocate(environment: EnvironmentState, pool: Pool | None) -> bool:
    """Whether it is created again on another node: never without its volumes."""
    if pool is None or pool.on_drain is not OnDrain.MOVE:
        return False
    return pool.storage is Storage.SHARED or not environment.has_volumes


def relocated_or_stopped(
    environment: EnvironmentState, task: ObservedTask, pool: Pool | None, now: datetime
) -> EnvironmentState:
    """Relocated or stopped, by its pool's policy; the reason is recorded either way."""
    reason = Reason(
        code=ReasonCode.NODE_DRAINED, parameters={"node": task.node or ""}, detail=task.error
    )
    if may_relocate(environment, pool):
        return transitions.relocating(environment, reason, now)
    return transitions.stopping(environment, reason, now)
