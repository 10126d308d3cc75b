"""One start and one stop, as the tests of environments ask for them."""

from uuid import UUID, uuid4

from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Running
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    ReasonCode,
    StopRequest,
)
from mydocker_orchestrator.domain.observed_state import TaskState

NO_PORTS = a_spec(ports=())


RUNNING = TaskState.RUNNING


def stop(attempt: int = 1, reason: ReasonCode = ReasonCode.STOPPED_BY_OWNER) -> StopRequest:
    return StopRequest(reason=reason, attempt=attempt)


async def started(orchestrator: Running, swarm: FakeSwarm, attempt: int = 1) -> UUID:
    """An Environment without ports, ready."""
    id = uuid4()
    await orchestrator.client.put(id, a_spec(ports=(), attempt=attempt))
    await orchestrator.phase(id, Phase.STARTING)
    swarm.task(id, state=RUNNING)
    await orchestrator.phase(id, Phase.READY)
    return id
