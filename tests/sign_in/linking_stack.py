"""The stack for account linking in a browser: LMS, provider, gateway, api and the page."""

from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from deploy.demo.report import Report
from deploy.machine.instance import ROOT
from fastapi import FastAPI, Request
from fastapi.responses import FileResponse
from pydantic import SecretStr

from demo_lms.app import build as build_lms
from demo_lms.lms import Lms
from demo_lms.settings import Settings as LmsSettings
from deploy.demo import page as built_page
from mydocker_api.main import build as build_api
from mydocker_api.settings import Settings as ApiSettings
from mydocker_kit.clock import utc_now
from mydocker_kit.tokens import ServiceTrust
from mydocker_lti.main import build as build_gateway
from mydocker_lti.platforms.service import register
from mydocker_lti.settings import GatewaySettings
from tests.conftest import ServiceKeys
from tests.lms.conftest import form_of
from tests.lti_gateway.demo_stack import demo_platform, listener, serving
from tests.support.fakes.builder import FakeBuilder
from tests.support.fakes.orchestrator import FakeOrchestrator
from tests.support.ports import reserved
from tests.support.serving import serving as serving_api

from .cas_server import CasServer
from .conftest import openid_provider, providers_file

DIST = ROOT / "frontend/dist"


@dataclass
class LinkingStack:
    """Addresses of the tool and the LMS."""

    tool: str
    lms: str

    async def activity(self) -> str:
        """Create an activity that opens the dashboard; returns its id."""
        item = f'[{{"title":"Labs","text":"","url":"{self.tool}/lti/launch",'
        item += '"custom":{"landing":"dashboard"}}]'
        async with httpx.AsyncClient(timeout=30) as http:
            form = form_of(await http.get(f"{self.lms}/as/claire-fontaine/activities/new"))
            fields = {**form.fields, "items": item, "title": "Labs"}
            saved = await http.post(f"{self.lms}/as/claire-fontaine/activities", data=fields)
        return saved.headers["Location"].rpartition("/")[2]


@dataclass
class _Edge:
    """One origin with the gateway, the api and the page, as the edge serves it."""

    gateway: FastAPI
    api: FastAPI

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        path = scope.get("path", "")
        if path.startswith("/lti/"):
            await self.gateway(scope, receive, send)
        elif path.startswith("/api/"):
            await self.api(scope, receive, send)
        else:
            await _files()(scope, receive, send)


def _files() -> FastAPI:
    app = FastAPI()

    @app.get("/{rest:path}")
    async def file(rest: str, request: Request) -> FileResponse:
        there = DIST / rest
        return FileResponse(there if there.is_file() else DIST / "index.html")

    return app


@asynccontextmanager
async def linking_stack(
    database_url: str, keys: ServiceKeys, vault_keys: SecretStr, folder: Path
) -> AsyncIterator[LinkingStack]:
    """Run all parts, registered with each other."""
    built_page.build(Report(quiet=True))
    (tool_socket, tool_port), (lms_socket, lms_port) = listener(), listener()
    gateway_socket, gateway_port = listener()
    tool, lms = f"http://localhost:{tool_port}", f"http://127.0.0.1:{lms_port}"
    common: dict[str, Any] = {
        "database_url": SecretStr(database_url),
        "trusted_service_keys": keys.folder,
        "vault_keys": vault_keys,
        "app_origin": tool,
    }
    async with AsyncExitStack() as stack:
        (api_port,) = stack.enter_context(reserved())
        enter = stack.enter_async_context
        callback = f"{tool}/lti/sign-in/campus/callback"
        issuer = await enter(openid_provider(callback, f"{tool}/signed-out"))
        cas = await enter(serving_api(CasServer().app()))
        orchestrator = FakeOrchestrator(ServiceTrust.load("mydocker-orchestrator", keys.folder))
        builder = FakeBuilder(ServiceTrust.load("mydocker-builder", keys.folder))
        gateway = build_gateway(
            GatewaySettings(
                **common,
                service_key=keys.private["mydocker-lti-gateway"],
                private_platforms=f"127.0.0.1:{lms_port}",
                api_url=f"http://127.0.0.1:{api_port}",
                sign_in_providers=providers_file(folder, issuer, f"{cas}/cas"),
            )
        )
        api = build_api(
            ApiSettings(
                **common,
                service_key=keys.private["mydocker-api"],
                orchestrator_url=await enter(serving_api(orchestrator.app)),
                builder_url=await enter(serving_api(builder.app)),
                lti_url=f"http://127.0.0.1:{gateway_port}",
                user_content_origin="http://env.localhost:8000",
                cookie_key=SecretStr("k" * 40),
                catalogue=folder / "catalogue",
            )
        )
        campus = build_lms(Lms.open(LmsSettings(lms, tool, folder / "lms", None)))
        await enter(gateway.router.lifespan_context(gateway))
        await enter(serving(gateway, gateway_socket))
        await enter(serving_api(api, api_port))
        await enter(serving(_Edge(gateway, api), tool_socket))
        await enter(serving(campus, lms_socket))
        async with gateway.state.sessions() as db, db.begin():
            await register(db, demo_platform(lms), utc_now())
        yield LinkingStack(tool, lms)
