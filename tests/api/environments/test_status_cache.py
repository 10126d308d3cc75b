"""What the api knows of environments after it was away, and what it does when it knows nothing."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from tests.api.campus import Campus
from tests.api.environments.windows import ready, window
from tests.conftest import ServiceKeys
from tests.support.fakes.orchestrator import FakeOrchestrator
from tests.support.serving import serving

from mydocker_api.feed import Feed
from mydocker_api.main import build
from mydocker_api.metrics import ROUTE_COUNT
from mydocker_api.orchestration.status_cache import StatusCache
from mydocker_kit.clients.orchestrator import AUDIENCE, OrchestratorClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus, Phase
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity


def a_status(version: int, *, id: UUID | None = None) -> EnvironmentStatus:
    now = utc_now()
    return EnvironmentStatus(
        id=id or uuid4(),
        owner_id=uuid4(),
        course_id=uuid4(),
        session_id=None,
        attempt=1,
        version=version,
        phase=Phase.READY,
        since=now,
        asked_at=now,
        ready_at=now + timedelta(seconds=1),
    )


async def test_loading_reads_every_page_and_says_from_where_to_follow(
    orchestrator: FakeOrchestrator, service_keys: ServiceKeys, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mydocker_api.orchestration.status_cache.PAGE", 10)
    for number in range(1, 36):
        status = a_status(number)
        orchestrator.statuses[status.id] = status
    pem = service_keys.private["mydocker-api"].get_secret_value()
    async with serving(orchestrator.app) as address:
        identity = ServiceIdentity.load("mydocker-api", pem)
        client = OrchestratorClient(ServiceClient(address, AUDIENCE, identity, utc_now))
        statuses = StatusCache(Feed())
        assert await statuses.load(client) == 35
        await client.aclose()
    assert len(statuses.alive()) == 35


def test_the_highest_version_wins_in_any_order() -> None:
    statuses, id = StatusCache(Feed()), uuid4()
    for version in (2, 5, 3):
        statuses.apply(a_status(version, id=id))
    status = statuses.get(id)
    assert status is not None
    assert status.version == 5


def test_the_routes_are_those_that_are_ready() -> None:
    statuses, id = StatusCache(Feed()), uuid4()
    before = routes()
    statuses.apply(a_status(1, id=id))
    statuses.apply(a_status(2, id=id))
    assert routes() == before + 1
    statuses.apply(a_status(3, id=id).model_copy(update={"phase": Phase.STOPPING}))
    assert routes() == before


def routes() -> float:
    [metric] = ROUTE_COUNT.collect()
    return metric.samples[0].value


async def test_who_asks_too_early_waits_for_the_first_news(
    orchestrator: FakeOrchestrator, service_keys: ServiceKeys
) -> None:
    pem = service_keys.private["mydocker-api"].get_secret_value()
    statuses = StatusCache(Feed())
    assert not await statuses.await_loaded(0.01)
    early = asyncio.ensure_future(statuses.await_loaded(30))
    async with serving(orchestrator.app) as address:
        identity = ServiceIdentity.load("mydocker-api", pem)
        client = OrchestratorClient(ServiceClient(address, AUDIENCE, identity, utc_now))
        await statuses.load(client)
        await client.aclose()
    assert await early
    assert await statuses.await_loaded(0)


async def test_a_new_api_knows_what_runs(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    async with serving(build(campus.services.settings)) as address:
        second = Campus(
            address,
            campus.gateway_client,
            campus.gateway,
            campus.orchestrator,
            campus.builder,
            None,
        ).signed_in(ada.arrival)
        async with httpx.AsyncClient(base_url=address, timeout=30) as http:
            while (await http.get("/health/ready")).status_code != 200:
                pass
        shown = await window(second, course)
        assert (shown["state"], shown["progress"]) == ("ready", None)
        await second.http.aclose()


async def test_without_news_no_guess_is_shown(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    campus.orchestrator.away = True
    settings = campus.services.settings.model_copy(update={"log_level": "ERROR"})
    async with serving(build(settings)) as address:
        blind = Campus(
            address,
            campus.gateway_client,
            campus.gateway,
            campus.orchestrator,
            campus.builder,
            None,
        ).signed_in(ada.arrival)
        path = f"/api/courses/{course}/window"
        assert await blind.refused("GET", path) == (503, "status_unknown")
        assert (await blind.http.get("/health/ready")).status_code == 503
        assert (await blind.http.get("/health/live")).status_code == 200
        await blind.http.aclose()
