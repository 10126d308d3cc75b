"""Platforms by api for operators; changes take effect at once."""

import asyncio
from datetime import timedelta
from uuid import uuid4

import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.gateway.platforms import (
    DeploymentOrder,
    PlatformAct,
    PlatformState,
    PlatformStatus,
)
from mydocker_kit.errors import Conflict, EditedMeanwhile, Invalid, NotFound
from mydocker_kit.etags import ANY_VERSION, IfMatch
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Registration

from ..conftest import Tool, Visit
from ..fake_platform import OTHER_KEY, FakePlatform, public_jwk
from .platforms_api import OPERATOR, id_of, order_of
from .platforms_api import api as api


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
    assert (seen.signed_in, seen.used_at) == (1, tool.now)


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
    assert {(field.field, field.code) for field in refused.value.fields} == {
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
    assert (off.state, off.signed_in) == (PlatformState.DISABLED, 0)
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
    visit.tool.pass_time(seconds=1)
    off = await api.put_deployment(id, order.model_copy(update={"enabled": False}))
    assert [deployment.enabled for deployment in off.deployments] == [True, False]
    assert off.signed_in == 0
    refused = await visit.launch(deployment_id="7/b")
    assert (await visit.tool.refusal(refused)).reason == "deployment_disabled"


async def test_a_platform_that_waits_for_approval_sends_nobody_and_frames_nothing(
    visit: Visit, api: LtiClient
) -> None:
    id = await id_of(api, visit.platform)
    async with transaction(visit.tool.app.state.sessions) as db:
        (await db.get_one(Registration, id)).approved_at = None
    waiting = await api.platforms({}, PlatformState.PENDING)
    assert [platform.id for platform in waiting.items] == [id]
    refused = await visit.browser.post("/lti/login", data=visit.platform.login())
    assert (await visit.tool.refusal(refused)).reason == "platform_pending"
    framing = await visit.browser.get("/lti/framing")
    assert visit.platform.issuer not in framing.headers["Content-Security-Policy"]
    approved = await api.act_on_platform(id, PlatformAct.APPROVE, OPERATOR)
    assert approved.state is PlatformState.ACTIVE
    assert (await visit.enter()).status_code == 200


async def test_what_was_seen_of_its_keys_and_what_went_wrong(visit: Visit, api: LtiClient) -> None:
    id = await id_of(api, visit.platform)
    never = await api.platform_keys(id)
    assert (never.kids, never.tried_at) == ([], None)
    assert (await visit.enter()).status_code == 200
    seen = await api.platform_keys(id)
    assert (seen.kids, seen.fetched_at, seen.failure) == (
        [visit.platform.kid],
        visit.tool.now,
        None,
    )
    visit.platform.status = 503
    visit.tool.pass_time(minutes=1)
    failed = await api.fetch_platform_keys(id)
    assert (failed.kids, failed.tried_at) == (seen.kids, visit.tool.now)
    assert failed.failure == "status 503"
    fetches = visit.platform.fetches
    visit.platform.status = 200
    # Twenty clicks make a single fetch.
    await asyncio.gather(*(api.fetch_platform_keys(id) for _ in range(20)))
    assert visit.platform.fetches == fetches
    visit.tool.pass_time(seconds=6)
    assert (await api.fetch_platform_keys(id)).failure is None
    with pytest.raises(NotFound):
        await api.fetch_platform_keys(uuid4())


async def test_registered_anew_with_other_keys_and_client_the_old_ones_count_no_more(
    visit: Visit, api: LtiClient
) -> None:
    platform, id = visit.platform, await id_of(api, visit.platform)
    assert (await visit.enter()).status_code == 200
    moved = FakePlatform(platform.target, host=f"new-{platform.host}", client_id="second")
    moved.keys = [public_jwk(OTHER_KEY, moved.kid)]
    visit.tool.platforms[moved.host] = moved
    changed = await api.put_platform(
        id, order_of(platform, jwks_url=moved.jwks_url, client_id=moved.client_id)
    )
    assert changed.client_id == "second"
    assert (await api.platform_keys(id)).kids == []
    refused = await visit.browser.post("/lti/login", data=platform.login())
    assert (await visit.tool.refusal(refused)).reason == "platform_unknown"
    platform.client_id = "second"
    begun = await visit.begin()
    claims = platform.claims(begun.nonce, visit.tool.now)
    # Effective at once despite the cache: the former key is refused.
    answer = await visit.post(begun, platform.sign(claims))
    assert (await visit.tool.refusal(answer)).reason == "key_unknown"
    begun = await visit.begin()
    claims = platform.claims(begun.nonce, visit.tool.now)
    token = platform.sign(claims, OTHER_KEY, headers={"kid": moved.kid})
    assert (await visit.post(begun, token)).status_code == 303


async def test_the_journal_says_who_did_what(visit: Visit, api: LtiClient) -> None:
    platform, id = visit.platform, await id_of(api, visit.platform)
    await api.act_on_platform(id, PlatformAct.DISABLE, OPERATOR)
    await api.act_on_platform(id, PlatformAct.DISABLE, OPERATOR)
    await api.act_on_platform(id, PlatformAct.ENABLE, OPERATOR)
    await api.put_platform(id, order_of(platform, name="Our Moodle"))
    page = await api.platform_events(id, {"page_size": 3})
    assert [event.kind for event in page.items] == ["changed", "enabled", "disabled"]
    assert page.total == 4
    assert {event.actor for event in page.items} == {str(OPERATOR.actor)}
    assert page.items[0].facts["fields"] == ["name"]
    asked: dict[str, str | int] = {"page_size": 3, "cursor": page.next_cursor or ""}
    [first] = (await api.platform_events(id, asked)).items
    assert (first.kind, first.actor) == ("added", "command")


async def test_the_journals_are_read_on_in_their_order(visit: Visit, api: LtiClient) -> None:
    id = await id_of(api, visit.platform)
    visit.tool.now += timedelta(seconds=6)  # what other tests did is settled
    before = [change.number for change in await api.platform_changes(0)]
    await api.act_on_platform(id, PlatformAct.DISABLE, OPERATOR)
    await api.act_on_platform(id, PlatformAct.ENABLE, OPERATOR)
    after = before[-1] if before else 0
    assert await api.platform_changes(after) == [], "an earlier number may still appear"
    visit.tool.now += timedelta(seconds=6)
    changes = [change for change in await api.platform_changes(after) if change.kind != "added"]
    assert [(change.platform_id, change.kind) for change in changes] == [
        (id, "disabled"),
        (id, "enabled"),
    ]
    assert await api.platform_changes(changes[-1].number) == []


async def test_our_addresses_follow_the_setting(api: LtiClient) -> None:
    addresses = await api.tool_addresses()
    assert addresses.login_url == "https://tool.example/lti/login"
    assert addresses.redirect_url == addresses.deep_linking_url == "https://tool.example/lti/launch"
    assert (addresses.key_set_url, addresses.domain) == (
        "https://tool.example/lti/jwks.json",
        "tool.example",
    )


async def test_refusals_of_one_platform(visit: Visit, api: LtiClient, tool: Tool) -> None:
    id, other = await id_of(api, visit.platform), FakePlatform(visit.platform.target)
    elsewhere = await tool.add(other)
    await visit.launch(version="1.3")
    mine = await api.refusals(asked={}, reason=None, platform_id=id)
    assert [refusal.reason for refusal in mine.items] == ["version_unsupported"]
    assert mine.reasons == {"version_unsupported": 1}
    none = await api.refusals(asked={}, reason=None, platform_id=elsewhere)
    assert none.total == 0


async def test_a_screen_takes_nobodys_leave_for_plain_http(tool: Tool, api: LtiClient) -> None:
    """http on this machine is allowed by the command only, and an update keeps it."""
    here = FakePlatform("https://tool.example/lti/launch")
    jwks = "http://127.0.0.1:9/jwks"
    id = await tool.add(here, allow_http=True, jwks_url=jwks)
    changed = await api.put_platform(id, order_of(here, jwks_url=jwks, name="Demo"))
    assert (changed.name, changed.jwks_url) == ("Demo", jwks)
    with pytest.raises(Invalid):
        await api.put_platform(id, order_of(here, jwks_url="http://lms.example/jwks"))


async def test_an_edit_of_another_version_is_refused_and_says_who_changed_it(
    tool: Tool, api: LtiClient
) -> None:
    platform = FakePlatform(f"{tool.app.state.settings.app_origin}/lti/launch")
    id, second = uuid4(), DeploymentOrder(deployment_id="2", actor=OPERATOR.actor)
    added = await api.put_platform(id, order_of(platform))
    first = IfMatch.parse(added.etag)
    assert (await api.platform(id)).etag == added.etag
    changed = await api.put_deployment(id, second, first)
    off = second.model_copy(update={"enabled": False})
    edits = (
        api.put_platform(id, order_of(platform, name="Mine"), first),
        api.put_deployment(id, off, first),
    )
    for edit in edits:
        with pytest.raises(EditedMeanwhile) as refused:
            await edit
        assert refused.value.code == "edited_meanwhile"
        assert refused.value.parameters["etag"] == changed.etag
        assert refused.value.parameters["changed_by"] == str(OPERATOR.actor)
        assert refused.value.parameters["changed_at"]
    assert (await api.platform(id)).etag == changed.etag
    with pytest.raises(NotFound):
        await api.put_platform(uuid4(), order_of(platform), ANY_VERSION)
    renamed = await api.put_platform(id, order_of(platform, name="Mine"), ANY_VERSION)
    assert renamed.name == "Mine"


async def test_of_edits_at_one_moment_exactly_one_wins(tool: Tool, api: LtiClient) -> None:
    platform, id = FakePlatform(f"{tool.app.state.settings.app_origin}/lti/launch"), uuid4()
    first = IfMatch.parse((await api.put_platform(id, order_of(platform))).etag)
    orders = [order_of(platform, name=f"Edit {number}") for number in range(5)]
    edits = [api.put_platform(id, order, first) for order in orders]
    answers = await asyncio.gather(*edits, return_exceptions=True)
    assert sum(isinstance(answer, EditedMeanwhile) for answer in answers) == 4
    [winner] = [answer for answer in answers if isinstance(answer, PlatformStatus)]
    assert (await api.platform(id)).name == winner.name
