"""Tickets and tokens: single use, short lives, bound to their browser."""

from typing import Any

import httpx
import jwt
import pytest

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.platforms import queries
from mydocker_lti.platforms.acts import act
from mydocker_lti.platforms.audit import COMMAND
from tests.conftest import ServiceKeys

from ..conftest import Tool, Visit
from ..fake_platform import FakePlatform

OWN = {"X-MyDocker": "1"}


async def refresh(visit: Visit, **body: Any) -> httpx.Response:
    return await visit.browser.post("/lti/tokens/refresh", headers=OWN, json=body or None)


async def test_a_launch_becomes_an_access_token_that_api_can_check(
    visit: Visit, service_keys: ServiceKeys
) -> None:
    entered = await visit.enter()
    assert entered.status_code == 200, entered.text
    body = entered.json()
    assert body["landing"]["kind"] == "nothing_yet"
    assert body["expires_in"] == 600
    key = service_keys.private["mydocker-api"].get_secret_value()
    token = ServiceIdentity.load("mydocker-api", key).token_for("mydocker-lti-gateway", utc_now())
    keys = await visit.browser.get(
        "/internal/access-keys", headers={"Authorization": f"Bearer {token}"}
    )
    key_set = jwt.PyJWKSet.from_dict(keys.json())
    kid = jwt.get_unverified_header(body["access_token"])["kid"]
    claims = jwt.decode(
        body["access_token"], key_set[kid], algorithms=["EdDSA"], audience="mydocker-api"
    )
    assert claims["sid"] == body["web_session_id"]


async def test_access_keys_are_for_services_only(visit: Visit) -> None:
    assert (await visit.browser.get("/internal/access-keys")).status_code == 401


async def test_a_ticket_is_used_once(visit: Visit) -> None:
    launched = await visit.launch()
    cookies = dict(visit.browser.cookies)
    assert (await visit.enter(launched)).status_code == 200
    without = await visit.enter(launched)
    assert (without.status_code, without.json()["code"]) == (409, "ticket_used")
    visit.browser.cookies.update(cookies)
    again = await visit.enter(launched)
    assert (again.status_code, again.json()["code"]) == (409, "ticket_used")


async def test_a_ticket_expires_after_a_minute(visit: Visit) -> None:
    launched = await visit.launch()
    visit.tool.pass_time(seconds=61)
    late = await visit.enter(launched)
    assert (late.status_code, late.json()["code"]) == (409, "ticket_expired")


async def test_an_invented_ticket_is_unknown(visit: Visit) -> None:
    answer = await visit.browser.post("/lti/tickets", json={"ticket": "made up"})
    assert (answer.status_code, answer.json()["code"]) == (401, "ticket_unknown")


async def test_a_ticket_is_worth_nothing_in_another_browser(visit: Visit) -> None:
    launched = await visit.launch()
    async with visit.tool.browser() as victim:
        stolen = await Visit(visit.tool, visit.platform, victim).enter(launched)
    assert stolen.json()["code"] == "ticket_unknown"


async def test_ck_01_cookies_are_host_only_secure_and_partitioned(visit: Visit) -> None:
    login = await visit.browser.post("/lti/login", data=visit.platform.login())
    entered = await visit.enter()
    cookies = [*login.headers.get_list("set-cookie"), *entered.headers.get_list("set-cookie")]
    assert len(cookies) == 3
    for cookie in cookies:
        assert cookie.startswith("__Host-mydocker-")
        parts = {part.strip() for part in cookie.split(";")}
        assert {"Secure", "HttpOnly", "SameSite=None", "Partitioned", "Path=/"} <= parts


async def test_refresh_rotates_and_gives_a_new_access_token(visit: Visit) -> None:
    entered = (await visit.enter()).json()
    before = visit.browser.cookies["__Host-mydocker-refresh"]
    visit.tool.pass_time(minutes=9)
    refreshed = await refresh(visit)
    assert refreshed.status_code == 200
    assert refreshed.json()["access_token"] != entered["access_token"]
    assert refreshed.json()["web_session_id"] == entered["web_session_id"]
    assert visit.browser.cookies["__Host-mydocker-refresh"] != before


async def test_a_reused_refresh_token_ends_the_web_session(visit: Visit) -> None:
    await visit.enter()
    stolen = visit.browser.cookies["__Host-mydocker-refresh"]
    await refresh(visit)
    visit.tool.pass_time(seconds=11)
    async with visit.tool.browser() as thief:
        thief.cookies.set("__Host-mydocker-refresh", stolen)
        used = await thief.post("/lti/tokens/refresh", headers=OWN)
    assert used.json()["code"] == "web_session_over"
    assert (await refresh(visit)).json()["code"] == "web_session_over"


async def test_two_tabs_may_refresh_at_the_same_moment(visit: Visit) -> None:
    await visit.enter()
    same = visit.browser.cookies["__Host-mydocker-refresh"]
    first = await refresh(visit)
    newest = visit.browser.cookies["__Host-mydocker-refresh"]
    visit.browser.cookies.set("__Host-mydocker-refresh", same, domain="tool.example")
    second = await visit.browser.post(
        "/lti/tokens/refresh",
        headers={**OWN, "Cookie": f"__Host-mydocker-refresh={same}"},
    )
    assert (first.status_code, second.status_code) == (200, 200)
    assert "set-cookie" not in second.headers
    assert newest != same


@pytest.mark.parametrize(("span", "status"), [({"minutes": 59}, 200), ({"minutes": 60}, 401)])
async def test_a_web_session_ends_after_an_hour_of_silence(
    visit: Visit, span: dict[str, float], status: int
) -> None:
    await visit.enter()
    visit.tool.pass_time(**span)
    assert (await refresh(visit)).status_code == status


async def test_a_web_session_ends_after_eight_hours(visit: Visit) -> None:
    await visit.enter()
    statuses = []
    for _ in range(12):
        visit.tool.pass_time(minutes=45)
        statuses.append((await refresh(visit)).status_code)
    assert statuses == [200] * 10 + [401] * 2


async def test_the_last_access_token_does_not_outlive_the_web_session(visit: Visit) -> None:
    await visit.enter()
    for _ in range(10):
        visit.tool.pass_time(minutes=47.5)
        answer = await refresh(visit)
    assert answer.json()["expires_in"] == 300


async def test_refresh_wants_the_applications_own_header(visit: Visit) -> None:
    await visit.enter()
    assert (await visit.browser.post("/lti/tokens/refresh")).json()["code"] == "foreign_request"


async def test_signing_out_ends_the_web_session(visit: Visit) -> None:
    await visit.enter()
    cookie = visit.browser.cookies["__Host-mydocker-refresh"]
    out = await visit.browser.post("/lti/tokens/revoke", headers=OWN)
    assert out.json() == {"course_space": True, "provider": None, "farewell": None}
    visit.browser.cookies.set("__Host-mydocker-refresh", cookie)
    assert (await refresh(visit)).json()["code"] == "web_session_over"


async def test_ck_12_a_second_person_in_the_browser_closes_the_first_ones_session(
    visit: Visit,
) -> None:
    first = (await visit.enter()).json()
    old = visit.browser.cookies["__Host-mydocker-refresh"]
    second = (await visit.enter(await visit.launch(sub="6"))).json()
    assert second["web_session_id"] != first["web_session_id"]
    mixed = await refresh(visit, web_session_id=first["web_session_id"])
    assert mixed.json()["code"] == "web_session_over"
    async with visit.tool.browser() as other:
        other.cookies.set("__Host-mydocker-refresh", old)
        closed = await other.post("/lti/tokens/refresh", headers=OWN)
    assert closed.json()["code"] == "web_session_over"
    assert (await refresh(visit)).json()["web_session_id"] == second["web_session_id"]


async def test_mt_03_a_disabled_platform_ends_its_web_sessions(
    tool: Tool, visit: Visit, platform: FakePlatform
) -> None:
    await visit.enter()
    async with transaction(tool.app.state.sessions) as db:
        registrations = await queries.registrations_of(db, platform.issuer, platform.client_id)
        await act(db, registrations[0].id, PlatformAct.DISABLE, tool.now, actor=COMMAND)
    assert (await refresh(visit)).json()["code"] == "web_session_over"
    refused = await visit.browser.post("/lti/login", data=platform.login())
    assert (await tool.refusal(refused)).reason == "platform_disabled"


async def test_ck_08_the_ticket_travels_in_the_fragment_only(visit: Visit) -> None:
    launched = await visit.launch()
    address = launched.headers["Location"]
    assert address.startswith("https://tool.example/enter#ticket=")
    assert "token" not in address
