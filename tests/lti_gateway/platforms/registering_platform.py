"""A platform in memory with dynamic registration by Moodle's rules."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest
from sqlalchemy import select

from mydocker_kit.contracts.gateway.invitations import InvitationDraft, NewInvitation
from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.postgres.db import transaction
from mydocker_lti.domain.openid_configuration import TOOL
from mydocker_lti.models import Registration
from mydocker_lti.platforms.acts import act
from mydocker_lti.platforms.invitations import invite

from ..conftest import ORIGIN, TARGET, Tool
from ..fake_platform import FakePlatform

CONFIGURATION = "/mod/lti/openid-configuration.php"
REGISTRATION = "/mod/lti/openid-registration.php"


@dataclass
class Registering:
    """The platform's answers, and the requests it received."""

    platform: FakePlatform
    requests: list[httpx.Request] = field(default_factory=list)
    changes: dict[str, Any] = field(default_factory=dict)
    """Changes of the configuration; None removes a field."""
    answer: httpx.Response | None = None
    """Answer to a registration, instead of the normal one."""
    token: str = field(default_factory=lambda: uuid4().hex)
    spent: bool = False
    reusable: bool = False
    """Of an update."""
    deployment: bool = True
    status: int = 200

    def configuration(self) -> dict[str, Any]:
        issuer = self.platform.issuer
        fields = {
            "issuer": issuer,
            "authorization_endpoint": self.platform.authorization_url,
            "token_endpoint": f"{issuer}/token",
            "jwks_uri": self.platform.jwks_url,
            "registration_endpoint": f"{issuer}{REGISTRATION}",
            "token_endpoint_auth_methods_supported": ["private_key_jwt"],
            "token_endpoint_auth_signing_alg_values_supported": ["RS256"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "response_types_supported": ["id_token"],
            "scopes_supported": [
                "https://purl.imsglobal.org/spec/lti-ags/scope/score",
                "https://purl.imsglobal.org/spec/lti-ags/scope/lineitem",
                "https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly",
                "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly",
                "https://purl.imsglobal.org/spec/lti-ts/scope/toolsetting",
            ],
            "https://purl.imsglobal.org/spec/lti-platform-configuration": {
                "product_family_code": "moodle",
                "version": "2024100706",
            },
            **self.changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.path == CONFIGURATION:
            return httpx.Response(200, json=self.configuration())
        if self.answer is not None:
            return self.answer
        return self._register(request)

    def _register(self, request: httpx.Request) -> httpx.Response:
        if request.headers.get("Authorization") != f"Bearer {self.token}":
            return httpx.Response(404, html="<title>Error</title>")
        if self.spent:
            return httpx.Response(401, text="token_already_used")
        fields = json.loads(request.content)
        tool = fields[TOOL]
        if tool["domain"] != urlsplit(tool["target_link_uri"]).netloc:
            return httpx.Response(400, text="domain_targetlinkuri_mismatch")
        self.spent = not self.reusable
        named = {"deployment_id": self.platform.deployment_id} if self.deployment else {}
        body = {**fields, "client_id": self.platform.client_id, TOOL: {**tool, **named}}
        return httpx.Response(self.status, json=body)

    @property
    def posts(self) -> list[httpx.Request]:
        return [request for request in self.requests if request.method == "POST"]


@dataclass
class Admin:
    """An administrator of the platform with an invitation."""

    tool: Tool
    registering: Registering
    invitation: NewInvitation
    browser: httpx.AsyncClient

    def parameters(self, **changes: str | None) -> dict[str, str]:
        """Parameters of the registration URL in the platform's frame."""
        fields = {
            "invitation": self.invitation.url.rpartition("=")[2],
            "openid_configuration": f"{self.registering.platform.issuer}{CONFIGURATION}",
            "registration_token": self.registering.token,
            **changes,
        }
        return {name: value for name, value in fields.items() if value is not None}

    async def look(self, **changes: str | None) -> httpx.Response:
        query = urlencode(self.parameters(**changes))
        return await self.browser.get(f"/lti/register?{query}")

    async def register(self, **changes: str | None) -> httpx.Response:
        form = {**self.parameters(), "names": "1", **changes}
        present = {name: value for name, value in form.items() if value is not None}
        return await self.browser.post("/lti/register", data=present)


async def new_invitation(tool: Tool, hours: int = 2) -> NewInvitation:
    draft = InvitationDraft(label="Lycée Ampère", hours=hours)
    async with transaction(tool.app.state.sessions) as db:
        return await invite(db, draft, ORIGIN, tool.now, actor="command")


@pytest.fixture
async def admin(tool: Tool) -> AsyncIterator[Admin]:
    platform = FakePlatform(TARGET)
    registering = Registering(platform)
    platform.services = registering
    tool.platforms[platform.host] = platform
    async with tool.browser() as browser:
        yield Admin(tool, registering, await new_invitation(tool), browser)


async def rows_of(admin: Admin) -> list[Registration]:
    issuer = admin.registering.platform.issuer
    async with transaction(admin.tool.app.state.sessions) as db:
        return list(await db.scalars(select(Registration).where(Registration.issuer == issuer)))


async def reason_of(admin: Admin, answer: httpx.Response) -> str:
    return (await admin.tool.refusal(answer)).reason


async def approve(admin: Admin, row: Registration) -> None:
    async with transaction(admin.tool.app.state.sessions) as db:
        await act(db, row.id, PlatformAct.APPROVE, admin.tool.now, actor="command")
