"""Course ids in launches: accepted with a signature of ours for the same registration only."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import Launch
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Registration
from mydocker_lti.platforms import audit

from ..conftest import TARGET, Tool, Visit
from ..fake_platform import DL, FakePlatform
from ..platforms.platforms_api import api as api
from ..platforms.platforms_api import order_of
from .test_deep_linking import choose, claims_of, enter

Custom = dict[str, str]


async def linked(visit: Visit) -> Custom:
    """The custom parameters of a deep link that a teacher of this platform made."""
    id, auth = await enter(visit)
    [item] = (await claims_of(visit, await choose(visit, id, auth)))[f"{DL}content_items"]
    custom: Custom = item["custom"]
    return custom


async def launched(visit: Visit, custom: Custom, **changes: Any) -> Launch:
    answer = await visit.launch(custom=custom, **changes)
    assert answer.status_code == 303, answer.text
    return visit.last_launch()


async def neighbour(tool: Tool, host: str | None = None, **changes: Any) -> tuple[Visit, UUID]:
    """A person of another registered platform, or of another client of `host`."""
    platform = FakePlatform(TARGET, host=host) if host else FakePlatform(TARGET)
    id = await tool.add(platform, **changes)
    return Visit(tool, platform, tool.browser()), id


async def test_a_deep_link_of_ours_is_believed_on_its_platform(visit: Visit) -> None:
    custom = await linked(visit)
    launch = await launched(visit, custom)
    assert (str(launch.course_id), launch.course_signed) == (custom["course_id"], True)


async def test_copies_within_the_platform_go_on_working(visit: Visit) -> None:
    custom = await linked(visit)
    copy = {**custom, "context_id_history": "2", "CamelKey": "7", "camelkey": "7"}
    launch = await launched(visit, copy, resource_link={"id": "99"}, context={"id": "12"})
    assert launch.course_signed


async def test_a_deep_link_is_worth_nothing_on_another_platform(visit: Visit) -> None:
    custom = await linked(visit)
    other, _ = await neighbour(visit.tool)
    launch = await launched(other, custom)
    assert (launch.course_id, launch.course_signed) == (None, False)


async def test_another_client_of_the_same_platform_is_another_registration(visit: Visit) -> None:
    custom = await linked(visit)
    twin, _ = await neighbour(visit.tool, visit.platform.host)
    assert (await launched(twin, custom)).course_id is None


@pytest.mark.parametrize("signature", ["", "x", "é", "0" * 64, "\U0001f511"])
async def test_a_made_up_signature_takes_the_course_away(visit: Visit, signature: str) -> None:
    custom = {"course_id": str(uuid4()), "course_signature": signature}
    launch = await launched(visit, custom)
    assert (launch.course_id, launch.course_signed) == (None, False)


async def test_the_signature_of_one_course_does_not_open_another(visit: Visit) -> None:
    custom = {**await linked(visit), "course_id": str(uuid4())}
    assert (await launched(visit, custom)).course_id is None


async def test_a_link_without_signature_is_handed_over_as_somebodys_words(visit: Visit) -> None:
    course = uuid4()
    launch = await launched(visit, {"course_id": str(course)})
    assert (launch.course_id, launch.course_signed) == (course, False)
    assert launch.former_registrations == []


async def test_two_first_deep_links_at_once_use_one_key(visit: Visit) -> None:
    waiting = [await enter(visit) for _ in range(4)]

    async def made(id: str, auth: dict[str, str]) -> httpx.Response:
        return await choose(visit, id, auth)

    replies = await asyncio.gather(*(made(id, auth) for id, auth in waiting))
    for reply in replies:
        [item] = (await claims_of(visit, reply))[f"{DL}content_items"]
        assert (await launched(visit, item["custom"])).course_signed


async def test_the_key_is_sealed(visit: Visit) -> None:
    custom = await linked(visit)
    launch = await launched(visit, custom)
    assert launch.context is not None
    async with transaction(visit.tool.app.state.sessions) as db:
        row = await db.get_one(Registration, launch.context.registration_id)
    assert row.link_key is not None
    assert len(visit.tool.app.state.vault.open(row.link_key)) == 64


async def test_links_follow_a_platform_whose_people_an_operator_moved(visit: Visit) -> None:
    custom = await linked(visit)
    former = (await launched(visit, custom)).context
    assert former is not None
    moved, id = await neighbour(visit.tool)
    assert (await launched(moved, custom)).course_id is None
    async with transaction(visit.tool.app.state.sessions) as db:
        facts = {"from_issuer": visit.platform.issuer, "to_issuer": moved.platform.issuer}
        audit.record(db, id, "people_moved", "command", utc_now(), **facts)
    assert (await launched(moved, custom)).course_signed
    unsigned = await launched(moved, {"course_id": custom["course_id"]})
    assert unsigned.former_registrations == [former.registration_id]


async def test_another_platform_under_a_registration_inherits_no_links(
    visit: Visit, api: LtiClient
) -> None:
    custom = await linked(visit)
    context = (await launched(visit, custom)).context
    assert context is not None
    id, other = context.registration_id, FakePlatform(TARGET)
    visit.tool.platforms[other.host] = other
    order = order_of(other)
    await api.put_platform(id, order.model_copy(update={"is_another_platform": True}))
    newcomer = Visit(visit.tool, other, visit.tool.browser())
    assert (await launched(newcomer, custom)).course_id is None
    assert (await launched(newcomer, await linked(newcomer))).course_signed


async def test_a_platform_that_moved_keeps_its_links(visit: Visit, api: LtiClient) -> None:
    custom = await linked(visit)
    context = (await launched(visit, custom)).context
    assert context is not None
    moved = FakePlatform(TARGET)
    visit.tool.platforms[moved.host] = moved
    await api.put_platform(context.registration_id, order_of(moved))
    assert (await launched(Visit(visit.tool, moved, visit.tool.browser()), custom)).course_signed
