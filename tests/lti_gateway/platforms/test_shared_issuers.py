"""Several registrations of an issuer: other keys need an operator's explicit consent."""

import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from pydantic import SecretStr

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.platforms import PlatformAct, PlatformActOrder, PlatformOrder
from mydocker_kit.contracts.gateway.sign_ins import OWN_ISSUER
from mydocker_kit.errors import Conflict, Invalid
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from tests.conftest import ServiceKeys

from ..conftest import TARGET, Tool, gateway_settings, running
from ..fake_platform import FakePlatform
from .platforms_api import OPERATOR, draft_of, id_of, order_of
from .platforms_api import api as api
from .registering_platform import Admin
from .registering_platform import admin as admin
from .test_platforms_command import DEMO, Command
from .test_platforms_command import platforms as platforms


def second(platform: FakePlatform, **changes: object) -> PlatformOrder:
    """Another client of the same issuer, with its own keys by default."""
    fields = {"client_id": uuid4().hex, "jwks_url": f"{platform.issuer}/tenant-b/jwks", **changes}
    return order_of(platform, **fields)


async def journal_of(api: LtiClient, id: UUID) -> list[dict[str, Any]]:
    page = await api.platform_events(id, {})
    return [event.model_dump(include={"kind", "facts"}) for event in page.items]


async def test_another_tool_of_the_same_platform_is_normal(
    platform: FakePlatform,
    api: LtiClient,
) -> None:
    for keys in (platform.jwks_url, platform.jwks_url.replace(".example/", ".example:443/")):
        added = await api.put_platform(uuid4(), second(platform, jwks_url=keys))
        assert added.shares_people_with == []


async def test_other_keys_need_an_explicit_yes_which_the_journal_keeps(
    platform: FakePlatform,
    api: LtiClient,
) -> None:
    order, id = second(platform), uuid4()
    with pytest.raises(Conflict) as refused:
        await api.put_platform(id, order)
    assert refused.value.code == "issuer_shared"
    assert platform.host in str(refused.value.parameters["platforms"])
    accepted = order.model_copy(update={"shares_people": True})
    added = await api.put_platform(id, accepted)
    assert added.shares_people_with == [platform.host]
    [event] = await journal_of(api, id)
    assert event["facts"]["shares_people_with"] == [platform.host]
    # A change of another field needs no further consent.
    renamed = order.model_copy(
        update={"draft": order.draft.model_copy(update={"name": "Second school"})}
    )
    assert (await api.put_platform(id, renamed)).name == "Second school"
    # The other platform shows it as well.
    first = await api.platform(await id_of(api, platform))
    assert first.shares_people_with == ["Second school"]


async def test_changed_keys_or_a_changed_issuer_ask_again(
    platform: FakePlatform,
    tool: Tool,
    api: LtiClient,
) -> None:
    other = FakePlatform(TARGET)
    id = await tool.add(other)
    for changes in (
        {"issuer": platform.issuer},
        {"issuer": platform.issuer, "jwks_url": f"{other.issuer}/other"},
    ):
        with pytest.raises(Conflict):
            await api.put_platform(id, order_of(other, **changes))
    twin = second(platform, jwks_url=platform.jwks_url)
    twin_id = uuid4()
    await api.put_platform(twin_id, twin)
    moved = twin.draft.model_copy(update={"jwks_url": f"{platform.issuer}/new"})
    with pytest.raises(Conflict):
        await api.put_platform(twin_id, twin.model_copy(update={"draft": moved}))


async def test_a_disabled_platforms_people_are_guarded_as_well(
    platform: FakePlatform,
    api: LtiClient,
) -> None:
    await api.act_on_platform(await id_of(api, platform), PlatformAct.DISABLE, OPERATOR)
    with pytest.raises(Conflict):
        await api.put_platform(uuid4(), second(platform))


async def test_people_left_behind_by_a_platform_that_became_another_are_guarded(
    platform: FakePlatform,
    tool: Tool,
    api: LtiClient,
) -> None:
    former = platform.issuer
    id = await id_of(api, platform)
    renamed = order_of(platform, issuer=f"https://{uuid4().hex}.example")
    await api.put_platform(id, renamed)
    newcomer = FakePlatform(TARGET)
    with pytest.raises(Conflict):
        await api.put_platform(uuid4(), order_of(newcomer, issuer=former))


async def test_who_registers_itself_is_approved_with_the_explicit_yes(
    admin: Admin,
    api: LtiClient,
) -> None:
    known = admin.registering.platform
    draft = draft_of(known, client_id="first", jwks_url=f"{known.issuer}/tenant-a/jwks")
    await api.put_platform(uuid4(), PlatformOrder(draft=draft, actor=OPERATOR.actor))
    assert (await admin.register()).status_code == 200
    page = await api.platforms({"search": known.client_id})
    [waiting] = page.items
    assert waiting.shares_people_with == [known.host]
    with pytest.raises(Conflict) as refused:
        await api.act_on_platform(waiting.id, PlatformAct.APPROVE, OPERATOR)
    assert refused.value.code == "issuer_shared"
    accepted = PlatformActOrder(actor=OPERATOR.actor, shares_people=True)
    await api.act_on_platform(waiting.id, PlatformAct.APPROVE, accepted)
    assert (await journal_of(api, waiting.id))[0] == {
        "kind": "approved",
        "facts": {"shares_people_with": [known.host]},
    }


async def test_the_command_asks_too(platforms: Command) -> None:
    status, _, errors = await platforms(*DEMO, "--allow-http")
    assert status == 0, errors
    changed = {"mydocker-demo": "second", "http://127.0.0.1:8600/jwks": "http://127.0.0.1:8600/b"}
    other = [changed.get(part, part) for part in DEMO]
    status, out, errors = await platforms(*other, "--allow-http")
    assert (status, out) == (1, "")
    assert "--shares-people" in errors
    status, out, errors = await platforms(*other, "--allow-http", "--shares-people")
    assert (status, json.loads(out)["client_id"]) == (0, "second"), errors


@pytest.fixture
async def with_sign_in(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr, tmp_path: Path
) -> AsyncIterator[Tool]:
    file = tmp_path / "providers.toml"
    file.write_text(
        '[[provider]]\nkind = "openid"\nid = "school"\ntitle = "School"\n'
        'issuer = "https://sso.school.example"\n'
        'client_id = "x"\n'
    )
    settings = gateway_settings(database_url, service_keys, vault_keys)
    async with running(settings.model_copy(update={"sign_in_providers": file})) as tool:
        yield tool


@pytest.mark.parametrize("issuer", [OWN_ISSUER, "https://sso.school.example"])
async def test_no_platform_has_the_issuer_of_a_sign_in(
    with_sign_in: Tool, service_keys: ServiceKeys, issuer: str
) -> None:
    client = lti_client(with_sign_in, service_keys)
    with pytest.raises(Invalid) as refused:
        await client.put_platform(uuid4(), order_of(FakePlatform(TARGET), issuer=issuer))
    assert refused.value.code == "issuer_reserved"
    await client.aclose()


def lti_client(tool: Tool, keys: ServiceKeys) -> LtiClient:
    pem = keys.private["mydocker-api"].get_secret_value()
    identity = ServiceIdentity.load("mydocker-api", pem)
    transport = httpx.ASGITransport(app=tool.app)
    return LtiClient(
        ServiceClient("http://gateway", "mydocker-lti-gateway", identity, utc_now, transport)
    )
