"""A demo LMS in this process, and a tool that signs what a test asks for."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from jwt.algorithms import RSAAlgorithm

from demo_lms.app import build
from demo_lms.lms import Lms
from demo_lms.settings import CLIENT_ID, Settings

ORIGIN = "http://127.0.0.1:8600"
TOOL = "http://localhost:8000"
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)


@dataclass
class Form:
    """The first form of a page."""

    action: str = ""
    fields: dict[str, str] = field(default_factory=dict)


class _Forms(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.form = Form()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.form.action = given.get("action", "")
        if tag == "input" and "name" in given:
            self.form.fields[given["name"]] = given.get("value", "")


def form_of(response: httpx.Response) -> Form:
    parser = _Forms()
    parser.feed(response.text)
    return parser.form


@dataclass
class World:
    """The LMS, a browser, and the tool behind it."""

    browser: httpx.AsyncClient
    lms: Lms
    now: datetime
    kid: str = "k1"
    tool_away: bool = False

    def tool(self, request: httpx.Request) -> httpx.Response:
        if self.tool_away:
            return httpx.Response(503)
        jwk = json.loads(RSAAlgorithm.to_jwk(KEY.public_key()))
        jwk.pop("key_ops")
        return httpx.Response(200, json={"keys": [{**jwk, "kid": self.kid, "alg": "RS256"}]})

    def signed(self, claims: dict[str, Any], **headers: Any) -> str:
        now = int(self.now.timestamp())
        all_claims = {"iss": CLIENT_ID, "iat": now - 1, "exp": now + 60, **claims}
        known = {"kid": self.kid, **headers}
        stated = {name: value for name, value in known.items() if value is not None}
        return jwt.encode(all_claims, KEY, algorithm="RS256", headers=stated)

    async def login_form(self, path: str = "/as/claire-fontaine/content/launch") -> Form:
        return form_of(await self.browser.get(path))

    async def authenticate(self, form: Form, **changes: str | None) -> httpx.Response:
        """What a tool asks, from the fields of a login initiation."""
        asked = {
            "scope": "openid",
            "response_type": "id_token",
            "response_mode": "form_post",
            "prompt": "none",
            "client_id": CLIENT_ID,
            "redirect_uri": f"{TOOL}/lti/launch",
            "state": "s" * 32,
            "nonce": "n" * 32,
            "login_hint": form.fields["login_hint"],
            "lti_message_hint": form.fields["lti_message_hint"],
            **changes,
        }
        fields = {name: value for name, value in asked.items() if value is not None}
        return await self.browser.get("/auth", params=fields)

    async def bearer(self, scope: str) -> str:
        assertion = self.signed({"sub": CLIENT_ID, "aud": f"{ORIGIN}/token", "jti": uuid4().hex})
        answer = await self.ask_token(assertion, scope)
        assert answer.status_code == 200, answer.text
        return str(answer.json()["access_token"])

    async def ask_token(self, assertion: str, scope: str) -> httpx.Response:
        return await self.browser.post(
            "/token",
            data={
                "grant_type": "client_credentials",
                "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": assertion,
                "scope": scope,
            },
        )

    def pass_time(self, **span: float) -> None:
        self.now += timedelta(**span)


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    settings = Settings(ORIGIN, TOOL, tmp_path)
    holder: list[World] = []
    transport = httpx.MockTransport(lambda request: holder[0].tool(request))
    lms = Lms.open(settings, to_tool=transport, clock=lambda: holder[0].now)
    app = httpx.ASGITransport(app=build(lms))
    async with httpx.AsyncClient(transport=app, base_url=ORIGIN) as browser:
        holder.append(World(browser, lms, datetime.now(UTC).replace(microsecond=0)))
        yield holder[0]
