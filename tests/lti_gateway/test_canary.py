"""Secrets of launches appear in no URL, page, log or table."""

import re
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from playwright.async_api import expect
from pydantic import SecretStr
from sqlalchemy import text
from structlog.testing import capture_logs

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.http import ServiceClient
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.tokens import ServiceIdentity
from tests.conftest import ServiceKeys

from .advantage.test_services_with_the_demo_lms import opened, score_of, send
from .canary import Canary, listening, rows_of_schema
from .chromium import Cookies, chromium
from .demo_stack import COURSE, DemoStack, demo_stack
from .launch.test_in_chromium import open_activity
from .launch.test_with_the_demo_lms import Walker

ROOT = Path(__file__).parents[2]
OWN = {"X-MyDocker": "1"}
KINDS = {
    "id_token", "cookie", "ticket", "access_token", "bearer", "client_assertion", "sesskey", "jwt",
}  # fmt: skip
"""Refresh tokens are recorded as cookies."""


@pytest.fixture
def canary() -> Canary:
    return Canary()


@pytest.fixture
async def there(
    database_url: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    tmp_path: Path,
    canary: Canary,
) -> AsyncIterator[DemoStack]:
    whole = demo_stack(database_url, service_keys, vault_keys, tmp_path, canary=canary)
    async with whole as running_stack:
        yield running_stack


async def every_flow(there: DemoStack, service_keys: ServiceKeys) -> None:
    """Deep linking, launch, refresh, roster, grades, refusals, sign-out."""
    async with httpx.AsyncClient(timeout=30) as http:
        teacher = Walker(http)
        picker = await teacher.launch(there, "/as/claire-fontaine/content/launch")
        reply = await http.post(
            f"{there.tool}/lti/deep-linking/{picker['landing']['deep_linking_id']}",
            json={"course_ids": [str(COURSE)], "grade_column": True},
            headers={"Authorization": f"Bearer {picker['access_token']}"},
        )
        await http.post(reply.json()["return_url"], data={"JWT": reply.json()["jwt"]})
        for _ in range(2):
            renewed = await teacher.send("POST", f"{there.tool}/lti/tokens/refresh", headers=OWN)
            assert renewed.status_code == 200
        await refusals(there, http)
        await teacher.send("POST", f"{there.tool}/lti/tokens/revoke", headers=OWN)
    key = service_keys.private["mydocker-api"].get_secret_value()
    identity = ServiceIdentity.load("mydocker-api", key)
    api = LtiClient(ServiceClient(there.tool, "mydocker-lti-gateway", identity, utc_now))
    context, link = await opened(there)
    await api.members(context)
    assert (await send(api, score_of(context, link))).state == "delivered"
    await api.aclose()


async def refusals(there: DemoStack, http: httpx.AsyncClient) -> None:
    """Refused responses: without cookie, used twice, with a broken token, by GET."""
    begun = await http.get(f"{there.lms}/as/claire-fontaine/dashboard")
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', begun.text.replace("&#34;", '"')))
    form = {name: value.replace("&amp;", "&") for name, value in fields.items()}
    login = await http.post(f"{there.tool}/lti/login", data=form)
    if login.status_code == 302:
        answer = await http.get(login.headers["Location"])
        posted = dict(re.findall(r'name="(\w+)" value="([^"]*)"', answer.text))
        for broken in (posted, {**posted, "id_token": f"{posted.get('id_token', '')}x"}):
            await http.post(f"{there.tool}/lti/launch", data=broken)
    await http.post(f"{there.tool}/lti/tickets", json={"ticket": "f" * 64})


async def look_at_tables(there: DemoStack, canary: Canary) -> None:
    async with there.gateway.state.sessions() as db:
        async for location, row in rows_of_schema(db, "lti"):
            canary.saw(location, row)


async def test_no_secret_is_found_in_addresses_logs_or_tables(
    there: DemoStack,
    canary: Canary,
    service_keys: ServiceKeys,
    caplog: pytest.LogCaptureFixture,
) -> None:
    with listening(canary, caplog) as events:
        await every_flow(there, service_keys)
    await look_at_tables(there, canary)
    assert set(canary.secrets.values()) >= KINDS, "every kind of secret came by"
    assert {"launch.accepted", "entry.refused"} <= {event["event"] for event in events}
    assert any(location.startswith("table ") for location in canary.sightings)
    assert canary.leaks() == []


async def test_the_canary_sings_when_something_leaks(there: DemoStack, canary: Canary) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        walker = Walker(http)
        entered = await walker.launch(there, "/as/claire-fontaine/dashboard")
        token = entered["access_token"]
        await http.get(f"{there.tool}/lti/framing", params={"token": token})
        await http.get(f"{there.tool}/lti/framing", headers={"Referer": f"http://x/?t={token}"})
    with capture_logs() as events:
        get_logger().debug("something.happened", detail=f"got {token}")
    canary.saw("a log event", repr(events))
    async with there.gateway.state.sessions() as db, db.begin():
        await db.execute(text("UPDATE lti.web_sessions SET locale = :leak"), {"leak": token})
    await look_at_tables(there, canary)
    assert set(canary.leaks()) >= {
        "access_token in a log event",
        "access_token in a referrer",
        "access_token in an address",
        "access_token in table web_sessions",
    }


async def test_nothing_is_kept_in_the_browsers_storage(
    there: DemoStack, canary: Canary, tmp_path: Path
) -> None:
    async with chromium(Cookies.BLOCKED, there.tool, tmp_path / "profile") as browser:
        page = await browser.new_page()
        tool = await open_activity(there, page)
        await expect(tool.locator("#landing")).to_have_text("window")
        await tool.get_by_role("button", name="Refresh").click()
        await expect(tool.locator("#kept")).to_have_text("refreshed 200")
        for frame in page.frames:
            canary.saw("an address", frame.url)
            stored = await frame.evaluate(
                "async () => JSON.stringify([await indexedDB.databases(), document.cookie, name,"
                " (() => { try { return [{...localStorage}, {...sessionStorage}] }"
                " catch { return [] } })()])"
            )
            canary.saw("the browser's storage", stored)
    assert "id_token" in canary.secrets.values()
    assert canary.leaks() == []


def test_a_single_module_of_the_application_touches_storage() -> None:
    touching = re.compile(r"localStorage|sessionStorage|indexedDB|document\.cookie")
    sources = (ROOT / "frontend/src").rglob("*.ts*")
    modules = {path.name for path in sources if touching.search(path.read_text("utf-8"))}
    assert {name for name in modules if ".test." not in name} == {"storage.ts"}
