"""The engine of the tests, and settings of an orchestrator on it."""

import json
from collections.abc import AsyncIterator

import aiodocker
import pytest
from deploy.machine.docker import Docker
from tests.orchestrator.running import RealSwarm

from mydocker_orchestrator.settings import Settings


@pytest.fixture
async def engine(swarm: RealSwarm, settings: Settings) -> AsyncIterator[aiodocker.Docker]:
    """The engine itself; afterwards nothing of this test's platform is left running."""
    with Docker(swarm.url) as spoken:
        docker = aiodocker.Docker(url=swarm.url, api_version=spoken.agreed.api.path)
    ours = json.dumps({"label": [f"mydocker.platform={settings.platform_name}"]})
    yield docker
    for service in await docker._query_json("services", params={"filters": ours}):
        async with docker._query(f"services/{service['ID']}", "DELETE"):
            pass
    await docker.close()


@pytest.fixture
def real(settings: Settings, swarm: RealSwarm) -> Settings:
    return settings.model_copy(
        update={"engine_url": swarm.url, "environment_network": swarm.network}
    )
