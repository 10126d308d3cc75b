"""An api to call, over real PostgreSQL and real HTTP."""

from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import pytest
from pydantic import SecretStr

from mydocker_api.main import build
from mydocker_api.settings import Settings
from mydocker_kit.clients.api import AUDIENCE, ApiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust
from tests.api.campus import Campus, Person
from tests.api.operating.fake_platforms import FakePlatforms
from tests.conftest import ServiceKeys
from tests.support.fakes.builder import FakeBuilder
from tests.support.fakes.gateway import FakeGateway
from tests.support.fakes.orchestrator import FakeOrchestrator
from tests.support.generated.declared import DeclaredAnswers
from tests.support.serving import all_serving, serving

COOKIE_KEY = "k" * 40


def trust_of(keys: ServiceKeys, service: str) -> ServiceTrust:
    return ServiceTrust.load(service, keys.folder)


@pytest.fixture
def orchestrator(
    service_keys: ServiceKeys, tmp_path_factory: pytest.TempPathFactory
) -> FakeOrchestrator:
    trust = trust_of(service_keys, "mydocker-orchestrator")
    return FakeOrchestrator(trust, tmp_path_factory.mktemp("machine"))


@pytest.fixture
def builder(service_keys: ServiceKeys) -> FakeBuilder:
    return FakeBuilder(trust_of(service_keys, "mydocker-builder"))


@pytest.fixture
def gateway(service_keys: ServiceKeys) -> FakeGateway:
    return FakeGateway(trust_of(service_keys, "mydocker-lti-gateway"))


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    """One entry that is right and one that is broken."""
    entry = tmp_path / "openssl"
    entry.mkdir()
    (entry / "entry.json").write_text(
        '{"title": {"en": "OpenSSL", "fr": "OpenSSL (fr)"},'
        ' "description": {"en": "Practice", "fr": "Exercices"},'
        ' "ports": [{"title": "Web", "kind": "web", "number": 8080, "required": true}],'
        ' "profile": "compat", "work_path": "/work"}'
    )
    (entry / "Dockerfile").write_text("FROM debian:12\n")
    (entry / "wrapper.sh").write_text("#!/bin/sh\n")
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "entry.json").write_text("{}")
    return tmp_path


@pytest.fixture
def watched() -> Callable[[Any], Any]:
    """How somebody looks at what the api is asked and answers; nobody, unless a test does."""
    return lambda app: app


@pytest.fixture
def changes() -> dict[str, Any]:
    """Settings that a test changes. One person does in a test what many do in life."""
    return {
        "requests_per_minute": 1_000_000,
        "requests_per_address": 1_000_000,
        "catalogue_builds": "",
    }


@pytest.fixture
async def campus(
    database_url: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    orchestrator: FakeOrchestrator,
    builder: FakeBuilder,
    gateway: FakeGateway,
    catalogue: Path,
    watched: Callable[[Any], Any],
    changes: dict[str, Any],
) -> AsyncIterator[Campus]:
    """The api at work, and everything around it."""
    async with AsyncExitStack() as stack:
        fakes = all_serving(orchestrator.app, builder.app, gateway.app)
        orchestrator_url, builder_url, lti_url = await stack.enter_async_context(fakes)
        settings = Settings(
            database_url=SecretStr(database_url),
            service_key=service_keys.private["mydocker-api"],
            trusted_service_keys=service_keys.folder,
            orchestrator_url=orchestrator_url,
            builder_url=builder_url,
            lti_url=lti_url,
            app_origin="http://localhost:8000",
            user_content_origin="http://env.localhost:8000",
            vault_keys=vault_keys,
            cookie_key=SecretStr(COOKIE_KEY),
            catalogue=catalogue,
            **changes,
        )
        app = build(settings)
        declared = DeclaredAnswers(watched(app), app)
        address = await stack.enter_async_context(serving(declared))
        pem = service_keys.private["mydocker-lti-gateway"].get_secret_value()
        identity = ServiceIdentity.load("mydocker-lti-gateway", pem)
        client = ApiClient(ServiceClient(address, AUDIENCE, identity, utc_now))
        stack.push_async_callback(client.aclose)
        campus = Campus(address, client, gateway, orchestrator, builder, app)
        yield campus
        for person in campus.people.values():
            await person.http.aclose()
        assert declared.undeclared == set(), "make openapi; then see deploy/refusals"


@pytest.fixture
def platforms(campus: Campus) -> FakePlatforms:
    fake = FakePlatforms()
    fake.add_to(campus.gateway.app)
    return fake


@pytest.fixture
async def operator(campus: Campus) -> Person:
    return await campus.operator()
