"""Rosters of contexts: NR rows of docs/lti/conformance.md."""

import httpx
import pytest

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.rosters import ContextKey, RosterPage
from mydocker_kit.errors import NotFound, Unavailable

from ..fake_platform import MEMBERSHIP
from .fake_services import PlatformWithServices, container, member, platform

__all__ = ["platform"]
MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def subjects(page: RosterPage) -> list[str]:
    return [member.subject for member in page.items]


async def test_nr_01_the_members_with_the_exact_media_type(platform: PlatformWithServices) -> None:
    platform.services.pages = [container(member("5", name="Ana\nAlvarez", email="a@b.invalid"))]
    page = await platform.api.members(await platform.launch())
    assert (page.items[0].name, page.items[0].role) == ("Ana Alvarez", ContextRole.STUDENT)
    assert (page.total, page.stale) == (1, False)
    request = platform.services.calls("members")[0]
    assert request.headers["Accept"] == MEDIA
    assert "Content-Type" not in request.headers
    assert request.headers["Authorization"][7:] in platform.services.bearers
    scope = b"contextmembership.readonly"
    assert scope in platform.services.calls("token")[0].content


async def test_nr_01_only_services_may_ask(platform: PlatformWithServices) -> None:
    context = await platform.launch()
    answer = await platform.visit.browser.get(
        f"/internal/contexts/{context.registration_id}/members",
        params={"deployment_id": "1", "context_id": "2"},
    )
    assert answer.status_code == 401


def pages_of(platform: PlatformWithServices, count: int) -> None:
    origin = platform.services.origin
    platform.services.pages = [container(member(f"{n:03}")) for n in range(count)]
    following = [f'<{origin}/2/members?from={n}>; rel="next"' for n in range(1, count)]
    platform.services.links = following


async def test_nr_02_pages_are_followed_and_handed_on_in_pages(
    platform: PlatformWithServices,
) -> None:
    pages_of(platform, 3)
    context = await platform.launch()
    first = await platform.api.members(context, page=1, page_size=2)
    second = await platform.api.members(context, page=2, page_size=2)
    assert (subjects(first), subjects(second)) == (["000", "001"], ["002"])
    assert first.total == 3
    assert platform.services.count("members") == 3


async def test_nr_02_two_hundred_pages_and_no_more(platform: PlatformWithServices) -> None:
    pages_of(platform, 200)
    context = await platform.launch()
    assert (await platform.api.members(context)).total == 200
    pages_of(platform, 201)
    platform.tool.pass_time(minutes=6)
    assert (await platform.api.members(context)).stale is True


@pytest.mark.parametrize("target", ["https://elsewhere.example/m", "SELF/2/members?limit=200"])
async def test_nr_02_a_loop_and_a_foreign_host_are_refused(
    platform: PlatformWithServices, target: str
) -> None:
    target = target.replace("SELF", platform.services.origin)
    platform.services.pages = [container(member("5"))]
    platform.services.links = [f'<{target}>; rel="next"']
    context = await platform.launch()
    with pytest.raises(Unavailable):
        await platform.api.members(context)
    assert platform.services.count("members") == 1


async def test_nr_02_the_roster_of_another_course_is_refused(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container(member("5"), context="3")]
    context = await platform.launch()
    with pytest.raises(Unavailable):
        await platform.api.members(context)


async def test_nr_03_differences_are_applied(platform: PlatformWithServices) -> None:
    origin = platform.services.origin
    platform.services.pages = [
        container(member("5"), member("6"), member("7", "Instructor")),
        container(member("5", status="Deleted"), member("7"), member("8")),
    ]
    platform.services.links = [f'<{origin}/2/members?from=1>; rel="differences"']
    context = await platform.launch()
    await platform.api.members(context)
    platform.tool.pass_time(minutes=6)
    page = await platform.api.members(context)
    assert subjects(page) == ["6", "7", "8"]
    assert {member.role for member in page.items} == {ContextRole.STUDENT}
    assert platform.services.count("members") == 2


async def test_who_wants_a_newer_list_gets_one_that_is_half_a_minute_old_at_most(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container(member("5"), member("6"))]
    context = await platform.launch()
    await platform.api.members(context)
    platform.services.pages = [container(member("5"))]
    platform.tool.pass_time(seconds=29)
    assert subjects(await platform.api.members(context, max_age=30)) == ["5", "6"]
    platform.tool.pass_time(seconds=2)
    assert subjects(await platform.api.members(context)) == ["5", "6"]
    assert subjects(await platform.api.members(context, max_age=30)) == ["5"]


async def test_nr_03_differences_that_fail_lead_to_a_full_sync(
    platform: PlatformWithServices,
) -> None:
    origin = platform.services.origin
    platform.services.pages = [container(member("5"))]
    platform.services.links = [f'<{origin}/2/differences>; rel="differences"']
    context = await platform.launch()
    await platform.api.members(context)
    platform.services.faults["differences"] = [httpx.Response(410)]
    platform.services.pages = [container(member("6"))]
    platform.tool.pass_time(minutes=6)
    page = await platform.api.members(context)
    assert (subjects(page), page.stale) == (["6"], False)


async def test_nr_04_roles_are_filtered_here(platform: PlatformWithServices) -> None:
    platform.services.pages = [container(member("5"), member("3", "Instructor"), member("6"))]
    page = await platform.api.members(await platform.launch(), role=ContextRole.TEACHER)
    assert (subjects(page), page.total) == (["3"], 1)
    query = platform.services.calls("members")[0].url.params
    assert dict(query) == {"limit": "200"}


async def test_nr_05_names_status_and_long_roles_may_miss(platform: PlatformWithServices) -> None:
    platform.services.pages = [
        container(
            {"user_id": "4", "roles": [f"{MEMBERSHIP}#Instructor"], "email": 7},
            {"user_id": 5, "roles": ["Learner"], "given_name": "Ana", "family_name": "Alvarez"},
            {"user_id": "6", "status": "Inactive", "roles": "Learner"},
            {"roles": ["Learner"]},
            {"user_id": "x\x00", "roles": []},
        )
    ]
    items = (await platform.api.members(await platform.launch())).items
    assert [(member.subject, member.role, member.active, member.name) for member in items] == [
        ("4", ContextRole.TEACHER, True, None),
        ("5", ContextRole.STUDENT, True, "Ana Alvarez"),
        ("6", ContextRole.NONE, False, None),
    ]


async def test_nr_06_a_refused_bearer_is_renewed_once(platform: PlatformWithServices) -> None:
    platform.services.pages = [container(member("5"))]
    context = await platform.launch()
    await platform.api.members(context)
    platform.services.bearers.clear()
    platform.tool.pass_time(minutes=6)
    assert (await platform.api.members(context)).stale is False
    assert platform.services.count("token") == 2
    platform.services.faults["members"] = [httpx.Response(401), httpx.Response(401)]
    platform.tool.pass_time(minutes=6)
    assert (await platform.api.members(context)).stale is True
    assert platform.services.count("token") == 3


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
async def test_nr_06_a_refusing_platform_leaves_the_last_list(
    platform: PlatformWithServices, status: int
) -> None:
    platform.services.pages = [container(member("5"))]
    context = await platform.launch()
    await platform.api.members(context)
    platform.tool.pass_time(minutes=6)
    platform.services.faults["members"] = [httpx.Response(status)]
    first = await platform.api.members(context)
    again = await platform.api.members(context)
    assert (first.stale, again.stale, subjects(again)) == (True, True, ["5"])
    assert platform.services.count("members") == 2, "a minute of rest"
    platform.tool.pass_time(minutes=2)
    assert (await platform.api.members(context)).stale is False


async def test_nr_06_a_day_later_there_is_no_list(platform: PlatformWithServices) -> None:
    platform.services.pages = [container(member("5"))]
    context = await platform.launch()
    await platform.api.members(context)
    platform.services.down = True
    platform.tool.pass_time(hours=25)
    with pytest.raises(Unavailable):
        await platform.api.members(context)


async def test_nr_06_a_list_is_kept_five_minutes(platform: PlatformWithServices) -> None:
    platform.services.pages = [container(member("5"))]
    context = await platform.launch()
    for _ in range(3):
        await platform.api.members(context)
        platform.tool.pass_time(seconds=100)
    assert platform.services.count("members") == 1


async def test_nr_07_who_left_or_fell_shows_at_the_next_sync(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container(member("3", "Instructor"), member("5"))]
    context = await platform.launch()
    await platform.api.members(context)
    platform.services.pages = [container(member("3", "Learner"))]
    platform.tool.pass_time(minutes=6)
    items = (await platform.api.members(context)).items
    assert [(member.subject, member.role) for member in items] == [("3", ContextRole.STUDENT)]


async def test_a_course_space_without_roster_says_so(platform: PlatformWithServices) -> None:
    context = await platform.launch(roster=None)
    with pytest.raises(NotFound) as refused:
        await platform.api.members(context)
    assert refused.value.code == "roster_not_offered"


async def test_the_first_deep_linking_without_roster_takes_nothing_away(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container(member("5"))]
    context = await platform.launch()
    platform.tool.pass_time(seconds=5)
    assert (await platform.visit.deep_link()).status_code == 303
    assert (await platform.api.members(context)).total == 1


async def test_another_course_space_knows_nothing_of_this_one(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container(member("5"))]
    context = await platform.launch()
    other = ContextKey(**{**context.model_dump(), "context_id": "3"})
    with pytest.raises(NotFound):
        await platform.api.members(other)
