"""From *Add LTI Advantage* to the first launch, in a browser that blocks third-party cookies."""

from playwright.async_api import Page, expect
from sqlalchemy import select

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.invitations import InvitationDraft
from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Registration
from mydocker_lti.platforms.acts import act
from mydocker_lti.platforms.invitations import invite

from ..chromium import Cookies
from ..demo_stack import DemoStack
from ..launch.test_in_chromium import People, campus

__all__ = ["campus"]


async def invited(there: DemoStack) -> str:
    draft = InvitationDraft(label="Demo campus")
    async with transaction(there.gateway.state.sessions) as db:
        return (await invite(db, draft, there.tool, utc_now(), actor="command")).url


async def add_advantage(there: DemoStack, page: Page, url: str) -> None:
    await page.goto(f"{there.lms}/tools")
    await page.get_by_label("Tool URL").fill(url)
    await page.get_by_role("button", name="Add LTI Advantage").click()


async def approve(there: DemoStack) -> None:
    """Create an invitation, as an operator does."""
    async with transaction(there.gateway.state.sessions) as db:
        waiting = select(Registration).where(Registration.approved_at.is_(None))
        (row,) = await db.scalars(waiting)
        assert row.name == "Demo campus"
        await act(db, row.id, PlatformAct.APPROVE, utc_now(), actor="command")


async def test_dr_07_from_the_box_to_the_first_launch(campus: People) -> None:
    there, browser = await campus(Cookies.BLOCKED)
    page, url = await browser.new_page(), await invited(there)
    await add_advantage(there, page, url)
    tool = page.frame_locator("#contentframe")
    await expect(tool.get_by_role("heading", level=1)).to_have_text("Register MyDocker")
    await expect(tool.get_by_label("their name")).to_be_checked()
    await tool.get_by_role("button", name="Register").click()
    await expect(tool.get_by_role("heading", level=1)).to_have_text("MyDocker is registered")
    await tool.get_by_role("button", name="Close").click()
    await expect(page.get_by_text("Pending")).to_be_visible()
    await page.get_by_role("button", name="Activate").click()
    await expect(page.get_by_role("button", name="Activate")).to_have_count(0)

    await add_advantage(there, page, url)
    await expect(tool.get_by_role("heading")).to_have_text("This invitation is not valid")

    choose = f"{there.lms}/as/claire-fontaine/activities/new"
    await page.goto(choose)
    await page.get_by_label("Tool").select_option(index=1)
    await page.get_by_role("button", name="Select content").click()
    dialog = page.frame_locator("dialog iframe")
    await expect(dialog.get_by_role("heading")).to_have_text("Not approved yet")
    await approve(there)
    await page.goto(choose)
    await page.get_by_label("Tool").select_option(index=1)
    await page.get_by_role("button", name="Select content").click()
    await dialog.get_by_role("button", name="Choose").click()
    await expect(page.get_by_label("Activity name")).to_have_value("OpenSSL practice")
    await page.get_by_role("button", name="Save and display").click()
    await expect(tool.locator("#landing")).to_have_text("window")
