"""Killed with -9 at any instant, the orchestrator converges after its restart."""

import asyncio
import random
from contextlib import aclosing, suppress
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
    settings = settings.model_copy(
        update={"engine_url": swarm.url, "environment_network": swarm.network}
    )
    ground = Ground(settings.platform_name, settings.environment_network)
    door = DockerSwarm(swarm.url, ground, settings.node_address)
    process = OrchestratorProcess(settings, service_keys, tmp_path / "orchestrator.log")
    dice = random.Random(2)
    async with aclosing(door), aclosing(process):
        await process.start()
        wanted: dict[UUID, int] = {}
        for number in range(ROUNDS):
            # Odd rounds replace what runs, even ones start two more.
            asked = dict.fromkeys(wanted, 2) if number % 4 == 1 else dict.fromkeys(_two(), 1)
            wanted |= asked
            asking = asyncio.gather(*(_put(process, id, n, swarm) for id, n in asked.items()))
            await asyncio.sleep(dice.uniform(0.0, 0.9))
            process.kill()
            await asking
            await process.start()
            for id, attempt in asked.items():  # api repeats what it wants until it is heard
                await _put(process, id, attempt, swarm)
                ready = await until(process.client, id, lambda s: s.phase is Phase.READY)
                assert ready.attempt == attempt
            found = await door.observe()
            assert {id: one.attempt for id, one in found.services.items()} == wanted
            if number % 4 == 3:
                await _stop_with_a_kill(process, wanted, dice)
                assert not (await door.observe()).services
                wanted = {}


def _two() -> list[UUID]:
    return [uuid4(), uuid4()]


async def _put(process: OrchestratorProcess, id: UUID, attempt: int, swarm: RealSwarm) -> None:
    with suppress(Unavailable):
        await process.client.put(id, a_spec(image=swarm.image, attempt=attempt))


async def _stop_with_a_kill(
    process: OrchestratorProcess, running: dict[UUID, int], dice: random.Random
) -> None:
    for id, attempt in running.items():
        stop = StopRequest(reason=ReasonCode.STOPPED_BY_OWNER, attempt=attempt)
        await process.client.stop(id, stop)
    await asyncio.sleep(dice.uniform(0.0, 0.5))
    process.kill()
    await process.start()
    for id in running:
        await until(process.client, id, lambda s: s.phase is Phase.STOPPED)
