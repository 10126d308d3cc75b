"""Sign-in journeys in Chromium: page, gateway, certified OpenID provider, CAS."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import pytest
from deploy.demo.report import Report
from deploy.machine.instance import ROOT
from fastapi import FastAPI, Request, Response
from fastapi.responses import FileResponse, JSONResponse
from playwright.async_api import Page, expect
from pydantic import SecretStr
from sqlalchemy import func, select

from deploy.demo import page as built_page
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import WebSession
from mydocker_lti.settings import GatewaySettings
from mydocker_lti.web_sessions.entry_links import new_link
from tests.conftest import ServiceKeys
from tests.lti_gateway.chromium import Cookies, chromium
from tests.lti_gateway.conftest import PEOPLE, Tool, gateway_settings, running
from tests.support.ports import reserved
from tests.support.postgresql import Database
from tests.support.serving import serving
from tests.support.waiting import until

from .cas_server import CasServer
from .conftest import openid_provider, providers_file

DIST = ROOT / "frontend/dist"
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"


@dataclass
class Site:
    """An origin that serves the page and the gateway, as the edge does."""

    origin: str
    tool: Tool
    issuer: str
    can: list[str] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        front = self.tool.app if path.startswith("/lti/") else self._front()
        await front(scope, receive, send)

    def _front(self) -> FastAPI:
        app = FastAPI()

        @app.get("/api/me")
        async def me() -> Response:
            known = {"id": str(PEOPLE), "name": "Grace Hopper", "email": None, "locale": None}
            return JSONResponse(
                {**known, "can": self.can, "contexts": [], "build_approval": "none"}
            )

        @app.get("/api/institution")
        async def institution() -> Response:
            nothing = dict.fromkeys(("colour", "logo", "help_url", "support_url"))
            return JSONResponse({**nothing, "name": "", "announcements": []})

        @app.get("/api/{rest:path}")
        async def api(rest: str) -> Response:
            return JSONResponse({"items": [], "total": 0, "page": 1, "page_size": 50})

        @app.get("/{rest:path}")
        async def file(rest: str, request: Request) -> Response:
            served = DIST / rest
            return FileResponse(served if served.is_file() else DIST / "index.html")

        return app


@pytest.fixture
async def site(
    postgres: Database,
    migrated_template: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    tmp_path: Path,
) -> AsyncIterator[Site]:
    built_page.build(Report(quiet=True))
    given = (postgres, migrated_template, service_keys, vault_keys, tmp_path)
    with reserved() as (port,):
        async with _serve_site(*given, port) as served:
            yield served


@asynccontextmanager
async def _serve_site(
    postgres: Database,
    template: str,
    service_keys: ServiceKeys,
    vault_keys: SecretStr,
    folder: Path,
    port: int,
) -> AsyncIterator[Site]:
    name, origin = f"browser{uuid4().hex}", f"http://localhost:{port}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {template}")
    known = gateway_settings(postgres.url(name), service_keys, vault_keys)
    async with (
        openid_provider(f"{origin}/lti/sign-in/campus/callback", f"{origin}/signed-out") as issuer,
        serving(CasServer().app()) as cas,
    ):
        file = providers_file(folder, issuer, f"{cas}/cas")
        changed = {"app_origin": origin, "sign_in_providers": file}
        settings = GatewaySettings(**{**known.model_dump(), **changed})
        async with running(settings, httpx.AsyncHTTPTransport()) as tool:
            served = Site(origin, tool, issuer)
            async with serving(served, port):
                yield served
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
async def page(site: Site, tmp_path: Path) -> AsyncIterator[Page]:
    async with chromium(Cookies.BLOCKED, site.origin, tmp_path / "profile") as browser:
        yield await browser.new_page()


async def accessible(page: Page) -> None:
    await page.add_script_tag(path=str(AXE))
    violations = await page.evaluate("axe.run().then(r => r.violations.map(v => v.id))")
    assert violations == []


async def test_from_a_bookmark_through_the_provider_and_out_again(site: Site, page: Page) -> None:
    site.can = ["create_courses"]
    await page.goto(f"{site.origin}/dashboard/calendar")
    await page.wait_for_url("**/sign-in?to=*")
    await expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    await accessible(page)
    await page.set_viewport_size({"width": 400, "height": 700})
    assert await page.evaluate("document.documentElement.scrollWidth <= 400")
    await page.set_viewport_size({"width": 1200, "height": 800})
    await page.get_by_role("link", name="Continue with Campus account").focus()
    await page.keyboard.press("Enter")
    await page.locator("input[name=login]").fill("grace")
    await page.locator("input[name=password]").fill("any")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/dashboard/calendar")
    await page.reload()  # the refresh cookie restores the session
    await expect(page.get_by_text("Grace Hopper").first).to_be_visible()
    await page.get_by_role("button", name="Sign out").click()
    await expect(page.get_by_role("heading", name="You are signed out")).to_be_visible()
    await accessible(page)
    await page.get_by_role("link", name="Sign out of Campus account too").click()
    await page.wait_for_url("http://127.0.0.1:*/session/end*")
    await page.goto(f"{site.origin}/dashboard")
    await page.wait_for_url("**/sign-in?to=*")


async def test_somebody_without_any_right_reads_what_to_do(site: Site, page: Page) -> None:
    await page.goto(f"{site.origin}/sign-in")
    await page.get_by_role("link", name="Continue with Institute").click()
    await expect(
        page.get_by_role("heading", name="You have no access to a course yet")
    ).to_be_visible()
    await accessible(page)


async def test_an_operators_link_asks_then_opens_the_dashboard(site: Site, page: Page) -> None:
    site.can = ["operate"]
    async with transaction(site.tool.app.state.sessions) as db:
        link = await new_link(db, PEOPLE, site.origin, site.tool.now)
    await page.goto(link)
    await expect(page.get_by_role("heading", name="Enter as an operator")).to_be_visible()
    assert "link=" not in page.url
    await accessible(page)
    await page.get_by_role("button", name="Enter").click()
    await page.wait_for_url("**/dashboard/courses")


async def test_signing_out_at_the_provider_ends_the_visit_here(site: Site, page: Page) -> None:
    """Back-channel logout: the provider's server calls ours."""
    site.can = ["create_courses"]
    await page.goto(f"{site.origin}/sign-in")
    await page.get_by_role("link", name="Continue with Campus account").click()
    await page.locator("input[name=login]").fill("grace")
    await page.locator("input[name=password]").fill("any")
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/dashboard/courses")
    elsewhere = await page.context.new_page()
    await elsewhere.goto(f"{site.issuer}/session/end")
    await elsewhere.get_by_role("button", name="Yes, sign me out").click()
    await elsewhere.wait_for_url("**/session/end/success*")
    await nobody_left(site)  # the provider gives its call 2.5 s
    await page.bring_to_front()
    await page.goto(f"{site.origin}/dashboard")
    await page.wait_for_url("**/sign-in?to=*")


async def nobody_left(site: Site) -> None:
    """Wait until no web session of this gateway is open."""
    is_open = select(func.count()).select_from(WebSession).where(WebSession.ended_at.is_(None))

    async def none_is_open() -> bool:
        async with transaction(site.tool.app.state.sessions) as db:
            return not await db.scalar(is_open)

    await until(none_is_open, "every web session has ended")
