"""Launches and deep linking with the demo LMS: over HTTP, then in Chromium."""

import html
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from playwright.async_api import Page, Route, async_playwright, expect
from pydantic import SecretStr

from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchKind
from tests.conftest import ServiceKeys
from tests.lms.conftest import form_of
from tests.support.browsers import CHROMIUM, QUIET

from ..demo_stack import COURSE, DemoStack, demo_stack


@pytest.fixture
async def there(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr, tmp_path: Path
) -> AsyncIterator[DemoStack]:
    async with demo_stack(database_url, service_keys, vault_keys, tmp_path) as running_stack:
        yield running_stack


class Walker:
    """An HTTP client that follows forms; treats localhost as secure, as browsers do."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self.http = http
        self.cookies: dict[str, str] = {}

    async def send(self, method: str, url: str, **given: Any) -> httpx.Response:
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        headers = {**given.pop("headers", {}), **({"Cookie": jar} if jar else {})}
        response = await self.http.request(method, url, headers=headers, **given)
        for line in response.headers.get_list("set-cookie"):
            name, _, rest = line.partition("=")
            self.cookies[name] = rest.partition(";")[0]
        return response

    async def launch(self, there: DemoStack, path: str) -> dict[str, Any]:
        """Launch from a page of the LMS; returns the tokens of the application."""
        begun = form_of(await self.http.get(f"{there.lms}{path}"))
        departed = await self.send("POST", begun.action, data=begun.fields)
        assert departed.status_code == 302, departed.text
        answer = form_of(await self.http.get(departed.headers["Location"]))
        landed = await self.send("POST", answer.action, data=answer.fields)
        assert landed.status_code == 303, landed.text
        ticket = urlsplit(landed.headers["Location"]).fragment.removeprefix("ticket=")
        entered = await self.send("POST", f"{there.tool}/lti/tickets", json={"ticket": ticket})
        assert entered.status_code == 200, entered.text
        body: dict[str, Any] = entered.json()
        return body


async def test_dl_08_a_link_is_placed_by_the_teacher_and_opened_by_a_student(
    there: DemoStack,
) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        teacher = Walker(http)
        picker = await teacher.launch(there, "/as/claire-fontaine/content/launch")
        assert picker["landing"]["kind"] == "picker"
        reply = await http.post(
            f"{there.tool}/lti/deep-linking/{picker['landing']['deep_linking_id']}",
            json={"course_ids": [str(COURSE)], "grade_column": True},
            headers={"Authorization": f"Bearer {picker['access_token']}"},
        )
        returned = await http.post(reply.json()["return_url"], data={"JWT": reply.json()["jwt"]})
        items = re.search(r'data-items="([^"]*)"', returned.text)
        assert items, returned.text
        items = json.loads(html.unescape(items[1]))
        assert items[0]["custom"].keys() == {"course_id", "course_signature"}
        assert items[0]["custom"]["course_id"] == str(COURSE)
        assert items[0]["maximum"] == 100
        form = form_of(await http.get(f"{there.lms}/as/claire-fontaine/activities/new"))
        fields = {**form.fields, "items": json.dumps(items), "title": "TP 1"}
        saved = await http.post(f"{there.lms}/as/claire-fontaine/activities", data=fields)
        activity = saved.headers["Location"].rpartition("/")[2]

        student = Walker(http)
        window = await student.launch(there, f"/as/amina-benali/launch/{activity}")
    assert window["landing"]["kind"] == "window"
    assert window["landing"]["course_id"] == str(COURSE)
    first, second = there.launches
    assert (first.kind, first.role) == (LaunchKind.DEEP_LINKING, ContextRole.TEACHER)
    assert second.course_signed
    assert (second.role, second.person.name) == (ContextRole.STUDENT, "Amina Benali")
    assert second.person.locale == "en"


async def test_the_dashboard_link_says_so_in_custom(there: DemoStack) -> None:
    async with httpx.AsyncClient(timeout=30) as http:
        entered = await Walker(http).launch(there, "/as/claire-fontaine/dashboard")
    assert entered["landing"]["kind"] == "dashboard"
    assert entered["landing"]["embedded"] is False
    assert there.launches[0].custom == {"landing": "dashboard"}


@pytest.fixture
async def page(there: DemoStack) -> AsyncIterator[Page]:
    """A page in Chromium that blocks third-party cookies."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = await browser.new_context(locale="en-GB")
        yield await context.new_page()
        await context.close()
        await browser.close()


async def test_ck_02_in_chromium_the_cookies_survive_in_the_frame(
    there: DemoStack, page: Page
) -> None:
    await page.goto(f"{there.lms}/")
    await page.get_by_role("link", name="Claire Fontaine").click()
    await page.get_by_role("link", name="Add an activity").click()
    await page.get_by_role("button", name="Select content").click()
    dialog = page.frame_locator("dialog iframe")
    await expect(dialog.locator("#landing")).to_have_text("picker")
    await dialog.get_by_role("button", name="Choose").click()
    await expect(page.get_by_label("Activity name")).to_have_value("OpenSSL practice")
    await page.get_by_role("button", name="Save and display").click()
    tool = page.frame_locator("#contentframe")
    await expect(tool.locator("#landing")).to_have_text("window")
    await expect(tool.locator("#course")).to_have_text(str(COURSE))
    await tool.get_by_role("button", name="Refresh").click()
    await expect(tool.locator("#kept")).to_have_text("refreshed 200")

    cookies = await page.context.cookies(there.tool)
    assert [cookie["name"] for cookie in cookies] == ["__Host-mydocker-refresh"]


async def placed(there: DemoStack) -> str:
    """The id of an activity that the teacher saved."""
    async with httpx.AsyncClient(timeout=30) as http:
        form = form_of(await http.get(f"{there.lms}/as/claire-fontaine/activities/new"))
        item = {"title": "TP", "text": "", "url": f"{there.tool}/lti/launch", "custom": {}}
        fields = {**form.fields, "items": json.dumps([item]), "title": "TP"}
        saved = await http.post(f"{there.lms}/as/claire-fontaine/activities", data=fields)
    return str(saved.headers["Location"].rpartition("/")[2])


async def test_vl_13_two_people_enter_from_two_tabs_of_one_browser(
    there: DemoStack, page: Page
) -> None:
    activity = await placed(there)
    other = await page.context.new_page()
    for tab, person in ((page, "amina-benali"), (other, "lucas-moreau")):
        await tab.goto(f"{there.lms}/as/{person}/activities/{activity}")
    for tab in (page, other):
        await expect(tab.frame_locator("#contentframe").locator("#landing")).to_have_text("window")
    assert {launch.person.subject for launch in there.launches} == {"5", "6"}


async def without_cookies(route: Route) -> None:
    """A browser that stores no cookies of framed pages."""
    answer = await route.fetch(max_redirects=0)
    headers = {name: value for name, value in answer.headers.items() if name != "set-cookie"}
    await route.fulfill(status=answer.status, headers=headers)


async def test_ck_07_in_chromium_refused_cookies_end_in_a_tab_of_its_own(
    there: DemoStack, page: Page
) -> None:
    activity = await placed(there)
    await page.route("**/lti/login", without_cookies)
    await page.goto(f"{there.lms}/as/maya-nguyen/activities/{activity}")
    tool = page.frame_locator("#contentframe")
    await expect(tool.get_by_role("heading")).to_have_text("Your browser blocked the entry")
    async with page.expect_popup() as popup:
        await tool.get_by_role("button", name="Open in a new tab").click()
    tab = await popup.value
    await expect(tab.locator("#landing")).to_have_text("window")
    assert [launch.person.subject for launch in there.launches] == ["9"]
