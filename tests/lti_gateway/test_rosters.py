"""Bearers for services and the roster: lti-conformance sections 8 and 6."""

import asyncio
from typing import Any

import httpx
import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from mydocker_kit.contracts.launches import ContextRole
from mydocker_kit.contracts.rosters import ContextKey, RosterPage
from mydocker_kit.errors import NotFound, Unavailable

from .campus import Campus, Services, assertion_of, campus
from .platform import MEMBERSHIP, FakePlatform

__all__ = ["campus"]
MEDIA = "application/vnd.ims.lti-nrps.v2.membershipcontainer+json"


def member(id: str, role: str = "Learner", **more: Any) -> dict[str, Any]:
    return {"user_id": id, "roles": [role], **more}


def container(*members: dict[str, Any], context: str = "2") -> dict[str, Any]:
    return {"context": {"id": context}, "members": list(members)}


def subjects(page: RosterPage) -> list[str]:
    return [one.subject for one in page.items]


async def test_tk_01_the_assertion_is_for_this_platform_only(campus: Campus) -> None:
    campus.services.pages = [container(member("5"))]
    await campus.api.members(await campus.launch())
    request = campus.services.calls("token")[0]
    header, claims, text = assertion_of(request)
    platform = campus.visit.platform
    assert claims["iss"] == claims["sub"] == platform.client_id
    assert claims["aud"] == f"{platform.issuer}/token"
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert claims["jti"]
    keys = (await campus.visit.browser.get("/lti/jwks.json")).json()["keys"]
    assert header["kid"] in {key["kid"] for key in keys}
    assert header["alg"] == "RS256"
    assert b"grant_type=client_credentials" in request.content
    assert text not in repr(claims)


async def test_tk_01_every_assertion_has_its_own_id(campus: Campus) -> None:
    campus.services.pages = [container()]
    campus.services.expires_in = 60
    await campus.api.members(await campus.launch())
    campus.tool.pass_time(minutes=6)
    await campus.api.members(campus.context)
    ids = {assertion_of(request)[1]["jti"] for request in campus.services.calls("token")}
    assert len(ids) == 2


async def test_tk_02_fifty_calls_at_once_make_one_request(campus: Campus) -> None:
    await campus.launch()
    for link in range(50):
        await campus.launch(link=str(link))
        await campus.queue(resource_link_id=str(link), given=1.0)
    await campus.step()
    assert len(campus.services.taken) == 50
    assert campus.services.count("token") == 1


async def test_tk_02_a_bearer_is_kept_until_a_minute_before_its_end(campus: Campus) -> None:
    campus.services.pages = [container()]
    context = await campus.launch()
    await campus.api.members(context)
    for minutes, requests in ((53, 1), (6, 2)):
        campus.tool.pass_time(minutes=minutes)
        await campus.api.members(context)
        assert campus.services.count("token") == requests


async def test_tk_02_fifty_calls_that_fail_make_one_request(campus: Campus) -> None:
    context = await campus.launch()
    campus.services.faults["token"] = [httpx.Response(400, json={"error": "invalid_client"})] * 50
    asking = [campus.api.members(context) for _ in range(50)]
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unavailable}
    assert campus.services.count("token") == 1


@pytest.mark.parametrize("place", ["members", "token"])
async def test_tk_03_a_redirect_is_not_followed_and_nothing_is_logged(
    campus: Campus, place: str
) -> None:
    context = await campus.launch()
    elsewhere = FakePlatform("", host="elsewhere.example")
    caught = elsewhere.services = Services(elsewhere.issuer)
    campus.tool.platforms[elsewhere.host] = elsewhere
    away = httpx.Response(302, headers={"Location": "https://elsewhere.example/members"})
    campus.services.faults[place] = [away] * 9
    with capture_logs() as logs, pytest.raises(Unavailable):
        await campus.api.members(context)
    assert campus.services.count(place) >= 1
    assert caught.asked == []
    assert any(line["event"] == "roster.failed" for line in logs)
    secrets = [
        *campus.services.bearers,
        *(assertion_of(r)[2] for r in campus.services.calls("token")),
    ]
    assert not any(secret in repr(logs) for secret in secrets)
    assert not any(secret in generate_latest().decode() for secret in secrets)


@pytest.mark.parametrize(
    "url",
    [
        "https://elsewhere.example/2/members",
        "https://127.0.0.1/members",
        "http://169.254.169.254/latest",
        "file:///etc/passwd",
        "https://user@LMS/members",
        "https://LMS:8443/members",
        "http://LMS/members",
    ],
)
async def test_tk_04_a_service_address_elsewhere_is_refused(campus: Campus, url: str) -> None:
    url = url.replace("LMS", campus.visit.platform.host)
    context = await campus.launch(roster={"context_memberships_url": url})
    with pytest.raises((Unavailable, NotFound)):
        await campus.api.members(context)
    assert campus.services.asked == []


async def test_tk_04_a_score_for_an_address_elsewhere_waits(campus: Campus) -> None:
    await campus.launch(lineitem="https://elsewhere.example/lineitem")
    status = await campus.send()
    assert (status.state, status.reason) == (
        "queued",
        "the service is not on a host of its platform",
    )
    assert campus.services.asked == []


async def test_moodles_unreadable_key_set_is_said_in_words(campus: Campus) -> None:
    context = await campus.launch()
    page = httpx.Response(404, html="<p>Argument 1 passed to fix_jwks_alg() must be…</p>")
    campus.services.faults["token"] = [page]
    with pytest.raises(Unavailable), capture_logs() as logs:
        await campus.api.members(context)
    sentence = "the platform cannot fetch our key set at https://tool.example/lti/jwks.json"
    assert sentence in [line.get("error") for line in logs]


async def test_nr_01_the_members_with_the_exact_media_type(campus: Campus) -> None:
    campus.services.pages = [container(member("5", name="Ana\nAlvarez", email="a@b.invalid"))]
    page = await campus.api.members(await campus.launch())
    assert (page.items[0].name, page.items[0].role) == ("Ana Alvarez", ContextRole.STUDENT)
    assert (page.total, page.stale) == (1, False)
    request = campus.services.calls("members")[0]
    assert request.headers["Accept"] == MEDIA
    assert "Content-Type" not in request.headers
    assert request.headers["Authorization"][7:] in campus.services.bearers
    scope = b"contextmembership.readonly"
    assert scope in campus.services.calls("token")[0].content


async def test_tk_01_a_withheld_scope_and_a_malformed_answer_are_said(campus: Campus) -> None:
    context = await campus.launch()
    good = {"access_token": "t0ken", "expires_in": 3600, "scope": "something.else"}
    for answer, said in (
        (httpx.Response(200, json=good), "token: scope_withheld"),
        (httpx.Response(200, json={**good, "access_token": "a b"}), "token: malformed"),
        (httpx.Response(400, json={"error": "invalid_scope"}), "token: invalid_scope"),
        (httpx.Response(503), "token: status 503"),
    ):
        campus.services.faults["token"] = [answer]
        campus.tool.pass_time(minutes=2)
        with pytest.raises(Unavailable), capture_logs() as logs:
            await campus.api.members(context)
        assert said in [line.get("error") for line in logs]


async def test_nr_01_only_services_may_ask(campus: Campus) -> None:
    context = await campus.launch()
    answer = await campus.visit.browser.get(
        f"/internal/contexts/{context.registration_id}/members",
        params={"deployment_id": "1", "context_id": "2"},
    )
    assert answer.status_code == 401


def pages_of(campus: Campus, count: int) -> None:
    origin = campus.services.origin
    campus.services.pages = [container(member(f"{n:03}")) for n in range(count)]
    following = [f'<{origin}/2/members?from={n}>; rel="next"' for n in range(1, count)]
    campus.services.links = following


async def test_nr_02_pages_are_followed_and_handed_on_in_pages(campus: Campus) -> None:
    pages_of(campus, 3)
    context = await campus.launch()
    first = await campus.api.members(context, page=1, page_size=2)
    second = await campus.api.members(context, page=2, page_size=2)
    assert (subjects(first), subjects(second)) == (["000", "001"], ["002"])
    assert first.total == 3
    assert campus.services.count("members") == 3


async def test_nr_02_two_hundred_pages_and_no_more(campus: Campus) -> None:
    pages_of(campus, 200)
    context = await campus.launch()
    assert (await campus.api.members(context)).total == 200
    pages_of(campus, 201)
    campus.tool.pass_time(minutes=6)
    assert (await campus.api.members(context)).stale is True


@pytest.mark.parametrize("target", ["https://elsewhere.example/m", "SELF/2/members?limit=200"])
async def test_nr_02_a_loop_and_a_foreign_host_are_refused(campus: Campus, target: str) -> None:
    target = target.replace("SELF", campus.services.origin)
    campus.services.pages = [container(member("5"))]
    campus.services.links = [f'<{target}>; rel="next"']
    context = await campus.launch()
    with pytest.raises(Unavailable):
        await campus.api.members(context)
    assert campus.services.count("members") == 1


async def test_nr_02_the_roster_of_another_course_is_refused(campus: Campus) -> None:
    campus.services.pages = [container(member("5"), context="3")]
    context = await campus.launch()
    with pytest.raises(Unavailable):
        await campus.api.members(context)


async def test_nr_03_differences_are_applied(campus: Campus) -> None:
    origin = campus.services.origin
    campus.services.pages = [
        container(member("5"), member("6"), member("7", "Instructor")),
        container(member("5", status="Deleted"), member("7"), member("8")),
    ]
    campus.services.links = [f'<{origin}/2/members?from=1>; rel="differences"']
    context = await campus.launch()
    await campus.api.members(context)
    campus.tool.pass_time(minutes=6)
    page = await campus.api.members(context)
    assert subjects(page) == ["6", "7", "8"]
    assert {one.role for one in page.items} == {ContextRole.STUDENT}
    assert campus.services.count("members") == 2


async def test_nr_03_differences_that_fail_lead_to_a_full_sync(campus: Campus) -> None:
    origin = campus.services.origin
    campus.services.pages = [container(member("5"))]
    campus.services.links = [f'<{origin}/2/differences>; rel="differences"']
    context = await campus.launch()
    await campus.api.members(context)
    campus.services.faults["differences"] = [httpx.Response(410)]
    campus.services.pages = [container(member("6"))]
    campus.tool.pass_time(minutes=6)
    page = await campus.api.members(context)
    assert (subjects(page), page.stale) == (["6"], False)


async def test_nr_04_roles_are_filtered_here(campus: Campus) -> None:
    campus.services.pages = [container(member("5"), member("3", "Instructor"), member("6"))]
    page = await campus.api.members(await campus.launch(), role=ContextRole.TEACHER)
    assert (subjects(page), page.total) == (["3"], 1)
    asked = campus.services.calls("members")[0].url.params
    assert dict(asked) == {"limit": "200"}


async def test_nr_05_names_status_and_long_roles_may_miss(campus: Campus) -> None:
    campus.services.pages = [
        container(
            {"user_id": "4", "roles": [f"{MEMBERSHIP}#Instructor"], "email": 7},
            {"user_id": 5, "roles": ["Learner"], "given_name": "Ana", "family_name": "Alvarez"},
            {"user_id": "6", "status": "Inactive", "roles": "Learner"},
            {"roles": ["Learner"]},
            {"user_id": "x\x00", "roles": []},
        )
    ]
    items = (await campus.api.members(await campus.launch())).items
    assert [(one.subject, one.role, one.active, one.name) for one in items] == [
        ("4", ContextRole.TEACHER, True, None),
        ("5", ContextRole.STUDENT, True, "Ana Alvarez"),
        ("6", ContextRole.NONE, False, None),
    ]


async def test_nr_06_a_refused_bearer_is_renewed_once(campus: Campus) -> None:
    campus.services.pages = [container(member("5"))]
    context = await campus.launch()
    await campus.api.members(context)
    campus.services.bearers.clear()
    campus.tool.pass_time(minutes=6)
    assert (await campus.api.members(context)).stale is False
    assert campus.services.count("token") == 2
    campus.services.faults["members"] = [httpx.Response(401), httpx.Response(401)]
    campus.tool.pass_time(minutes=6)
    assert (await campus.api.members(context)).stale is True
    assert campus.services.count("token") == 3


@pytest.mark.parametrize("status", [403, 404, 429, 500, 503])
async def test_nr_06_a_refusing_platform_leaves_the_last_list(campus: Campus, status: int) -> None:
    campus.services.pages = [container(member("5"))]
    context = await campus.launch()
    await campus.api.members(context)
    campus.tool.pass_time(minutes=6)
    campus.services.faults["members"] = [httpx.Response(status)]
    first = await campus.api.members(context)
    again = await campus.api.members(context)
    assert (first.stale, again.stale, subjects(again)) == (True, True, ["5"])
    assert campus.services.count("members") == 2, "a minute of rest"
    campus.tool.pass_time(minutes=2)
    assert (await campus.api.members(context)).stale is False


async def test_nr_06_a_day_later_there_is_no_list(campus: Campus) -> None:
    campus.services.pages = [container(member("5"))]
    context = await campus.launch()
    await campus.api.members(context)
    campus.services.down = True
    campus.tool.pass_time(hours=25)
    with pytest.raises(Unavailable):
        await campus.api.members(context)


async def test_nr_06_a_list_is_kept_five_minutes(campus: Campus) -> None:
    campus.services.pages = [container(member("5"))]
    context = await campus.launch()
    for _ in range(3):
        await campus.api.members(context)
        campus.tool.pass_time(seconds=100)
    assert campus.services.count("members") == 1


async def test_nr_07_who_left_or_fell_shows_at_the_next_sync(campus: Campus) -> None:
    campus.services.pages = [container(member("3", "Instructor"), member("5"))]
    context = await campus.launch()
    await campus.api.members(context)
    campus.services.pages = [container(member("3", "Learner"))]
    campus.tool.pass_time(minutes=6)
    items = (await campus.api.members(context)).items
    assert [(one.subject, one.role) for one in items] == [("3", ContextRole.STUDENT)]


async def test_a_course_space_without_roster_says_so(campus: Campus) -> None:
    context = await campus.launch(roster=None)
    with pytest.raises(NotFound) as refused:
        await campus.api.members(context)
    assert refused.value.code == "roster_not_offered"


async def test_the_first_deep_linking_without_roster_takes_nothing_away(campus: Campus) -> None:
    campus.services.pages = [container(member("5"))]
    context = await campus.launch()
    campus.tool.pass_time(seconds=5)
    assert (await campus.visit.deep_link()).status_code == 303
    assert (await campus.api.members(context)).total == 1


async def test_another_course_space_knows_nothing_of_this_one(campus: Campus) -> None:
    campus.services.pages = [container(member("5"))]
    context = await campus.launch()
    other = ContextKey(**{**context.model_dump(), "context_id": "3"})
    with pytest.raises(NotFound):
        await campus.api.members(other)
