"""The database is away: every answer is 503 with `Retry-After`, and nothing accepted is lost."""

import asyncio
import signal
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import httpx
import pytest

from mydocker_api.access import port_tokens
from mydocker_api.domain.edge import labels
from mydocker_kit.clock import utc_now
from tests.outages.platform import CONTENT, COOKIE_KEY, Platform, host_of
from tests.outages.routes import Route, routes
from tests.support.postgresql import StoppableDatabase

DESCRIPTIONS = {
    "api": "/api/openapi.json",
    "lti-gateway": "/openapi.json",
    "orchestrator": "/openapi.json",
    "builder": "/openapi.json",
}
PAGE = {"Accept": "text/html,application/xhtml+xml"}
WRITERS = 4
pytestmark = pytest.mark.timeout(600)


def stopped(database: StoppableDatabase) -> None:
    database.stop()


def crashed(database: StoppableDatabase) -> None:
    database.stop(signal.SIGQUIT)


def closed(database: StoppableDatabase) -> None:
    """It runs, and lets nobody in: what a failover or a full server looks like."""
    database.run("ALTER DATABASE mydocker ALLOW_CONNECTIONS false")
    database.run("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='mydocker'")


def restored(database: StoppableDatabase) -> None:
    if database.running is None:
        database.start()
    database.run("ALTER DATABASE mydocker ALLOW_CONNECTIONS true")


def is_retry_later(answer: httpx.Response) -> bool:
    """A 503 that says when to come back, and what it is."""
    if answer.status_code != 503 or int(answer.headers.get("Retry-After", "0")) < 1:
        return False
    return "text/html" in answer.headers["Content-Type"] or bool(answer.json()["code"])


async def ask(
    platform: Platform, service: str, route: Route, headers: dict[str, str]
) -> httpx.Response:
    """The answer, without the rest of what never ends."""
    url = platform.url(service, route.path)
    request = platform.http.build_request(
        route.method, url, params=route.query, json=route.body, headers=headers
    )
    answer = await platform.http.send(request, stream=True)
    if answer.status_code == 200 and "event-stream" in answer.headers["Content-Type"]:
        await answer.aclose()
        return answer
    await answer.aread()
    return answer


async def descriptions(platform: Platform) -> list[tuple[str, Route]]:
    listed = []
    for service, path in DESCRIPTIONS.items():
        answer = await platform.http.get(platform.url(service, path))
        listed += [(service, route) for route in routes(answer.json())]
    return listed


@pytest.mark.parametrize("away", [stopped, crashed, closed])
async def test_no_route_of_any_service_answers_500(
    everything: Platform, away: Callable[[StoppableDatabase], None]
) -> None:
    token, cookie = await everything.operator()
    person = {"Authorization": f"Bearer {token}"}
    me = everything.url("api", "/api/me")
    assert (await everything.http.get(me, headers=person)).status_code == 200
    known = await descriptions(everything)
    await asyncio.to_thread(away, everything.database)
    wrong, answered = [], set()

    async def look(service: str, route: Route) -> None:
        inside = service in ("orchestrator", "builder") or route.path.startswith("/internal")
        headers = everything.service_token(service) if inside else person
        if service == "lti-gateway" and not inside:
            headers = {"X-MyDocker": "1", "Cookie": cookie, **PAGE}
        answer = await ask(everything, service, route, headers)
        if is_retry_later(answer):
            answered.add(f"{service} {route.method} {route.template}")
        elif answer.status_code >= 500:
            wrong.append((service, route.method, route.template, answer.status_code, answer.text))

    slots = asyncio.Semaphore(8)

    async def bounded(service: str, route: Route) -> None:
        async with slots:
            await look(service, route)

    try:
        await asyncio.gather(*(bounded(service, route) for service, route in known))
    finally:
        await asyncio.to_thread(restored, everything.database)
    assert wrong == []
    for expected in (
        "api GET /api/me",
        "api GET /api/events",
        "api POST /api/courses",
        "api GET /api/courses/{course_id}/window",
        "lti-gateway POST /lti/tokens/refresh",
        "lti-gateway GET /lti/framing",
        "orchestrator GET /environments",
        "orchestrator GET /changes",
        "builder GET /changes",
    ):
        assert expected in answered
    await everything.until_answered("GET", me, person)


async def test_people_read_a_page(everything: Platform) -> None:
    await asyncio.to_thread(everything.database.stop)
    launch = {
        "iss": "https://lms.example",
        "login_hint": "1",
        "target_link_uri": "https://a.example",
    }
    key, user, environment = COOKIE_KEY, uuid4(), uuid4()
    label = labels.label(key.encode(), environment, 8888)
    ticket = port_tokens.issue(
        key, port_tokens.Kind.TICKET, user, environment, 8888, uuid4(), utc_now()
    )
    host = {"X-Forwarded-Host": f"{label}.{host_of(CONTENT)}"}
    for language, words in (("fr", ("ne répond pas", "quelques")), ("en", ("not answer", "few"))):
        headers = {**PAGE, "Accept-Language": language, **host}
        for method, service, path, more in (
            ("GET", "lti-gateway", "/lti/login", {"params": launch}),
            ("GET", "lti-gateway", "/lti/framing", {}),
            ("POST", "lti-gateway", "/lti/launch", {"data": {"state": "s", "id_token": "t"}}),
            ("POST", "api", "/access/enter", {"data": {"ticket": ticket}}),
        ):
            url = everything.url(service, path)
            send: dict[str, Any] = {"headers": headers, **more}
            answer = await everything.http.request(method, url, **send)
            assert (path, is_retry_later(answer)) == (path, True), answer.text
            assert f'lang="{language}"' in answer.text
            assert any(expected in answer.text for expected in words), answer.text


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGQUIT])
async def test_what_was_accepted_is_kept_and_work_goes_on_by_itself(
    everything: Platform, how: signal.Signals
) -> None:
    token, _ = await everything.operator()
    person = {"Authorization": f"Bearer {token}"}
    accepted: list[str] = []
    refused = asyncio.Event()
    over = False

    async def write(number: int) -> None:
        while not over:
            answer = await everything.http.post(
                everything.url("api", "/api/courses"),
                headers=person,
                json={"title": f"Course {number} {uuid4()}"},
            )
            if answer.status_code == 201:
                accepted.append(answer.json()["id"])
            else:
                assert is_retry_later(answer), (answer.status_code, answer.text)
                assert answer.json()["code"] in ("database_unavailable", "unavailable")
                refused.set()
                await asyncio.sleep(0.02)

    async def until_accepted(more: int) -> None:
        wanted = len(accepted) + more
        while len(accepted) < wanted:
            for writer in writers:
                assert not writer.done() or writer.result()
            await asyncio.sleep(0.02)

    writers = [asyncio.create_task(write(number)) for number in range(WRITERS)]
    async with asyncio.timeout(300):
        await until_accepted(20)
        await asyncio.to_thread(everything.database.stop, how)
        await refused.wait()
        await asyncio.to_thread(everything.database.start)
        began = asyncio.get_running_loop().time()
        await until_accepted(1)
        print(f"accepted again after {asyncio.get_running_loop().time() - began:.1f} s")
        await until_accepted(20)
        over = True
        await asyncio.gather(*writers)
    for course in accepted:
        answer = await everything.http.get(
            everything.url("api", f"/api/courses/{course}"), headers=person
        )
        assert answer.status_code == 200
    for service in everything.programs:
        await everything.until_answered("GET", everything.url(service, "/health/live"), {})
    for service in ("api", "lti-gateway", "orchestrator"):
        await everything.until_answered("GET", everything.url(service, "/health/ready"), {})


async def test_an_event_stream_hears_of_changes_again(everything: Platform) -> None:
    token, _ = await everything.operator()
    person = {"Authorization": f"Bearer {token}"}
    await asyncio.to_thread(everything.database.stop)
    events = everything.url("api", "/api/events")
    assert is_retry_later(await everything.http.get(events, headers=person))
    await asyncio.to_thread(everything.database.start)
    await everything.until_answered("GET", everything.url("api", "/health/ready"), {})
    async with everything.http.stream("GET", events, headers=person) as stream:
        lines = stream.aiter_lines()
        assert (await anext(lines)).startswith(":")
        heard = asyncio.create_task(_until_event(lines))
        while not heard.done():  # until the api listens to the database again
            await everything.http.post(
                everything.url("api", "/api/courses"), headers=person, json={"title": "Heard"}
            )
            await asyncio.wait([heard], timeout=0.5)
        assert await heard


async def _until_event(lines: object) -> bool:
    async for line in lines:  # type: ignore[attr-defined]
        if line.startswith("event: course"):
            return True
    return False
