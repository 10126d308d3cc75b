"""A web session that ends takes its token, its streams and its cookies along, at once."""

import asyncio

import httpx
from tests.api.campus import Campus, Person, an_image
from tests.api.environments.test_access import Browser, opened
from tests.api.environments.windows import ready
from tests.api.http.test_events import listening
from tests.api.operating.fake_platforms import FakePlatforms
from tests.api.operating.test_platforms import DRAFT
from tests.api.people.test_accounts import proves
from tests.support.waiting import until

from mydocker_api.domain.statuses import RequestedState
from mydocker_api.models import Environment
from mydocker_api.people.directory.disabled_platforms import DisabledPlatformsLoop
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.postgres.db import transaction


async def refusal(person: Person) -> str:
    """The code `/api/me` answers with; empty when it answers."""
    response = await person.http.get("/api/me")
    return "" if response.is_success else str(response.json()["code"])


async def over(person: Person) -> None:
    async def refused() -> bool:
        return await refusal(person) == "web_session_over"

    await until(refused)


async def test_an_ended_session_has_no_use_for_its_fresh_token(campus: Campus) -> None:
    ada, bob = await campus.launch("ada"), await campus.launch("bob")
    await campus.gateway.end(ada.web_session_id)
    await over(ada)
    assert (await ada.http.get("/api/me")).status_code == 401
    assert await refusal(bob) == ""


async def test_entering_again_works(campus: Campus) -> None:
    ada = await campus.launch("ada")
    await campus.gateway.end(ada.web_session_id, SessionEnd.REUSE)
    await over(ada)
    assert await refusal(await campus.launch("ada")) == ""


async def test_the_event_stream_of_an_ended_session_says_why_and_closes(campus: Campus) -> None:
    ada, bob = await campus.launch("ada"), await campus.launch("bob")
    async with listening(bob) as to_bob, listening(ada) as to_ada:
        await campus.gateway.end(ada.web_session_id, SessionEnd.REPLACED)

        async def has_events() -> bool:
            return bool(to_ada)

        await until(has_events)
        assert to_ada == [{"reason": "replaced"}]
        assert to_bob == [], "sessions are nobody else's news"
    refused = await ada.http.get("/api/me")
    assert refused.json()["parameters"] == {"reason": "replaced"}


async def test_cookies_of_environments_end_with_the_session_that_made_them(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    host, ticket = await opened(campus, ada, course)
    _, unused = await opened(campus, ada, course)
    browser = Browser(campus, host)
    await browser.enter(ticket)
    assert (await browser.route()).status_code == 200
    await campus.gateway.end(ada.web_session_id)
    await over(ada)
    assert (await browser.route()).status_code == 401
    assert (await browser.enter(unused)).status_code == 401
    await browser.http.aclose()


async def test_what_ended_while_the_gateway_was_out_of_reach_is_caught_up(campus: Campus) -> None:
    ada, bob = await campus.launch("ada"), await campus.launch("bob")
    campus.gateway.away = True
    await campus.gateway.notify()
    await campus.gateway.end(ada.web_session_id)
    assert await refusal(bob) == ""
    campus.gateway.away = False
    await over(ada)
    assert await refusal(bob) == ""


async def test_the_log_of_a_build_breaks_off_with_the_session(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = await teacher.post("/api/images", an_image())
    campus.builder.outcome = BuildPhase.BUILDING
    build = await teacher.post(f"/api/images/{image['id']}/builds")
    connected = asyncio.Event()

    async def read() -> None:
        path = f"/api/builds/{build['id']}/log/stream"
        async with teacher.http.stream("GET", path, timeout=httpx.Timeout(30)) as response:
            async for _ in response.aiter_lines():
                connected.set()

    reading = asyncio.ensure_future(read())
    await asyncio.wait_for(connected.wait(), 15)
    await campus.gateway.end(teacher.web_session_id)
    await asyncio.wait_for(reading, 100)


async def test_what_runs_of_a_closed_platforms_people_stops(campus: Campus) -> None:
    """Or an open WebSocket would go on; who may come in by another way is left alone."""
    platforms = FakePlatforms()
    platforms.add_to(campus.gateway.app)
    operator, teacher = await campus.operator(), await campus.teacher()
    course = await campus.course(teacher)
    ada, grace = await campus.student(course), await campus.student(course, "bob")
    for person in (ada, grace):
        await ready(campus, person, course)
    await grace.post(f"{await proves(campus, grace)}/accept")
    added = await operator.post("/api/platforms", DRAFT)
    another = await operator.post("/api/platforms", {**DRAFT, "client_id": "second"})
    await DisabledPlatformsLoop.of(campus.services).step()
    await operator.post(f"/api/platforms/{added['id']}/disable")
    await DisabledPlatformsLoop.of(campus.services).step()
    assert campus.orchestrator.stops == [], "the platform's other client lets people in"
    await operator.post(f"/api/platforms/{another['id']}/disable")
    await campus.gateway.end(ada.web_session_id, SessionEnd.PLATFORM_DISABLED)

    async def stopped() -> bool:
        return bool(campus.orchestrator.stops)

    await until(stopped)
    assert [stop.reason for stop in campus.orchestrator.stops] == [ReasonCode.PLATFORM_DISABLED]
    async with transaction(campus.app.state.sessions) as db:
        rows = [
            await db.get_one(Environment, campus.environment(course, person))
            for person in (ada, grace)
        ]
    assert [row.wanted for row in rows] == [RequestedState.STOPPED, RequestedState.RUNNING]
