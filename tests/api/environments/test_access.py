"""The way into an environment: ticket, cookie, route."""

from urllib.parse import urlsplit

import httpx
from tests.api.campus import Campus, Person
from tests.api.environments.windows import in_state, ready

from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.outgoing.certificates import trusted_certificates


class Browser:
    """A browser in front of the edge, at one host."""

    def __init__(self, campus: Campus, host: str) -> None:
        self.host = host
        self.http = httpx.AsyncClient(
            base_url=campus.address, verify=trusted_certificates(), trust_env=False, timeout=30
        )
        self.cookie: str | None = None

    async def enter(self, ticket: str, **headers: str) -> httpx.Response:
        response = await self.http.post(
            "/access/enter", data={"ticket": ticket}, headers={"Host": self.host, **headers}
        )
        if response.status_code == 303:
            self.cookie = response.cookies["__Host-mydocker-access"]
        self.http.cookies.clear()  # what the edge hands on is said below
        return response

    async def route(self, **headers: str) -> httpx.Response:
        asked = {"X-Forwarded-Host": self.host, **headers}
        if self.cookie:
            asked["Cookie"] = f"__Host-mydocker-access={self.cookie}"
        return await self.http.get("/access/route", headers=asked)


async def opened(campus: Campus, person: Person, course: str) -> tuple[str, str]:
    """Host and ticket of the person's web port."""
    answer = await person.post(f"/api/courses/{course}/environment/ports/8888/open")
    assert answer["url"].endswith("/_mydocker/enter")
    return urlsplit(answer["url"]).netloc, answer["ticket"]


async def test_a_ticket_opens_once_and_the_cookie_routes(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    host, ticket = await opened(campus, ada, course)
    assert host.endswith(".env.localhost:8000")
    browser = Browser(campus, host)
    assert (await browser.route()).status_code == 401

    entered = await browser.enter(ticket, Origin="http://localhost:8000")
    assert (entered.status_code, entered.headers["location"]) == (303, "/")
    cookie = entered.headers["set-cookie"]
    for part in ("HttpOnly", "Secure", "Path=/", "SameSite=lax"):
        assert part in cookie
    assert "Domain" not in cookie
    passed = await browser.route()
    assert (passed.status_code, passed.headers["X-Upstream"]) == (200, "127.0.0.1:32769")
    again = await browser.enter(ticket)
    assert again.status_code == 401
    await browser.http.aclose()


async def test_a_cookie_opens_its_own_host_alone(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    await ready(campus, ada, course)
    await ready(campus, bob, course)
    ada_host, ada_ticket = await opened(campus, ada, course)
    bob_host, bob_ticket = await opened(campus, bob, course)
    assert ada_host != bob_host
    browser = Browser(campus, ada_host)
    assert (await browser.enter(bob_ticket)).status_code == 403
    assert (await browser.enter(ada_ticket)).status_code == 303
    browser.host = bob_host
    assert (await browser.route()).status_code == 403
    browser.host = "localhost:8000"
    assert (await browser.route()).status_code == 404
    await browser.http.aclose()


async def test_other_pages_get_neither_websocket_nor_post(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    host, ticket = await opened(campus, ada, course)
    browser = Browser(campus, host)
    for origin in ("http://evil.example", "null", f"http://{host}"):
        foreign = await browser.enter(ticket, Origin=origin)
        assert foreign.status_code == 403
        assert "set-cookie" not in foreign.headers
    await browser.enter(ticket)
    upgrade = {"X-Forwarded-Upgrade": "websocket"}
    own = {"Origin": f"http://{host}"}
    other = {"Origin": "http://eaaaaaaaaaaaaaaaaaaaaaaaaa.env.localhost:8000"}
    assert (await browser.route(**upgrade, **own)).status_code == 200
    assert (await browser.route(**upgrade, **other)).status_code == 403
    assert (await browser.route(**upgrade)).status_code == 403
    post = {"X-Forwarded-Method": "POST"}
    assert (await browser.route(**post, **own)).status_code == 200
    assert (await browser.route(**post, **other)).status_code == 403
    hidden = {**post, "Origin": "null"}
    assert (await browser.route(**hidden, **{"Sec-Fetch-Site": "same-origin"})).status_code == 200
    for site in ({}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "cross-site"}):
        assert (await browser.route(**hidden, **site)).status_code == 403
    await browser.http.aclose()


async def test_what_has_stopped_says_so_in_the_readers_language(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    host, ticket = await opened(campus, ada, course)
    browser = Browser(campus, host)
    await browser.enter(ticket)
    await campus.orchestrator.end(id, Phase.STOPPED)
    await in_state(ada, course, "stopped")
    gone = await browser.route(**{"Accept-Language": "fr", "Accept": "text/html"})
    assert gone.status_code == 503
    assert "arrêté" in gone.text
    assert gone.headers["cache-control"] == "no-store"

    await ada.post(f"/api/courses/{course}/environment/start")
    starting = await browser.route()
    assert (starting.status_code, starting.json()["code"]) == (503, "environment_queued")
    await campus.orchestrator.ready(id)
    await in_state(ada, course, "ready")
    assert (await browser.route()).status_code == 200  # the label is stable
    await browser.http.aclose()


async def test_only_web_ports_are_opened(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    for port, status in ((22, 404), (9999, 404), (0, 422), (70000, 422)):
        path = f"/api/courses/{course}/environment/ports/{port}/open"
        assert (await ada.refused("POST", path))[0] == status


async def test_malformed_edge_requests_are_refused(campus: Campus) -> None:
    host = "e" + "a" * 25 + ".env.localhost:8000"
    browser = Browser(campus, host)
    for ticket in ("", "x", "a.b.c", "x" * 10_000):
        assert (await browser.enter(ticket)).status_code == 401
    browser.cookie = "forged"
    assert (await browser.route()).status_code == 401
    await browser.http.aclose()
