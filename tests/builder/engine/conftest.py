"""The build engine and a cgroup of its own for the tests on it."""

import os
from collections.abc import AsyncIterator, Iterator

import aiodocker
import pytest
from deploy.demo.engines.build_engine import limit_builds
from tests.builder.conftest import BuildEngine

from mydocker_builder.settings import BuilderSettings

MEMORY_MIB = 256


PROCESSES = 100


@pytest.fixture(scope="module")
def cgroup() -> Iterator[str]:
    """Control groups as the engine's host makes them, with less memory and processes."""
    name = f"/mydocker-test-{os.getpid()}"
    limits = {"MEMORY_MIB": str(MEMORY_MIB), "PROCESSES": str(PROCESSES)}
    named = {f"MYDOCKER_BUILD_{limit}": value for limit, value in limits.items()}
    limit_builds("lay", name, **named)
    yield name
    limit_builds("remove", name)


@pytest.fixture
def on_engine(settings: BuilderSettings, build_engine: BuildEngine, cgroup: str) -> BuilderSettings:
    """Settings of a builder on the real engine."""
    changes = {
        "build_engine_url": build_engine.url,
        "registry": build_engine.registry,
        "buildx": build_engine.buildx,
        "build_cgroup": cgroup,
        "build_group": build_engine.group,
        "build_lease_seconds": 3.0,
    }
    return settings.model_copy(update=changes)


@pytest.fixture
async def docker(build_engine: BuildEngine) -> AsyncIterator[aiodocker.Docker]:
    """The same engine, to look at."""
    client = aiodocker.Docker(url=build_engine.url)
    yield client
    await client.close()
