"""An open desktop, and the cards of ports that no browser opens: pictures, axe, and the words."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Page, Route, expect
from tests.system import pages
from tests.system.campus import Campus, Student
from tests.system.conftest import NewContext
from tests.system.desktops import BUILD_SECONDS, DESKTOP, TITLE, Screen, publish_desktop
from tests.system.own_campus import UP_SECONDS
from tests.system.screens.album import Album, Look
from tests.system.screens.test_screens_window import Seat, seated

PERSON = "lucas-moreau"
LOGIN, HOST, MACHINE = "strange_mcclintock", "labs.example.org", "cpu-3.labs.example.org"
PRINT = "SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
WINDOW = re.compile("/api/courses/[^/]+/window$")


def _tunnel(number: int) -> dict[str, Any]:
    command = f"ssh -p 2222 -N -L {number}:localhost:{number} {LOGIN}@{HOST}"
    there = {"host": "localhost", "host_port": number}
    return {**there, "tunnel_command": command, "fingerprint": PRINT}


def _machine(number: int) -> dict[str, Any]:
    return {"host": MACHINE, "host_port": number, "direct": True}


def _card(number: int, kind: str, title: str, **facts: Any) -> dict[str, Any]:
    return {"port": number, "title": title, "kind": kind, "primary": kind == "vnc", **facts}


TUNNELS = [
    _card(5901, "vnc", TITLE, **_tunnel(5901)),
    _card(5432, "tcp", "PostgreSQL", **_tunnel(5432)),
]
"""Of a school whose students sit elsewhere: the campus of the tests is one machine."""
_SSH = {
    "command": f"ssh -p 20016 {LOGIN}@{MACHINE}",
    "bastion_command": f"ssh -p 2222 {LOGIN}@{HOST}",
}
DIRECT = [
    _card(5901, "vnc", TITLE, **_machine(20017)),
    _card(22, "ssh", "SSH", **_machine(20016), **_SSH),
    _card(5432, "tcp", "PostgreSQL", **_machine(20018)),
]
"""Of a pool with direct ports, which one machine alone cannot have."""


@pytest.fixture
def seat(campus: Campus, teacher: Student, new_context: NewContext) -> Iterator[Seat]:
    """A student whose desktop runs."""
    publish_desktop(teacher)
    with seated(campus, new_context, PERSON, DESKTOP) as seat:
        if seat.student.window()["state"] != "ready":
            seat.student.start()
        seat.sees("Your environment is running.", 60)
        yield seat


@pytest.mark.timeout(UP_SECONDS + BUILD_SECONDS)
def test_a_desktop_and_the_cards_of_what_no_browser_opens(seat: Seat) -> None:
    _desktop(seat)
    for name, ways in (("window-tunnels", TUNNELS), ("window-direct-ports", DIRECT)):
        _answer(seat.page, ways)
        seat.page.reload()
        cards = seat.page.get_by_role("article")
        expect(cards.filter(has_text="PostgreSQL")).to_be_visible()
        for folded in seat.page.locator("summary").all():
            folded.click()
        seat.album.take(name)


def _desktop(seat: Seat) -> None:
    page = pages.open_port(seat.page.main_frame, seat.page.context, TITLE)
    screen, open_desktop = Screen(page), Album(page)
    screen.is_drawn()
    screen.open_terminal()

    def show(look: Look) -> None:
        page.set_viewport_size(look.size)
        page.reload()
        screen.is_drawn(0.9)

    open_desktop.take_served("desktop", show)
    open_desktop.check()
    page.close()


def _answer(page: Page, cards: list[dict[str, Any]]) -> None:
    """The window as it is, but for its cards."""

    def answer(route: Route) -> None:
        response = route.fetch()
        route.fulfill(response=response, json={**response.json(), "connections": cards})

    page.unroute(WINDOW)
    page.route(WINDOW, answer)
