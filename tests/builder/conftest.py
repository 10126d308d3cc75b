"""A builder to call: over real PostgreSQL, signed as api does it."""

import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr
from tests.conftest import ServiceKeys
from tests.support.waiting import until

from mydocker_builder.main import build
from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker.engine import Engine
from mydocker_kit.clients.builder import AUDIENCE, BuilderClient
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.contracts.builder.builds import ENDED, BuildRequest, BuildStatus
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

DOCKERFILE = "FROM debian:12\nRUN echo hello\n"
OpenBuilder = Callable[..., AbstractAsyncContextManager[BuilderClient]]


def a_request(dockerfile: str = DOCKERFILE, **changes: Any) -> BuildRequest:
    """A build request for a new Image, unless `changes` name another."""
    values = {
        "image_id": uuid4(),
        "author_id": uuid4(),
        "number": 1,
        "repository": "practice",
        "dockerfile": dockerfile,
    }
    return BuildRequest.model_validate(values | changes)


async def reaches(
    builder: BuilderClient, id: UUID, there: Callable[[BuildStatus], bool], within: float = 100
) -> BuildStatus:
    """The build's status once `there` says so."""

    async def reached() -> BuildStatus | None:
        status = await builder.get(id)
        return status if there(status) else None

    return await until(reached, f"build {id}", within)


async def ended(builder: BuilderClient, id: UUID, within: float = 100) -> BuildStatus:
    """The build's status once it has ended."""
    return await reaches(builder, id, lambda status: status.phase in ENDED, within)


async def log_of(builder: BuilderClient, id: UUID) -> str:
    """The whole log, as text."""
    page = await builder.log(id, 0, 5000)
    return "\n".join(line.text for line in page.lines)


@dataclass(frozen=True)
class BuildEngine:
    """A real engine that builds, and a registry as that engine reaches it."""

    url: str
    registry: str
    buildx: str
    group: int | None
    """By which the firewall knows it."""


@pytest.fixture(scope="session")
def build_engine() -> BuildEngine:
    """Named by MYDOCKER_TEST_BUILD_ENGINE and MYDOCKER_TEST_BUILD_REGISTRY."""
    url = os.environ.get("MYDOCKER_TEST_BUILD_ENGINE")
    if not url:
        pytest.skip("MYDOCKER_TEST_BUILD_ENGINE names no engine to build on (make engines)")
    registry = os.environ.get("MYDOCKER_TEST_BUILD_REGISTRY", "127.0.0.1:5000")
    group = os.environ.get("MYDOCKER_TEST_BUILD_GROUP")
    buildx = os.environ.get("MYDOCKER_TEST_BUILDX", "docker-buildx")
    return BuildEngine(url, registry, buildx, int(group) if group else None)


@pytest.fixture
def settings(database_url: str, service_keys: ServiceKeys) -> BuilderSettings:
    """A builder without a real engine."""
    return BuilderSettings(
        database_url=SecretStr(database_url),
        service_key=service_keys.private["mydocker-builder"],
        trusted_service_keys=service_keys.folder,
        build_engine_url="unix:///nonexistent.sock",
    )


@pytest.fixture
def identity(service_keys: ServiceKeys) -> ServiceIdentity:
    """Who calls: api."""
    pem = service_keys.private["mydocker-api"].get_secret_value()
    return ServiceIdentity.load("mydocker-api", pem)


@pytest.fixture
def open_builder(identity: ServiceIdentity) -> OpenBuilder:
    """Opens a builder in this process and a client to it."""

    @asynccontextmanager
    async def opened(
        settings: BuilderSettings, engine: Engine | None = None, clock: Clock = utc_now
    ) -> AsyncIterator[BuilderClient]:
        app = build(settings, engine=engine, clock=clock)
        transport = httpx.ASGITransport(app=app)
        service = ServiceClient("http://builder", AUDIENCE, identity, utc_now, transport)
        async with app.router.lifespan_context(app):
            client = BuilderClient(service)
            try:
                yield client
            finally:
                await client.aclose()

    return opened
