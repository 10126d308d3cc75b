"""Platforms as operators handle them, asked by api: who may enter follows at once."""

from collections.abc import AsyncIterator
from uuid import UUID, uuid4

import httpx
import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.platforms import (
    ByOperator,
    DeploymentOrder,
    PlatformAct,
    PlatformDraft,
    PlatformOrder,
    PlatformState,
)
from mydocker_kit.db import transaction
from mydocker_kit.errors import Conflict, Invalid, NotFound
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.models import Registration
from tests.conftest import ServiceKeys

from .conftest import Tool, Visit
from .platform import FakePlatform

OPERATOR = ByOperator(actor=uuid4())


@pytest.fixture
async def api(tool: Tool, service_keys: ServiceKeys) -> AsyncIterator[LtiClient]:
    """The gateway as api asks it."""
    key = service_keys.private["mydocker-api"].get_secret_value()
    identity = ServiceIdentity.load("mydocker-api", key)
    transport = httpx.ASGITransport(app=tool.app)
    client = LtiClient(
        ServiceClient("http://gateway", "mydocker-lti-gateway", identity, utc_now, transport)
    )
    yield client
    await client.aclose()


def draft_of(platform: FakePlatform, **changes: object) -> PlatformDraft:
    said = {
        "name": platform.host,
        "issuer": platform.issuer,
        "client_id": platform.client_id,
        "authorization_url": platform.authorization_url,
        "token_url": f"{platform.issuer}/token",
        "jwks_url": platform.jwks_url,
        "deployment_ids": [platform.deployment_id],
    }
    return PlatformDraft.model_validate({**said, **changes})


def order_of(platform: FakePlatform, **changes: object) -> PlatformOrder:
    return PlatformOrder(draft=draft_of(platform, **changes), actor=OPERATOR.actor)


async def id_of(api: LtiClient, platform: FakePlatform) -> UUID:
    found = await api.platforms(search=platform.host, page=1, page_size=10)
    return found.items[0].id


async def test_only_services_ask(tool: Tool) -> None:
    async with tool.browser() as browser:
        assert (await browser.get("/internal/platforms")).status_code == 401
        assert (await browser.post(f"/internal/platforms/{uuid4()}/disable")).status_code == 401


async def test_a_platform_added_by_an_operator_lets_people_in(tool: Tool, api: LtiClient) -> None:
    platform = FakePlatform(f"{tool.app.state.settings.app_origin}/lti/launch")
    tool.platforms[platform.host] = platform
    order, id = order_of(platform), uuid4()
    added = await api.put_platform(id, order)
    assert (added.state, added.origins) == (PlatformState.ACTIVE, [platform.issuer])
    assert (await api.put_platform(id, order)).id == id
    async with tool.browser() as browser:
        visit = Visit(tool, platform, browser)
        assert (await visit.enter()).status_code == 200
    seen = await api.platform(id)
    assert (seen.visitors, seen.used_at) == (1, tool.now)


async def test_what_is_wrong_with_addresses_is_said_field_by_field(
    tool: Tool, api: LtiClient
) -> None:
    platform = FakePlatform("https://tool.example/lti/launch")
    wrong = order_of(
        platform,
        token_url="http://lms.example/token",
        jwks_url="https://user@lms.example/jwks",
        authorization_url="not an address",
    )
    with pytest.raises(Invalid) as refused:
        await api.put_platform(uuid4(), wrong)
    assert {(one.field, one.code) for one in refused.value.fields} == {
        ("token_url", "address_not_https"),
        ("jwks_url", "address_with_user"),
        ("authorization_url", "address_unreadable"),
    }


async def test_one_issuer_and_client_id_is_one_platform(
    api: LtiClient, platform: FakePlatform
) -> None:
    with pytest.raises(Conflict) as refused:
        await api.put_platform(uuid4(), order_of(platform))
    assert refused.value.code == "platform_exists"
    with pytest.raises(NotFound):
        await api.platform(uuid4())


async def test_mt_03_disabling_ends_visits_and_enabling_lets_people_in_again(
    visit: Visit, api: LtiClient
) -> None:
    assert (await visit.enter()).status_code == 200
    id = await id_of(api, visit.platform)
    off = await api.act_on_platform(id, PlatformAct.DISABLE, OPERATOR)
    assert (off.state, off.visitors) == (PlatformState.DISABLED, 0)
    refused = await visit.browser.post("/lti/login", data=visit.platform.login())
    assert (await visit.tool.refusal(refused)).reason == "platform_disabled"
    on = await api.act_on_platform(id, PlatformAct.ENABLE, OPERATOR)
    assert on.state is PlatformState.ACTIVE
    assert (await visit.enter()).status_code == 200


async def test_mt_03_a_deployment_is_added_and_disabled(visit: Visit, api: LtiClient) -> None:
    id = await id_of(api, visit.platform)
    order = DeploymentOrder(deployment_id="7/b", actor=OPERATOR.actor)
    await api.put_deployment(id, order)
    assert (await visit.enter(await visit.launch(deployment_id="7/b"))).status_code == 200
    off = await api.put_deployment(id, order.model_copy(update={"enabled": False}))
    assert [one.enabled for one in off.deployments] == [True, False]
    assert off.visitors == 0
    refused = await visit.launch(deployment_id="7/b")
    assert (await visit.tool.refusal(refused)).reason == "deployment_unknown"


async def test_a_platform_that_waits_for_approval_sends_nobody_and_frames_nothing(
    visit: Visit, api: LtiClient
) -> None:
    id = await id_of(api, visit.platform)
    async with transaction(visit.tool.app.state.sessions) as db:
        (await db.get_one(Registration, id)).approved_at = None
    waiting = await api.platforms(search="", state=PlatformState.PENDING, page=1, page_size=50)
    assert [one.id for one in waiting.items] == [id]
    refused = await visit.browser.post("/lti/login", data=visit.platform.login())
    assert (await visit.tool.refusal(refused)).reason == "platform_pending"
    framing = await visit.browser.get("/lti/framing")
    assert visit.platform.issuer not in framing.headers["Content-Security-Policy"]
    approved = await api.act_on_platform(id, PlatformAct.APPROVE, OPERATOR)
    assert approved.state is PlatformState.ACTIVE
    assert (await visit.enter()).status_code == 200
