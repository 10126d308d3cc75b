"""Screens that a whole campus shows only after long preparation, from the page's fake api.

The page is served from its sources with `VITE_MOCKS=1`; answers that a screen needs are put before
those of the fake api. Pictures, axe and the width are checked as for every other screen.
"""

import os
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest
from deploy.machine.instance import ROOT
from playwright.sync_api import Locator, Page, expect
from tests.system.conftest import NewContext
from tests.system.screens.album import TWO, Album

_ANSWERS = """
let inner = window.fetch
const known = () => JSON.parse(sessionStorage.getItem("answers") ?? "[]")
window.answer = (path, body, status) =>
  sessionStorage.setItem("answers", JSON.stringify([...known(), { path, body, status }]))
Object.defineProperty(window, "fetch", {
  get: () => async (input, init) => {
    const { pathname } = new URL(input.url ?? input, location.href)
    const given = known().findLast(({ path }) => pathname === path)
    if (!given) return inner(input, init)
    const headers = { "content-type": "application/json" }
    return new Response(JSON.stringify(given.body), { status: given.status, headers })
  },
  set: (fetch) => { inner = fetch },
})
"""
"""Runs before the page: `answer` decides what a path answers, before the fake api is asked."""


def uuid(group: int, number: int) -> str:
    """The fake api's ids."""
    return f"{group:08}-0000-4000-8000-{number:012}"


MOODLE = f"/dashboard/operate/platforms/{uuid(8, 1)}"
STATISTICS, FAILED = uuid(1, 1), uuid(1, 4)


@pytest.fixture(scope="module")
def page_url() -> Iterator[str]:
    """The page with its fake api, on a port of its own."""
    given = os.environ.get("MYDOCKER_PAGE")
    if given:
        yield given
        return
    command = ["node_modules/.bin/vite", "--host", "127.0.0.1", "--port", "0"]
    mocked = {**os.environ, "VITE_MOCKS": "1", "NO_COLOR": "1"}
    with subprocess.Popen(
        command, cwd=ROOT / "frontend", env=mocked, stdout=subprocess.PIPE, text=True
    ) as vite:
        try:
            assert vite.stdout
            addresses = (re.search(r"http://127\.0\.0\.1:\d+", line) for line in vite.stdout)
            yield next(address[0] for address in addresses if address)
        finally:
            vite.terminate()


@pytest.fixture
def album(new_context: NewContext, page_url: str) -> Album:
    page = new_context(reduced_motion="reduce", base_url=page_url).new_page()
    page.add_init_script(_ANSWERS)
    arrive(page, "/dashboard/courses")
    return Album(page)


def arrive(page: Page, path: str) -> None:
    page.goto(path, timeout=150_000, wait_until="commit")
    expect(page.get_by_role("heading", level=1)).to_be_visible(timeout=150_000)


def answer(page: Page, path: str, body: object, status: int = 200) -> None:
    page.evaluate("([path, body, status]) => answer(path, body, status)", [path, body, status])


def ask(page: Page, path: str) -> Any:
    """What the fake api answers."""
    return page.evaluate("async (path) => (await (await fetch(path)).json())", path)


def button(page: Page, *names: str) -> Locator:
    return page.get_by_role("button", name=re.compile(f"^({'|'.join(names)})$"))


def test_disabling_a_platform_says_what_it_ends(album: Album) -> None:
    arrive(album.page, MOODLE)

    def opens() -> None:
        button(album.page, "Disable", "Désactiver").first.click()
        expect(album.page.get_by_role("dialog").get_by_text("37")).to_be_visible()

    album.take("platform-disable", opens=opens)
    album.check()


def test_another_key_set_of_an_issuer_asks_for_a_yes(album: Album) -> None:
    arrive(album.page, f"{MOODLE}/change")

    def opens() -> None:
        keys = album.page.locator("input[value*='/jwks'], input[value*='certs.php']").first
        keys.fill("https://moodle.example.edu/tenant-b/jwks")
        button(album.page, "Save", "Enregistrer").click()
        expect(album.page.get_by_role("dialog").get_by_role("checkbox")).to_be_visible()

    album.take("platform-shared-issuer", opens=opens)
    album.check()


def test_a_score_asks_for_the_activity_where_there_are_several(album: Album) -> None:
    arrive(album.page, f"/dashboard/courses/{STATISTICS}/people")

    def opens() -> None:
        row = album.page.get_by_role("row", name=re.compile("Chloé Durand"))
        row.get_by_role("button", name=re.compile("^(Envoyer une note|Send a score)")).click()
        expect(album.page.get_by_role("dialog")).to_be_visible()

    album.take("score-activity", opens=opens)
    album.check()


def test_the_code_of_a_tab_names_its_account(album: Album) -> None:
    account = {"name": "Amina Benali", "email": "amina.benali@example.edu"}
    answer(album.page, "/lti/tabs/account", account)
    arrive(album.page, "/enter#tab=secret")
    expect(album.page.get_by_text("amina.benali@example.edu")).to_be_visible()
    album.take("tab-account")
    album.check()


def test_linking_says_what_moves(album: Album) -> None:
    request = {
        "id": uuid(3, 1),
        "expires_at": "2200-01-01T00:00:00Z",
        "mine": {"name": "Amina Benali", "issuers": ["https://moodle.example.edu"]},
        "other": {"name": "A. Benali", "issuers": ["https://id.example.edu"]},
        "moving": {
            "courses": 2,
            "images": 1,
            "memberships": 3,
            "environments": 1,
            "ssh_keys": 0,
            "operates": False,
            "may_build": True,
            "running": 1,
            "set_aside": ["Databases"],
        },
    }
    answer(album.page, f"/api/account/link-requests/{uuid(3, 1)}", request)
    answer(album.page, "/lti/sign-in/providers", [])
    arrive(album.page, f"/account?link={uuid(3, 1)}")
    album.take("account-link")
    album.check()


@pytest.mark.parametrize("reason", ["replaced", "signed_out", "platform_disabled"])
def test_a_session_that_ended_says_why(album: Album, reason: str) -> None:
    answer(album.page, "/api/courses", over(reason), 401)
    album.page.get_by_role("searchbox").fill("statistics")
    expect(album.page.get_by_role("searchbox")).to_be_hidden()
    album.take(f"ended-{reason}", () if reason == "replaced" else TWO)
    album.check()


def over(reason: str) -> dict[str, object]:
    parameters = {"reason": reason}
    return {"code": "web_session_over", "status": 401, "title": "", "parameters": parameters}


_PORT_PROBLEMS = (
    "nothing_listens",
    "loopback_only",
    "ipv6_only",
    "tls_only",
    "no_tls",
    "unavailable",
    "other_protocol",
    "no_answer",
)


@pytest.mark.parametrize("problem", _PORT_PROBLEMS)
def test_a_silent_port_says_what_was_seen(album: Album, problem: str) -> None:
    window = ask(album.page, f"/api/courses/{FAILED}/window")
    window["reason"]["parameters"] = {"port": 8888, "problem": problem}
    answer(album.page, f"/api/courses/{FAILED}/window", window)
    arrive(album.page, f"/courses/{FAILED}/window")
    album.take(f"window-port-{problem.replace('_', '-')}", TWO if problem != "tls_only" else ())
    album.check()


def test_a_program_that_ends_at_once_says_so(album: Album) -> None:
    window = ask(album.page, f"/api/courses/{FAILED}/window")
    window["reason"] |= {"code": "ended_by_itself", "parameters": {}}
    answer(album.page, f"/api/courses/{FAILED}/window", window)
    arrive(album.page, f"/courses/{FAILED}/window")
    album.take("window-ended-at-once", TWO)
    album.check()


def test_many_sessions_are_paged(album: Album) -> None:
    path = f"/api/courses/{STATISTICS}/sessions"
    sessions = ask(album.page, path)
    first = sessions["items"][0]
    items = [{**first, "id": uuid(4, number), "title": f"Lab {number}"} for number in range(25)]
    answer(album.page, path, {**sessions, "items": items, "total": 60})
    arrive(album.page, f"/dashboard/courses/{STATISTICS}/sessions")
    expect(album.page.get_by_text(re.compile("1–25"))).to_be_visible()
    album.take("course-sessions-paged")
    album.check()
