"""The pure rules of the way into an Environment: routes, passes, pages."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from mydocker_api.access import port_tokens
from mydocker_api.access.forward_auth import COOKIE, cookie_in, request_facts
from mydocker_api.access.pages import language_of, page
from mydocker_api.domain.edge.routing import (
    BrowserRequest,
    Refusal,
    is_cross_origin,
    upstream,
    wants_page,
)
from mydocker_kit.contracts.orchestrator.environments import Address, EnvironmentStatus, Phase

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)


def a_status(phase: Phase, *addresses: Address) -> EnvironmentStatus:
    return EnvironmentStatus(
        id=uuid4(),
        owner_id=uuid4(),
        course_id=uuid4(),
        session_id=None,
        attempt=1,
        version=1,
        phase=phase,
        since=NOW,
        asked_at=NOW,
        addresses=addresses,
    )


def test_a_route_is_for_the_owner_of_what_lives() -> None:
    address = Address(port=8888, host="10.0.0.1", host_port=32768)
    status = a_status(Phase.READY, address)
    owner = status.owner_id
    assert upstream(status, owner, 8888, loaded=True) == address
    assert upstream(status, uuid4(), 8888, loaded=True) is Refusal.NOT_YOURS
    assert upstream(status, owner, 9999, loaded=True) is Refusal.STARTING
    nowhere = status.model_copy(update={"phase": Phase.QUEUED, "addresses": ()})
    assert upstream(nowhere, owner, 8888, loaded=True) is Refusal.QUEUED
    for ended, said in (
        (Phase.STOPPING, Refusal.STOPPED),
        (Phase.STOPPED, Refusal.STOPPED),
        (Phase.FAILED, Refusal.FAILED),
    ):
        gone = status.model_copy(update={"phase": ended})
        assert upstream(gone, owner, 8888, loaded=True) is said
    assert upstream(None, owner, 8888, loaded=True) is Refusal.STOPPED
    assert upstream(None, owner, 8888, loaded=False) is Refusal.NOT_KNOWN_YET


def test_pages_of_other_origins_cannot_use_the_cookie() -> None:
    own = "http://e1.env.localhost:8000"
    elsewhere = "http://e2.env.localhost:8000"
    assert not is_cross_origin(BrowserRequest("GET", own, True), own)
    for origin in (elsewhere, None, "null"):
        assert is_cross_origin(BrowserRequest("GET", origin, True), own)
    assert is_cross_origin(BrowserRequest("POST", elsewhere, False), own)
    assert not is_cross_origin(BrowserRequest("POST", None, False), own)
    assert not is_cross_origin(BrowserRequest("GET", elsewhere, False), own)


@pytest.mark.parametrize(
    ("site", "foreign"),
    [("same-origin", False), ("same-site", True), ("cross-site", True), ("none", True), ("", True)],
)
def test_a_form_that_hides_its_origin_is_judged_by_what_the_browser_says(
    site: str, foreign: bool
) -> None:
    own, elsewhere = "http://e1.env.localhost:8000", "http://e2.env.localhost:8000"
    for method in ("POST", "PUT", "DELETE"):
        assert is_cross_origin(BrowserRequest(method, "null", False, site), own) is foreign
        assert is_cross_origin(BrowserRequest(method, elsewhere, False, site), own)
    assert is_cross_origin(BrowserRequest("GET", "null", True, site), own), "no page hides it here"


def test_a_pass_is_of_one_kind_one_key_and_one_time() -> None:
    user, environment = uuid4(), uuid4()
    made = port_tokens.issue("k" * 32, port_tokens.Kind.TICKET, user, environment, 80, uuid4(), NOW)
    held = port_tokens.read("k" * 32, port_tokens.Kind.TICKET, made, NOW)
    assert (held.user_id, held.environment_id, held.port) == (user, environment, 80)
    for key, kind, when in (
        ("x" * 32, port_tokens.Kind.TICKET, NOW),
        ("k" * 32, port_tokens.Kind.COOKIE, NOW),
        ("k" * 32, port_tokens.Kind.TICKET, NOW + timedelta(seconds=60)),
    ):
        with pytest.raises(port_tokens.PortTokenInvalid):
            port_tokens.read(key, kind, made, when)
    for garbage in ("", "a.b.c", made[:-4], made + "x"):
        with pytest.raises(port_tokens.PortTokenInvalid):
            port_tokens.read("k" * 32, port_tokens.Kind.TICKET, garbage, NOW)


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_has_a_page_in_both_languages(refusal: Refusal) -> None:
    assert '<html lang="fr">' in page(refusal, "fr-FR,fr;q=0.9")
    assert '<html lang="en">' in page(refusal, "de, *")
    assert language_of("") == "en"


def test_the_waking_page_leads_to_the_window_and_asks_whether_something_changed() -> None:
    window = "https://labs.example.org/courses/1/window"
    stopped = page(Refusal.STOPPED, "fr", window)
    assert f'href="{window}" target="_blank" rel="noopener">Le redémarrer</a>' in stopped
    assert 'headers.get("X-MyDocker-State") !== "stopped"' in stopped
    assert ">Go to my course</a>" in page(Refusal.STARTING, "en", window)
    assert "<a " not in page(Refusal.STOPPED, "en")  # nobody knows its course any more
    assert "<script>" not in page(Refusal.NOT_YOURS, "en", window)


@pytest.mark.parametrize(
    ("accept", "is_websocket", "wants"),
    [
        ("text/html,application/xhtml+xml,*/*;q=0.8", False, True),
        ("text/html", True, False),
        ("*/*", False, False),
        ("", False, False),
    ],
)
def test_people_get_a_page_and_programs_a_problem(
    accept: str, is_websocket: bool, wants: bool
) -> None:
    assert wants_page(accept, is_websocket=is_websocket) is wants


@pytest.mark.parametrize(
    ("cookies", "held"),
    [
        (f"{COOKIE}=abc", "abc"),
        (f"a=1; {COOKIE}=abc;b=2", "abc"),
        (f"x{COOKIE}=abc", None),
        (f"{COOKIE}abc", None),
        ("", None),
        (f"a={'x' * 20_000}; {COOKIE}=abc", None),
    ],
)
def test_our_cookie_is_found_among_the_environments_own(cookies: str, held: str | None) -> None:
    assert cookie_in(cookies.encode()) == held


def test_an_upgrade_is_known_by_what_the_edge_says_of_it() -> None:
    headers = {b"x-forwarded-method": b"get", b"x-forwarded-upgrade": b"WebSocket", b"origin": b"o"}
    assert request_facts(headers) == BrowserRequest("GET", "o", True, is_stream=True)
    assert request_facts({b"sec-websocket-key": b"x"}) == BrowserRequest(
        "GET", None, True, is_stream=True
    )
    assert request_facts({}) == BrowserRequest("GET", None, False)


@pytest.mark.parametrize(
    "headers",
    [
        {b"accept": b"Text/Event-Stream"},
        {b"accept": b"application/json, text/event-stream"},
        {b"x-forwarded-upgrade": b"h2c"},
        {b"x-forwarded-method": b"CONNECT"},
    ],
)
def test_streams_are_known_before_they_begin(headers: dict[bytes, bytes]) -> None:
    assert request_facts(headers).is_stream
