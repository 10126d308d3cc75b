"""Revoked web sessions, and the revocation feed that api follows."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import aclosing
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.platforms import PlatformAct
from mydocker_kit.contracts.gateway.sessions import EndedSession, SessionEnd
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.models import Deployment, WebSession
from mydocker_lti.platforms import acts as platform_acts
from mydocker_lti.platforms import queries
from mydocker_lti.platforms.audit import COMMAND
from mydocker_lti.web_sessions.revocations import Revocations
from tests.conftest import ServiceKeys

from ..conftest import Tool, Visit
from ..fake_platform import FakePlatform
from .test_tokens import OWN, refresh


async def session_of(visit: Visit, **changes: object) -> UUID:
    """Sign a person in; returns the web session."""
    entered = await visit.enter(await visit.launch(**changes))
    return UUID(entered.json()["web_session_id"])


async def revocations_of(tool: Tool, after: int = 0) -> list[EndedSession]:
    """The revocations that the feed has now."""
    endings: Revocations = tool.app.state.revocations
    revocations: list[EndedSession] = []
    async with aclosing(endings.follow(after, 0)) as batches:
        async for batch in batches:
            if not batch:
                return revocations
            revocations += batch
    return revocations


async def reason_of(tool: Tool, session: UUID) -> SessionEnd | None:
    revocations = [ended for ended in await revocations_of(tool) if ended.web_session_id == session]
    assert len(revocations) <= 1
    return revocations[0].reason if revocations else None


async def user_of(tool: Tool, session: UUID) -> UUID:
    async with transaction(tool.app.state.sessions) as db:
        return (await db.get_one(WebSession, session)).user_id


async def registration_of(tool: Tool, platform: FakePlatform) -> UUID:
    async with transaction(tool.app.state.sessions) as db:
        revocations = await queries.registrations_of(db, platform.issuer, platform.client_id)
        return revocations[0].id


async def sign_out(visit: Visit) -> None:
    await visit.browser.post("/lti/tokens/revoke", headers=OWN)


async def enter_as_another(visit: Visit) -> None:
    await session_of(visit, sub="another")


async def reuse(visit: Visit) -> None:
    stolen = visit.browser.cookies["__Host-mydocker-refresh"]
    await refresh(visit)
    visit.tool.pass_time(seconds=11)
    async with visit.tool.browser() as thief:
        thief.cookies.set("__Host-mydocker-refresh", stolen)
        await thief.post("/lti/tokens/refresh", headers=OWN)


@pytest.mark.parametrize(
    ("happens", "reason"),
    [
        (sign_out, SessionEnd.SIGNED_OUT),
        (enter_as_another, SessionEnd.REPLACED),
        (reuse, SessionEnd.REUSE),
    ],
)
async def test_every_revocation_is_in_the_feed_with_its_reason(
    visit: Visit, happens: Callable[[Visit], Awaitable[None]], reason: SessionEnd
) -> None:
    session = await session_of(visit)
    assert await reason_of(visit.tool, session) is None
    await happens(visit)
    assert await reason_of(visit.tool, session) is reason


async def test_whoever_enters_ends_every_visit_of_somebody_else_in_the_browser(
    visit: Visit,
) -> None:
    """An older tab's access token is revoked although its refresh cookie was replaced."""
    tabs = [await session_of(visit) for _ in range(3)]
    assert [await reason_of(visit.tool, tab) for tab in tabs] == [None] * 3
    other = await session_of(visit, sub="another")
    assert [await reason_of(visit.tool, tab) for tab in tabs] == [SessionEnd.REPLACED] * 3
    refused = (await refresh(visit, web_session_id=str(tabs[0]))).json()
    assert (refused["code"], refused["parameters"]) == ("web_session_over", {"reason": "replaced"})
    assert await reason_of(visit.tool, other) is None


async def test_a_tab_that_a_visit_opened_ends_with_it(visit: Visit) -> None:
    """The tab shares no partitioned cookie with the frame; its code identifies the session."""
    entered = (await visit.enter(await visit.launch())).json()
    bearer = {"Authorization": f"Bearer {entered['access_token']}"}
    opened = await visit.browser.post("/lti/tabs", headers={**OWN, **bearer})
    code = opened.json()["url"].partition("#tab=")[2]
    async with visit.tool.browser() as tab:
        there = await tab.post("/lti/tabs/enter", json={"code": code}, headers=OWN)
    in_tab = UUID(there.json()["web_session_id"])
    await session_of(visit, sub="another")
    assert await reason_of(visit.tool, in_tab) is SessionEnd.REPLACED


async def test_another_browser_of_the_same_or_of_another_person_is_left_alone(
    visit: Visit,
) -> None:
    session = await session_of(visit)
    async with visit.tool.browser() as elsewhere:
        there = replace(visit, browser=elsewhere)
        await session_of(there)
        await session_of(there, sub="another")
    assert await reason_of(visit.tool, session) is None


async def test_signing_out_signs_out_every_tab_of_the_browser(visit: Visit) -> None:
    tabs = [await session_of(visit) for _ in range(2)]
    await sign_out(visit)
    assert [await reason_of(visit.tool, tab) for tab in tabs] == [SessionEnd.SIGNED_OUT] * 2


async def test_endings_are_numbered_and_followed_from_a_number(visit: Visit) -> None:
    for _ in range(3):
        await session_of(visit)
        await sign_out(visit)
    every = await revocations_of(visit.tool)
    numbers = [ended.number for ended in every]
    assert numbers == sorted(set(numbers))
    assert await revocations_of(visit.tool, numbers[-2]) == every[-1:]


async def test_whoever_follows_hears_of_an_ending_without_asking(visit: Visit) -> None:
    session = await session_of(visit)
    endings: Revocations = visit.tool.app.state.revocations
    last = max((ended.number for ended in await revocations_of(visit.tool)), default=0)

    async def first(batches: AsyncIterator[list[EndedSession]]) -> list[EndedSession]:
        return await anext(batches)

    async with aclosing(endings.follow(last, 30)) as batches:
        waiting = asyncio.ensure_future(first(batches))
        await asyncio.sleep(0)
        await sign_out(visit)
        heard = await asyncio.wait_for(waiting, 100)
    assert [ended.web_session_id for ended in heard] == [session]


async def test_old_endings_are_not_replayed(visit: Visit) -> None:
    session = await session_of(visit)
    await sign_out(visit)
    visit.tool.pass_time(hours=13, seconds=1)
    assert await reason_of(visit.tool, session) is None


async def test_mt_03_a_disabled_platform_ends_live_sessions_and_refuses_launches(
    tool: Tool, visit: Visit, platform: FakePlatform
) -> None:
    session = await session_of(visit)
    waiting = await visit.launch(sub="late")
    id = await registration_of(tool, platform)
    async with transaction(tool.app.state.sessions) as db:
        await platform_acts.act(db, id, PlatformAct.DISABLE, tool.now, actor=COMMAND)
    assert await reason_of(tool, session) is SessionEnd.PLATFORM_DISABLED
    refused = await visit.browser.post("/lti/login", data=platform.login())
    assert (await tool.refusal(refused)).reason == "platform_disabled"
    assert (await visit.enter(waiting)).json()["code"] == "web_session_over"


async def test_mt_03_a_disabled_deployment_ends_live_sessions_and_refuses_launches(
    tool: Tool, visit: Visit, platform: FakePlatform
) -> None:
    session = await session_of(visit)
    id = await registration_of(tool, platform)
    async with transaction(tool.app.state.sessions) as db:  # by any means
        row = await db.get_one(Deployment, (id, platform.deployment_id))
        row.disabled_at = tool.now + timedelta(seconds=1)
    assert (await refresh(visit)).json()["code"] == "web_session_over"
    await tool.app.state.revocations.step()  # runs every ten seconds
    assert await reason_of(tool, session) is SessionEnd.DEPLOYMENT_DISABLED
    refused = await visit.launch()
    assert (await tool.refusal(refused)).reason == "deployment_disabled"


async def test_registering_without_a_deployment_ends_its_sessions(
    tool: Tool, visit: Visit, platform: FakePlatform
) -> None:
    session = await session_of(visit)
    await tool.add(platform, deployment_ids=["another"])
    assert await reason_of(tool, session) is SessionEnd.DEPLOYMENT_DISABLED


async def test_all_sessions_of_a_person_end_and_entries_on_their_way_too(
    visit: Visit, service_keys: ServiceKeys
) -> None:
    session = await session_of(visit)
    user = await user_of(visit.tool, session)
    waiting = await visit.launch()
    key = service_keys.private["mydocker-api"].get_secret_value()
    token = ServiceIdentity.load("mydocker-api", key).token_for("mydocker-lti-gateway", utc_now())
    headers = {"Authorization": f"Bearer {token}"}
    path = f"/internal/people/{user}/end-sessions"
    body = {"reason": "user_disabled"}
    assert (await visit.browser.post(path, json=body)).status_code == 401
    for _ in range(2):
        done = await visit.browser.post(path, json=body, headers=headers)
        assert done.status_code == 204, done.text
    assert await reason_of(visit.tool, session) is SessionEnd.USER_DISABLED
    assert (await visit.enter(waiting)).json()["code"] == "ticket_unknown"
