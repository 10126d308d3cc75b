"""A second tool of the campus: invited, registered in the LMS's frame, approved, launched."""

from typing import Any

import httpx
from deploy.demo.examples import operators
from playwright.sync_api import Page, expect
from tests.system.campus import Campus
from tests.system.conftest import TEACHER
from tests.system.screens.album import Album

INVITATIONS = "/api/platforms/invitations"


def checked(response: httpx.Response) -> dict[str, Any]:
    response.raise_for_status()
    return dict(response.json())


def test_an_invited_platform_registers_itself_and_is_approved(campus: Campus, page: Page) -> None:
    album = Album(page)
    with operators.signed_in(campus.instance) as operator:
        made = checked(operator.post(INVITATIONS, json={"label": "Second campus"}))
        page.goto(f"{campus.lms}/tools?lang=en")
        page.get_by_label("Tool URL").fill(made["url"])
        page.get_by_role("button", name="Add LTI Advantage").click()
        tool = page.frame_locator("#contentframe")
        expect(tool.get_by_role("button", name="Register")).to_be_visible()
        album.take_framed("registration")
        tool.get_by_role("button", name="Register").click()
        expect(tool.get_by_role("heading", name="MyDocker is registered")).to_be_visible()
        album.take_framed("registered")
        tool.get_by_role("button", name="Close").click()
        page.get_by_role("button", name="Activate").click()
        used = checked(operator.get(INVITATIONS))["items"][0]
        assert (used["state"], used["platform_name"]) == ("used", "Second campus")
        platform = f"/api/platforms/{used['platform_id']}"
        assert checked(operator.get(platform))["state"] == "pending"
        checked(operator.post(f"{platform}/approve"))
        try:
            page.goto(f"{campus.lms}/as/{TEACHER}/activities/new?lang=en")
            page.get_by_label("Tool").select_option(index=1)
            page.get_by_role("button", name="Select content").click()
            picker = page.frame_locator("dialog iframe")
            expect(picker.get_by_role("searchbox")).to_be_visible()
        finally:
            checked(operator.post(f"{platform}/disable"))
            page.goto(f"{campus.lms}/tools")
            page.get_by_role("button", name="Remove").click()
    album.check()
