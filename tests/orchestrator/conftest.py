"""The orchestrator for tests: its real database, a quick Swarm in memory or a real one."""

import os
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from tests.conftest import ServiceKeys
from tests.orchestrator.running import RealSwarm, Run, Running, client_of
from tests.orchestrator.serve_image import pushed_image

from mydocker_kit.clients.orchestrator import AUDIENCE
from mydocker_kit.clock import Clock, utc_now
from mydocker_orchestrator.folders.agents import FolderAgents
from mydocker_orchestrator.machines.nodes import MachineNodes
from mydocker_orchestrator.main import build
from mydocker_orchestrator.settings import Settings
from mydocker_orchestrator.swarm.interface import SwarmClient


@pytest.fixture(scope="session")
def swarm() -> RealSwarm:
    """A Swarm manager named by MYDOCKER_TEST_ENGINE, whose registry is MYDOCKER_TEST_REGISTRY."""
    url = os.environ.get("MYDOCKER_TEST_ENGINE")
    if not url:
        pytest.skip("MYDOCKER_TEST_ENGINE names no Swarm to test on (make engines)")
    registry = os.environ.get("MYDOCKER_TEST_REGISTRY", "127.0.0.1:5000")
    network = os.environ.get("MYDOCKER_TEST_NETWORK", "mydocker-open")
    return RealSwarm(url, network, pushed_image(url, registry))


@pytest.fixture
def settings(database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr) -> Settings:
    return Settings(
        database_url=SecretStr(database_url),
        database_pool=10,
        service_key=service_keys.private[AUDIENCE],
        trusted_service_keys=service_keys.folder,
        vault_keys=vault_keys,
        platform_name=f"test-{uuid4().hex[:8]}",
    )


@pytest.fixture
def run(service_keys: ServiceKeys) -> Run:
    """`async with run(settings) as orchestrator`: the whole service, loops included."""

    @asynccontextmanager
    async def running(
        settings: Settings,
        *,
        swarm: SwarmClient | None = None,
        clock: Clock = utc_now,
        folder_agents: FolderAgents | None = None,
        machine_nodes: MachineNodes | None = None,
    ) -> AsyncIterator[Running]:
        app = build(
            settings,
            swarm=swarm,
            clock=clock,
            folder_agents=folder_agents,
            machine_nodes=machine_nodes,
        )
        client = client_of(service_keys, "http://orchestrator", httpx.ASGITransport(app))
        async with aclosing(client), app.router.lifespan_context(app):
            yield Running(client, app)

    return running
