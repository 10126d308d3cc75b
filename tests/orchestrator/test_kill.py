"""Killed with -9 at any instant, the orchestrator converges after its restart."""

import asyncio
import random
from contextlib import aclosing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.conftest import ServiceKeys
from tests.orchestrator.process import OrchestratorProcess
from tests.orchestrator.running import RealSwarm, until
from tests.orchestrator.specs import a_spec

from mydocker_kit.contracts.environments import Phase, ReasonCode, StopRequest
from mydocker_kit.errors import Unavailable
from mydocker_orchestrator.settings import Settings
from mydocker_orchestrator.swarm.engine import DockerSwarm
from mydocker_orchestrator.swarm.specs import Ground

ROUNDS = 8


@pytest.mark.timeout(240)
async def test_a_kill_at_any_instant_leaves_exactly_one_environment(
    settings: Settings, service_keys: ServiceKeys, swarm: RealSwarm, tmp_path: Path
) -> None:
    settings = settings.model_copy(update={"engine_url": swarm.url})
    ground = Ground(settings.platform_name, settings.environment_network)
    door = DockerSwarm(swarm.url, ground, settings.node_address)
    process = OrchestratorProcess(settings, service_keys, tmp_path / "orchestrator.log")
    dice, ids = random.Random(2), [uuid4(), uuid4()]
    async with aclosing(door), aclosing(process):
        for attempt in range(1, ROUNDS + 1):
            await process.start()
            asking = asyncio.gather(
                *(_put(process, id, attempt, swarm.image) for id in ids), return_exceptions=True
            )
            await asyncio.sleep(dice.uniform(0.0, 1.0))
            process.kill()
            await asking
            await process.start()
            for id in ids:  # api repeats what it wants until it is heard
                await _put(process, id, attempt, swarm.image)
            for id in ids:
                ready = await until(process.client, id, lambda s: s.phase is Phase.READY)
                assert ready.attempt == attempt
            found = await door.observe()
            assert {id: one.attempt for id, one in found.services.items()} == dict.fromkeys(
                ids, attempt
            )
            # Every second round stops them, killed on the way; the others replace them alive.
            if attempt % 2 == 0:
                await _stop_with_a_kill(process, ids, attempt, dice)
                assert not (await door.observe()).services
            process.kill()
        await process.start()
        for id in ids:
            await process.client.stop(id, _stop(ROUNDS))
            await until(process.client, id, lambda s: s.phase is Phase.STOPPED)


async def _put(process: OrchestratorProcess, id: UUID, attempt: int, image: str) -> None:
    spec = a_spec(image=image, attempt=attempt)
    try:
        await process.client.put(id, spec)
    except Unavailable:
        return


async def _stop_with_a_kill(
    process: OrchestratorProcess, ids: list[UUID], attempt: int, dice: random.Random
) -> None:
    for id in ids:
        await process.client.stop(id, _stop(attempt))
    await asyncio.sleep(dice.uniform(0.0, 0.5))
    process.kill()
    await process.start()
    for id in ids:
        await until(process.client, id, lambda s: s.phase is Phase.STOPPED)


def _stop(attempt: int) -> StopRequest:
    return StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
