"""The waking page as a person meets it."""

import re
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Page, async_playwright, expect

from mydocker_kit.contracts.orchestrator.environments import Phase
from tests.edge.town import COOKIE, Home, Town
from tests.support.browsers import CHROMIUM, QUIET

WAIT = 15_000


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        context = await browser.new_context(locale="en-GB", viewport={"width": 400, "height": 800})
        yield await context.new_page()
        await browser.close()


async def _goes_to(page: Page, home: Home) -> None:
    host = home.host.partition(":")[0]
    await page.context.add_cookies(
        [{"name": COOKIE, "value": home.cookie, "url": f"https://{host}/", "secure": True}]
    )
    await page.goto(f"http://{home.host}/small")


async def test_a_page_that_was_left_open_wakes_up_with_its_environment(
    site: Town, page: Page
) -> None:
    (ada,) = await site.open()
    await site.until(ada, 200)
    await site.close(ada)
    await site.until(ada, 503)
    await _goes_to(page, ada)
    title = page.get_by_role("heading")
    await expect(title).to_have_text("Your environment is stopped", timeout=WAIT)
    start = page.get_by_role("link", name="Start it again")
    await expect(start).to_have_attribute("href", re.compile(r"/courses/[0-9a-f-]+/window$"))
    await page.keyboard.press("Tab")
    await expect(start).to_be_focused()
    assert await page.evaluate("document.documentElement.scrollWidth") <= 400
    await site.close(ada, Phase.STARTING)
    await expect(title).to_have_text("Your environment is starting", timeout=WAIT)
    await site.reopen(ada)
    await expect(page.get_by_text("xxxx")).to_be_visible(timeout=WAIT)
