"""The gateway's API of platforms, as api calls it, and orders to it."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.platforms import (
    PlatformActOrder,
    PlatformDraft,
    PlatformOrder,
)
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from tests.conftest import ServiceKeys

from ..conftest import Tool
from ..fake_platform import FakePlatform

OPERATOR = PlatformActOrder(actor=uuid4())


@pytest.fixture
async def api(tool: Tool, service_keys: ServiceKeys) -> AsyncIterator[LtiClient]:
    """The client of the gateway that api has."""
    key = service_keys.private["mydocker-api"].get_secret_value()
    identity = ServiceIdentity.load("mydocker-api", key)
    transport = httpx.ASGITransport(app=tool.app)
    client = LtiClient(
        ServiceClient("http://gateway", "mydocker-lti-gateway", identity, utc_now, transport)
    )
    yield client
    await client.aclose()


def draft_of(platform: FakePlatform, **changes: object) -> PlatformDraft:
    fields = {
        "name": platform.host,
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "authorization_url": platform.authorization_url,
        "token_url": f"{platform.issuer}/token",
        "jwks_url": platform.jwks_url,
        "deployment_ids": [platform.deployment_id],
    }
    return PlatformDraft.model_validate({**fields, **changes})


def order_of(platform: FakePlatform, **changes: object) -> PlatformOrder:
    return PlatformOrder(draft=draft_of(platform, **changes), actor=OPERATOR.actor)


async def id_of(api: LtiClient, platform: FakePlatform) -> UUID:
    listed = await api.platforms({"search": platform.host})
    return listed.items[0].id
