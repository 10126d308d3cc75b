"""On a real Swarm: what a student asks for is what runs."""

from uuid import uuid4

from tests.orchestrator.running import RealSwarm, Run
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.environments import Phase, ReasonCode, StopRequest
from mydocker_orchestrator.settings import Settings


async def test_a_start_becomes_ready_and_a_stop_leaves_nothing(
    run: Run, settings: Settings, swarm: RealSwarm
) -> None:
    settings = settings.model_copy(update={"engine_url": swarm.url})
    id, spec = uuid4(), a_spec(image=swarm.image)
    async with run(settings) as orchestrator:
        asked = await orchestrator.client.put(id, spec)
        assert asked.phase is Phase.QUEUED
        ready = await orchestrator.phase(id, Phase.READY)
        assert [address.port for address in ready.addresses] == [22]
        stop = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=1)
        await orchestrator.client.stop(id, stop)
        stopped = await orchestrator.phase(id, Phase.STOPPED)
        assert stopped.reason is not None
        assert stopped.reason.code is ReasonCode.STOPPED_BY_OWNER
