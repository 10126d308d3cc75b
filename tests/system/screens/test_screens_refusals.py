"""Pages of those who may not pass, written by servers: gateway, edge, environments, demo LMS."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from urllib.parse import urlencode

import pytest
from deploy.machine.processes import Supervisor
from playwright.sync_api import Page, Route, expect
from tests.support.waiting import eventually
from tests.system import pages
from tests.system.campus import Campus, Student, stopped
from tests.system.conftest import TEACHER, NewContext
from tests.system.courses import OPENSSL
from tests.system.screens.album import FIRST, LOOKS, TWO, Album, Look

REFERENCE = re.compile("^[2-9A-Z]{4}-[2-9A-Z]{4}$")


@pytest.fixture
def album(new_context: NewContext) -> Album:
    return Album(new_context(reduced_motion="reduce").new_page())


def refused(page: Page, words: str) -> None:
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile(words))
    expect(page.get_by_text(REFERENCE)).to_be_visible()


def test_the_gateway_refuses_in_words(campus: Campus, album: Album) -> None:
    page = album.page
    begin = {"login_hint": "1", "target_link_uri": f"{campus.app}/lti/launch"}
    unknown = urlencode({"iss": "https://lms.example.org", **begin})
    for name, path in (
        ("gateway-unknown-platform", f"/lti/login?{unknown}"),
        ("gateway-opened-directly", "/lti/launch"),
    ):
        address = f"{campus.app}{path}"

        def show(_: Look, address: str = address) -> None:
            page.goto(address)

        album.take_served(name, show)
    refused(page, "already used")
    album.check()


def test_the_gateway_says_what_the_lms_answered(campus: Campus, album: Album) -> None:
    """Somebody else signed in at the LMS in the meantime: it denies, and we say so."""
    page = album.page

    def as_somebody_else(route: Route) -> None:
        body = (route.request.post_data or "").replace("login_hint=5", "login_hint=6")
        route.continue_(post_data=body)

    with Student(campus.instance, "amina-benali") as student:
        launch = student.launch_url(OPENSSL)
    page.route("**/lti/login", as_somebody_else)

    def show(look: Look) -> None:
        page.goto(f"{launch}?lang={look.language}")
        page.wait_for_url("**/lti/launch")

    album.take_served("gateway-lms-error", show, TWO)
    refused(page, "did not confirm the entry")
    album.check()


def test_a_browser_that_refuses_all_cookies_gets_a_page(campus: Campus, album: Album) -> None:
    page = album.page

    def forget(route: Route) -> None:
        page.context.clear_cookies(domain="localhost")
        route.continue_()

    page.route("**/lti/launch", forget)
    with Student(campus.instance, "amina-benali") as student:
        launch = student.launch_url(OPENSSL)

    def show(look: Look) -> None:
        page.goto(f"{launch}?lang={look.language}")
        page.wait_for_url("**/lti/launch")

    album.take_served("gateway-cookies", show)
    refused(page, "refuses all cookies")
    album.check()


def test_refusals_of_environments(campus: Campus, album: Album, new_context: NewContext) -> None:
    """Unknown, signed out, somebody else's, from elsewhere, starting, stopped."""
    page, person = album.page, "amina-benali"
    stopped(campus.instance, person, OPENSSL)
    window = pages.open_activity(page, campus, person, OPENSSL)
    pages.start(window)
    mine = pages.open_port(window, page.context, "Exercises / Exercices")
    entry, address = Album(mine), mine.url
    expect(mine.get_by_role("heading", name="OpenSSL practice")).to_be_visible()
    entry.keep("exercises", LOOKS[3])
    port, fresh = campus.instance.ports.edge, count()

    def show(url: str) -> None:
        # A new address each time, or the browser would show what it kept of the environment.
        entry.page.goto(f"{url}?{next(fresh)}")

    entry.take_served("door-unknown", lambda _: show(f"http://nobody.env.localhost:{port}/"))
    other = of_somebody_else(address)
    entry.take_served("door-signed-out", lambda _: show(other), TWO)
    cookie = next(
        cookie
        for cookie in page.context.cookies(address)
        if cookie["name"].startswith("__Host-mydocker")
    )
    # Browsers never send it there; a thief would.
    here = other.replace("http:", "https:")
    page.context.add_cookies(
        [{"name": cookie["name"], "value": cookie["value"], "url": here, "secure": True}]
    )
    entry.take_served("door-not-yours", lambda _: show(other), TWO)

    def await_waiting(state: str) -> None:
        """Load the address until the edge answers with its waiting page for `state`."""

        def waits() -> bool:
            answer = entry.page.goto(f"{address}?{next(fresh)}")
            return answer is not None and answer.headers.get("x-mydocker-state") == state

        eventually(waits, f"the waiting page for {state!r}", 30)

    with Student(campus.instance, person) as student:
        student.open_activity(OPENSSL)
        with polls_held(mine):
            student.api("POST", f"/api/courses/{student.course_id}/environment/restart")
            entry.take_served("door-starting", lambda _: await_waiting("starting"), FIRST)
        student.await_state("ready")
        # The page looks again by itself.
        expect(mine.get_by_text("Your environment is starting")).to_be_hidden(timeout=20_000)
        student.stop()
        student.await_state("stopped")
        entry.take_served("door-stopped", lambda _: await_waiting("stopped"))
    entry.check()


@contextmanager
def polls_held(page: Page) -> Iterator[None]:
    """Abort the requests by which a waiting page asks whether it may open the environment.

    The environment may become ready at any moment: without this, the page would be replaced
    while its picture is taken.
    """

    def hold(route: Route) -> None:
        if route.request.method == "HEAD":
            route.abort()
        else:
            route.fallback()

    page.route("**", hold)
    try:
        yield
    finally:
        page.unroute("**", hold)


def of_somebody_else(address: str) -> str:
    """The address of an environment that is not this one."""
    name, rest = address.split(".", 1)
    return f"{name[:-1]}{'a' if name[-1] != 'a' else 'b'}.{rest}"


@contextmanager
def away(campus: Campus, program: str) -> Iterator[None]:
    """A service that stays away until the end."""
    supervisor = Supervisor(campus.instance)
    supervisor.stop(program)
    try:
        yield
    finally:
        supervisor.start(program)
        campus.await_back(program, 0)


def test_a_part_of_the_platform_away(campus: Campus, album: Album, teacher: Student) -> None:
    page = pages.open_dashboard(album.page, campus, TEACHER)
    inside, launch = Album(page), teacher.launch_url(OPENSSL)
    with away(campus, "api"):
        page.goto(f"{campus.app}/dashboard/courses")
        expect(page.get_by_text("does not answer").first).to_be_visible(timeout=60_000)
        inside.take("away-dashboard", TWO)
        album.take_served(
            "away-launch", lambda look: album.page.goto(f"{launch}?lang={look.language}"), TWO
        )
        address = f"http://nobody.env.localhost:{campus.instance.ports.edge}/"
        # The same page, and it comes when the edge has tried for ten seconds.
        album.take_served("away-door", lambda _: album.page.goto(address), FIRST)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("link", name=re.compile(OPENSSL)).first).to_be_visible(timeout=30_000)
    inside.check()
    album.check()


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("lms-campus", "/"),
        ("lms-student", "/as/amina-benali/"),
        ("lms-teacher", f"/as/{TEACHER}/"),
        ("lms-new", f"/as/{TEACHER}/activities/new"),
        ("lms-grades", f"/as/{TEACHER}/grades"),
        ("lms-nobody", "/as/nobody/"),
    ],
)
def test_the_lms(campus: Campus, album: Album, name: str, path: str) -> None:
    def show(look: Look) -> None:
        album.page.goto(f"{campus.lms}{path}?lang={look.language}")

    album.take_served(name, show, () if name in ("lms-teacher", "lms-new") else TWO)
    album.check()


def test_a_launch_of_the_lms_works_once(campus: Campus, album: Album) -> None:
    """Back, then forward: the LMS itself says that a launch cannot be used again."""
    page, asked = album.page, list[str]()
    page.on(
        "request", lambda request: asked.append(request.url) if "/auth?" in request.url else None
    )
    with Student(campus.instance, "amina-benali") as student:
        page.goto(student.launch_url(OPENSSL))
    expect(page.locator("[data-tone]").first).to_be_visible()
    assert eventually(lambda: asked, "the LMS was asked", 5)
    album.take_served("lms-launch-used", lambda _: page.goto(asked[0]), TWO)
    album.check()
