"""Cookies, frames and storage in a real browser, the tool and the LMS on two sites."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.async_api import BrowserContext, FrameLocator, Page, Route, expect
from pydantic import SecretStr
from sqlalchemy import update

from demo_lms.settings import Storage
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Registration
from tests.conftest import ServiceKeys
from tests.lms.conftest import form_of

from ..chromium import Cookies, chromium
from ..demo_stack import DemoStack, demo_stack

EVIL = "http://evil.example"
People = Callable[..., Awaitable[tuple[DemoStack, BrowserContext]]]


@pytest.fixture
async def campus(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr, tmp_path: Path
) -> AsyncIterator[People]:
    """A tool, an LMS with this storage, and a browser with these cookies."""
    async with AsyncExitStack() as stack:

        async def open_campus(
            cookies: Cookies, storage: Storage | None = None
        ) -> tuple[DemoStack, BrowserContext]:
            there = await stack.enter_async_context(
                demo_stack(database_url, service_keys, vault_keys, tmp_path, storage)
            )
            profile = tmp_path / "profile"
            return there, await stack.enter_async_context(chromium(cookies, there.tool, profile))

        yield open_campus


async def open_activity(there: DemoStack, page: Page, person: str = "amina-benali") -> FrameLocator:
    """The page of an activity with the tool in its frame."""
    async with httpx.AsyncClient(timeout=30) as http:
        form = form_of(await http.get(f"{there.lms}/as/claire-fontaine/activities/new"))
        fields = {**form.fields, "items": _item(there), "title": "TP"}
        saved = await http.post(f"{there.lms}/as/claire-fontaine/activities", data=fields)
    activity = saved.headers["Location"].rpartition("/")[2]
    await page.goto(f"{there.lms}/as/{person}/activities/{activity}")
    return page.frame_locator("#contentframe")


def _item(there: DemoStack) -> str:
    return f'[{{"title":"TP","text":"","url":"{there.tool}/lti/launch","custom":{{}}}}]'


async def expect_a_working_visit(tool: FrameLocator | Page) -> None:
    """Signed in, also after two token refreshes."""
    await expect(tool.locator("#landing")).to_have_text("window")
    for _ in range(2):
        await tool.get_by_role("button", name="Refresh").click()
        await expect(tool.locator("#kept")).to_have_text("refreshed 200")


@pytest.mark.parametrize("cookies", [Cookies.BLOCKED, Cookies.ALLOWED])
async def test_ck_02_the_visit_works_in_the_frame(campus: People, cookies: Cookies) -> None:
    there, browser = await campus(cookies)
    tool = await open_activity(there, await browser.new_page())
    await expect_a_working_visit(tool)
    names = [cookie["name"] for cookie in await browser.cookies(there.tool)]
    assert names == ["__Host-mydocker-refresh"]


@pytest.mark.parametrize("frame", ["_parent", "lti_storage"])
async def test_ck_03_ck_04_the_platform_keeps_the_secret_where_all_cookies_are_refused(
    campus: People, frame: str
) -> None:
    there, browser = await campus(Cookies.REFUSED, Storage(frame))
    page = await browser.new_page()
    tool = await open_activity(there, page)
    await expect_a_working_visit(tool)
    assert await browser.cookies(there.tool) == []
    keeper = page.main_frame if frame == "_parent" else page.frame(frame)
    assert keeper is not None
    heard: list[dict[str, str]] = await keeper.evaluate("window.heard")
    assert [message["subject"] for message in heard] == [
        "lti.put_data",
        "lti.get_data",
        "lti.get_data",
    ]
    assert {message["origin"] for message in heard} == {there.tool}
    assert len({message["key"] for message in heard}) == 1


async def test_ck_03_storage_is_offered_and_cookies_are_enough(campus: People) -> None:
    there, browser = await campus(Cookies.BLOCKED, Storage())
    page = await browser.new_page()
    await expect_a_working_visit(await open_activity(there, page))
    heard = await page.evaluate("window.heard.map((message) => message.subject)")
    assert heard == ["lti.put_data"]


async def test_ck_05_storage_that_was_not_named_is_found_by_asking(campus: People) -> None:
    there, browser = await campus(Cookies.REFUSED, Storage(named=False))
    page = await browser.new_page()
    await expect_a_working_visit(await open_activity(there, page))
    heard = await page.evaluate("window.heard.map((message) => message.subject)")
    assert heard == ["lti.capabilities", "lti.put_data", "lti.get_data", "lti.get_data"]


async def test_ck_05_ck_07_a_silent_platform_costs_a_second_and_ends_on_the_button(
    campus: People,
) -> None:
    there, browser = await campus(Cookies.REFUSED, Storage(answers=False))
    page = await browser.new_page()
    tool = await open_activity(there, page)
    await expect(tool.get_by_role("heading")).to_have_text("Your browser blocked the entry")
    await expect(tool.get_by_role("button", name="Open in a new tab")).to_be_visible()
    assert there.launches == []


async def test_ck_07_where_every_cookie_is_refused_the_tab_says_what_to_allow(
    campus: People,
) -> None:
    there, browser = await campus(Cookies.REFUSED)
    page = await browser.new_page()
    tool = await open_activity(there, page)
    await expect(tool.get_by_role("heading")).to_have_text("Your browser blocked the entry")
    async with page.expect_popup() as popup:
        await tool.get_by_role("button", name="Open in a new tab").click()
    tab = await popup.value
    await expect(tab.get_by_role("heading")).to_have_text("Your browser refuses all cookies")
    assert there.launches == []


async def test_ck_07_without_partitioned_cookies_a_tab_of_its_own_works(campus: People) -> None:
    there, browser = await campus(Cookies.BLOCKED)
    page = await browser.new_page()
    there.partitions = False
    tool = await open_activity(there, page, "maya-nguyen")
    await expect(tool.get_by_role("heading")).to_have_text("Your browser blocked the entry")
    async with page.expect_popup() as popup:
        await tool.get_by_role("button", name="Open in a new tab").click()
    await expect_a_working_visit(await popup.value)
    assert [launch.person.subject for launch in there.launches] == ["9"]


async def test_ck_07_the_browsers_own_question_answered_with_yes_keeps_the_frame(
    campus: People,
) -> None:
    there, browser = await campus(Cookies.BLOCKED, Storage(answers=False))
    page = await browser.new_page()
    await browser.grant_permissions(["storage-access"])
    there.partitions = False
    tool = await open_activity(there, page)
    await expect(tool.get_by_role("heading")).to_have_text("Your browser blocked the entry")
    await tool.get_by_role("button", name="Allow cookies here").click()
    await expect_a_working_visit(tool)


async def evil_page(browser: BrowserContext, content: str) -> Page:
    """A foreign page that listens to all messages and sends forged answers."""
    listening = """<script>heard = []
    addEventListener('message', (event) => { heard.push(event.data)
      event.source.postMessage({...event.data, subject: `${event.data.subject}.response`,
        value: '0'.repeat(64), supported_messages: [{subject: 'lti.put_data'}]}, '*') })
    </script>"""

    async def answer(route: Route) -> None:
        await route.fulfill(content_type="text/html", body=f"<!doctype html>{listening}{content}")

    await browser.route(f"{EVIL}/**", answer)
    page = await browser.new_page()
    await page.goto(f"{EVIL}/")
    return page


def login_form(there: DemoStack, target: str, **more: str) -> str:
    fields: dict[str, Any] = {
        "iss": there.lms,
        "client_id": "mydocker-demo",
        "login_hint": "5",
        "target_link_uri": f"{there.tool}/lti/launch",
        "lti_message_hint": "opaque",
        **more,
    }
    inputs = "".join(f'<input name="{name}" value="{value}">' for name, value in fields.items())
    return (
        f'<form method="post" action="{there.tool}/lti/login" target="{target}">{inputs}</form>'
        "<script>document.forms[0].submit()</script>"
    )


async def test_ck_09_a_page_of_nobody_we_know_cannot_frame_us(campus: People) -> None:
    there, browser = await campus(Cookies.BLOCKED)
    form = login_form(there, "inside", lti_storage_target="_parent")
    page = await evil_page(browser, f'<iframe name="inside"></iframe>{form}')
    frame = page.frame("inside")
    assert frame is not None
    for _ in range(600):
        if frame.url.startswith("chrome-error://"):
            break
        await page.wait_for_timeout(100)
    assert frame.url.startswith("chrome-error://")
    assert await page.evaluate("heard") == []


@pytest.mark.parametrize(
    ("column", "says"),
    [
        ("disabled_at", "Access from this course space is switched off"),
        ("approved_at", "Not approved yet"),
    ],
)
async def test_a_platform_that_may_not_send_people_reads_why_in_its_own_frame(
    campus: People, column: str, says: str
) -> None:
    """Shows our page, not the browser's own "refused to connect"."""
    there, browser = await campus(Cookies.BLOCKED)
    async with transaction(there.gateway.state.sessions) as db:
        value = utc_now() if column == "disabled_at" else None
        await db.execute(update(Registration).values({column: value}))
    tool = await open_activity(there, await browser.new_page())
    await expect(tool.get_by_role("heading")).to_have_text(says)
    await expect(tool.get_by_role("button")).to_have_count(0)
    await expect(tool.get_by_role("link")).to_have_count(0)
    assert there.launches == []


async def test_ck_06_a_page_of_another_origin_hears_nothing_and_is_not_believed(
    campus: People,
) -> None:
    there, browser = await campus(Cookies.REFUSED, Storage())
    form = login_form(there, "popup", lti_storage_target="_parent")
    page = await evil_page(
        browser, "<button onclick=\"window.open('about:blank','popup')\">x</button>"
    )
    async with page.expect_popup() as popup:
        await page.get_by_role("button").click()
    tab = await popup.value
    await page.evaluate(
        "(form) => { document.body.insertAdjacentHTML('beforeend', form);"
        " document.forms[0].submit() }",
        form,
    )
    # Our page sent a message to its opener, waited a second, and went on to the LMS.
    await tab.wait_for_url(f"{there.lms}/auth?**")
    assert await page.evaluate("heard") == []


async def test_ck_11_a_token_posted_from_elsewhere_lets_nobody_in(campus: People) -> None:
    there, browser = await campus(Cookies.ALLOWED)
    async with httpx.AsyncClient(timeout=30) as http:
        begun = form_of(await http.get(f"{there.lms}/as/claire-fontaine/dashboard"))
        departed = await http.post(begun.action, data=begun.fields)
        answer = form_of(await http.get(departed.headers["Location"]))
    inputs = "".join(f'<input name="{k}" value="{v}">' for k, v in answer.fields.items())
    form = f'<form method="post" action="{answer.action}">{inputs}</form>'
    page = await evil_page(browser, f"{form}<script>document.forms[0].submit()</script>")
    await expect(page.get_by_role("heading")).to_have_text("Your browser refuses all cookies")
    assert there.launches == []
    assert await browser.cookies(there.tool) == []
