"""Fixtures: a gateway per module, a platform and a browser per test."""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit
from uuid import UUID, uuid4, uuid5

import httpx
import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from sqlalchemy import func, select

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.contracts.gateway.launches import (
    Arrival,
    CourseItem,
    Landing,
    LandingKind,
    Launch,
)
from mydocker_kit.contracts.gateway.sign_ins import AccountName, LinkRequest, SignIn
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.main import build
from mydocker_lti.models import Refusal, Ticket
from mydocker_lti.platforms.service import Platform, register
from mydocker_lti.settings import GatewaySettings
from tests.conftest import ServiceKeys
from tests.support.postgresql import Database

from .fake_platform import FakePlatform

ORIGIN = "https://tool.example"
TARGET = f"{ORIGIN}/lti/launch"
NOTHING_YET = Landing(kind=LandingKind.NOTHING_YET)
PEOPLE = UUID("0f3f5a0e-6c5e-4b52-9a92-1d6f7c3f0001")


@dataclass
class LaunchReceiver:
    """The endpoints of api that the gateway calls; stores the launches it receives."""

    launches: list[Launch] = field(default_factory=list)
    sign_ins: list[SignIn] = field(default_factory=list)
    link_requests: list[LinkRequest] = field(default_factory=list)
    away: bool = False
    refuses: str | None = None
    landing: Landing = NOTHING_YET

    def answer(self, request: httpx.Request) -> httpx.Response:
        if self.away:
            raise httpx.ConnectError("nobody there")
        if self.refuses:
            return httpx.Response(403, json={"code": self.refuses, "title": "No", "detail": ""})
        if request.url.path.startswith("/internal/accounts/"):
            name = AccountName(name="Grace Hopper", email="grace@example.org")
            return httpx.Response(200, json=name.model_dump(mode="json"))
        body = json.loads(request.content)
        if request.url.path == "/internal/course-items":
            return httpx.Response(200, json=_items(body["course_ids"]))
        if request.url.path.startswith("/internal/sign-ins/"):
            return self._signed_in(SignIn.model_validate(body))
        if request.url.path.startswith("/internal/link-requests/"):
            self.link_requests.append(LinkRequest.model_validate(body))
            return httpx.Response(204)
        launch = Launch.model_validate(body)
        self.launches.append(launch)
        person = uuid5(PEOPLE, f"{launch.person.issuer} {launch.person.subject}")
        arrival = Arrival(user_id=person, landing=self.landing)
        return httpx.Response(200, json=arrival.model_dump(mode="json"))

    def _signed_in(self, entry: SignIn) -> httpx.Response:
        self.sign_ins.append(entry)
        person = uuid5(PEOPLE, f"{entry.person.issuer} {entry.person.subject}")
        landing = Landing(kind=LandingKind.DASHBOARD, embedded=False)
        arrival = Arrival(user_id=person, landing=landing)
        return httpx.Response(200, json=arrival.model_dump(mode="json"))


def _items(ids: list[str]) -> list[dict[str, str]]:
    return [
        CourseItem(id=UUID(id), title=f"Course {id[:4]}", text="Practice").model_dump(mode="json")
        for id in ids
    ]


@dataclass
class Tool:
    """The gateway under test with its fakes and clock."""

    app: FastAPI
    api: LaunchReceiver
    platforms: dict[str, FakePlatform]
    now: datetime
    stepped: timedelta = timedelta()
    """Sum of clock steps, which the monotonic clock does not follow."""

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)

    def step_clock(self, **span: float) -> None:
        self.now += timedelta(**span)
        self.stepped += timedelta(**span)

    def runtime(self) -> float:
        return (self.now - self.stepped).timestamp()

    def browser(self, address: str = "198.51.100.7") -> httpx.AsyncClient:
        transport = httpx.ASGITransport(app=self.app, client=(address, 40000))
        return httpx.AsyncClient(transport=transport, base_url=ORIGIN)

    async def add(self, platform: FakePlatform, **changes: Any) -> UUID:
        """Register the platform, as an operator does."""
        self.platforms[platform.host] = platform
        known: dict[str, Any] = {
            "name": platform.host,
            "issuer": platform.issuer,
            "client_id": platform.client_id,
            "authorization_url": platform.authorization_url,
            "token_url": f"{platform.issuer}/token",
            "jwks_url": platform.jwks_url,
            "deployment_ids": [platform.deployment_id],
            **changes,
        }
        async with transaction(self.app.state.sessions) as db:
            return (await register(db, Platform(**known), self.now)).id

    async def refusal(self, response: httpx.Response) -> Refusal:
        """The stored refusal of a page, by the reference on it."""
        reference = response.text.partition("<code>")[2].partition("</code>")[0]
        async with transaction(self.app.state.sessions) as db:
            return await db.get_one(Refusal, reference)

    async def tickets(self, platform: FakePlatform) -> int:
        """Number of tickets issued to this platform's people."""
        mine = [
            launch.id for launch in self.api.launches if launch.person.issuer == platform.issuer
        ]
        async with transaction(self.app.state.sessions) as db:
            query = select(func.count()).where(Ticket.launch_id.in_(mine))
            return await db.scalar(query) or 0


@dataclass
class Started:
    """A login between initiation and response."""

    state: str
    nonce: str


@dataclass
class Visit:
    """A person of a platform in a browser."""

    tool: Tool
    platform: FakePlatform
    browser: httpx.AsyncClient

    async def begin(self, **changes: str | None) -> Started:
        """Login initiation up to the redirect to the platform."""
        response = await self.browser.post("/lti/login", data=self.platform.login(**changes))
        assert response.status_code == 302, response.text
        query = parse_qs(urlsplit(response.headers["Location"]).query)
        return Started(query["state"][0], query["nonce"][0])

    async def post(self, started: Started, id_token: str) -> httpx.Response:
        form = {"state": started.state, "id_token": id_token}
        return await self.browser.post("/lti/launch", data=form)

    async def launch(self, **changes: Any) -> httpx.Response:
        """A complete launch with these changes of its claims."""
        started = await self.begin()
        claims = self.platform.claims(started.nonce, self.tool.now, **changes)
        return await self.post(started, self.platform.sign(claims))

    async def deep_link(self, **changes: Any) -> httpx.Response:
        started = await self.begin()
        claims = self.platform.deep_linking_claims(started.nonce, self.tool.now, **changes)
        return await self.post(started, self.platform.sign(claims))

    async def enter(self, response: httpx.Response | None = None) -> httpx.Response:
        """Exchange the ticket of an accepted launch, as the application does."""
        response = response or await self.launch()
        assert response.status_code == 303, response.text
        ticket = urlsplit(response.headers["Location"]).fragment.removeprefix("ticket=")
        return await self.browser.post("/lti/tickets", json={"ticket": ticket})

    def last_launch(self) -> Launch:
        issuer = self.platform.issuer
        return [launch for launch in self.tool.api.launches if launch.person.issuer == issuer][-1]


@pytest.fixture(scope="module")  # tests of other modules must not change lists and queues
async def gateway(
    postgres: Database, migrated_template: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> AsyncIterator[Tool]:
    name = f"lti{uuid4().hex}"
    postgres.run(f"CREATE DATABASE {name} TEMPLATE {migrated_template}")
    settings = gateway_settings(postgres.url(name), service_keys, vault_keys)
    async with running(settings) as tool:
        yield tool
    postgres.run(f"DROP DATABASE {name} WITH (FORCE)")


def gateway_settings(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> GatewaySettings:
    return GatewaySettings(
        database_url=SecretStr(database_url),
        service_key=service_keys.private["mydocker-lti-gateway"],
        trusted_service_keys=service_keys.folder,
        vault_keys=vault_keys,
        app_origin=ORIGIN,
        refusals_per_minute=100_000,
    )


@asynccontextmanager
async def running(
    settings: GatewaySettings, outside: httpx.AsyncBaseTransport | None = None
) -> AsyncIterator[Tool]:
    """A gateway in this process with a fake api and fake platforms, or the transport `outside`."""
    api, platforms = LaunchReceiver(), dict[str, FakePlatform]()
    tool = Tool(FastAPI(), api, platforms, datetime.now(UTC).replace(microsecond=0))

    def from_platform(request: httpx.Request) -> httpx.Response:
        platform = platforms.get(request.url.host)
        return platform.answer(request) if platform else httpx.Response(404)

    key = settings.service_key.get_secret_value()
    service = ServiceClient(
        "http://api",
        "mydocker-api",
        ServiceIdentity.load("mydocker-lti-gateway", key),
        lambda: tool.now,
        httpx.MockTransport(api.answer),
    )
    transport = httpx.MockTransport(from_platform)
    tool.app = build(
        settings,
        api=ApiClient(service),
        platforms=outside or transport,
        clock=lambda: tool.now,
        runtime=lambda: tool.runtime(),
        delivers=False,
    )
    async with tool.app.router.lifespan_context(tool.app):
        yield tool


@pytest.fixture
async def tool(gateway: Tool) -> Tool:
    """The gateway at the present time, with api answering."""
    gateway.now = datetime.now(UTC).replace(microsecond=0)
    gateway.stepped = timedelta()
    gateway.api.away, gateway.api.refuses = False, None
    gateway.api.landing = NOTHING_YET
    return gateway


@pytest.fixture
async def platform(tool: Tool) -> FakePlatform:
    """A registered platform."""
    platform = FakePlatform(TARGET)
    await tool.add(platform)
    return platform


@pytest.fixture
async def visit(tool: Tool, platform: FakePlatform) -> AsyncIterator[Visit]:
    """A person of the platform in a browser."""
    async with tool.browser() as browser:
        yield Visit(tool, platform, browser)
