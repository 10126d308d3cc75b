"""Account linking in Chromium: from the LMS's frame to the provider and back."""

from pathlib import Path

from playwright.async_api import Page, expect
from pydantic import SecretStr

from tests.conftest import ServiceKeys
from tests.lti_gateway.chromium import Cookies, chromium

from .linking_stack import LinkingStack, linking_stack
from .test_in_browser import accessible


async def at_the_provider(page: Page, person: str) -> None:
    """Fill the provider's login page, which always asks for credentials."""
    await page.locator("input[name=login]").fill(person)
    await page.locator("input[name=password]").fill("any")
    await page.keyboard.press("Enter")


async def sign_in(page: Page, there: LinkingStack) -> None:
    await page.goto(f"{there.tool}/sign-in")
    await page.get_by_role("link", name="Continue with Campus account").click()


async def in_a_tab_of_its_own(page: Page, there: LinkingStack) -> Page:
    """From the activity in its frame to the account in a tab."""
    await page.goto(f"{there.lms}/as/claire-fontaine/activities/{await there.activity()}")
    frame = page.frame_locator("#contentframe")
    await frame.get_by_role("link", name="Your account").first.click()
    await expect(frame.get_by_text("This is your only way to sign in")).to_be_visible()
    async with page.expect_popup() as opening:
        await frame.get_by_role("button", name="Open your account in a new tab").click()
    tab = await opening.value
    await tab.bring_to_front()
    await expect(tab.get_by_role("heading", name="Open your account in this tab")).to_be_visible()
    assert "tab=" not in tab.url
    await tab.get_by_role("button", name="Go on").click()
    await expect(tab.get_by_role("heading", name="Your account", exact=True)).to_be_visible()
    return tab


async def link(tab: Page, there: LinkingStack) -> None:
    """Sign in with the second identity, read the consent page, and confirm."""
    await accessible(tab)
    await tab.get_by_role("button", name="Link Campus account").click()
    await at_the_provider(tab, "claire")
    question = tab.get_by_role("heading", name="Make these two accounts one?")
    await expect(question).to_be_visible()
    await expect(tab.get_by_text("claire of the provider (Campus account)")).to_be_visible()
    await expect(
        tab.get_by_text(f"(Course space {there.lms.removeprefix('http://')})")
    ).to_be_visible()
    await accessible(tab)
    await tab.set_viewport_size({"width": 400, "height": 700})
    assert await tab.evaluate("document.documentElement.scrollWidth <= 400")
    await tab.get_by_role("button", name="Make them one").focus()
    await tab.keyboard.press("Enter")
    await tab.wait_for_url(f"{there.tool}/account")
    await expect(tab.get_by_role("button", name="Unlink Campus account")).to_be_visible()
    assert await tab.evaluate("document.documentElement.scrollWidth <= 400")
    await tab.set_viewport_size({"width": 1200, "height": 800})


async def test_two_accounts_become_one_and_can_be_parted(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr, tmp_path: Path
) -> None:
    async with (
        linking_stack(database_url, service_keys, vault_keys, tmp_path) as there,
        chromium(Cookies.BLOCKED, there.tool, tmp_path / "profile") as browser,
    ):
        page = await browser.new_page()
        nothing = page.get_by_role("heading", name="You have no access to a course yet")
        await sign_in(page, there)
        await at_the_provider(page, "claire")
        await expect(nothing).to_be_visible()  # an account of its own, without any role

        tab = await in_a_tab_of_its_own(page, there)
        await link(tab, there)
        await tab.get_by_role("button", name="Sign out").click()
        await expect(tab.get_by_role("heading", name="You are signed out")).to_be_visible()

        # By the provider without the LMS: the teacher with all rights.
        await sign_in(tab, there)
        await tab.wait_for_url("**/dashboard/courses")
        await expect(tab.get_by_role("heading", name="Courses")).to_be_visible()

        await tab.goto(f"{there.tool}/account")
        await tab.get_by_role("button", name="Unlink Campus account").click()
        await expect(tab.get_by_text("You are signed out everywhere")).to_be_visible()
        await accessible(tab)
        await tab.get_by_role("button", name="Unlink", exact=True).click()
        await expect(tab.get_by_role("heading", name="You are signed out")).to_be_visible()
        await sign_in(tab, there)
        await expect(
            tab.get_by_role("heading", name="You have no access to a course yet")
        ).to_be_visible()
