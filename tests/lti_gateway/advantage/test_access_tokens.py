"""Access tokens for a platform's services: TK rows of docs/lti/conformance.md."""

import asyncio

import httpx
import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from mydocker_kit.errors import NotFound, Unavailable

from ..fake_platform import FakePlatform
from .fake_services import Campus, Services, assertion_of, campus, container, member

__all__ = ["campus"]


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


@pytest.mark.parametrize("service", ["members", "token"])
async def test_tk_03_a_redirect_is_not_followed_and_nothing_is_logged(
    campus: Campus, service: str
) -> None:
    context = await campus.launch()
    elsewhere = FakePlatform("", host="elsewhere.example")
    caught = elsewhere.services = Services(elsewhere.issuer)
    campus.tool.platforms[elsewhere.host] = elsewhere
    away = httpx.Response(302, headers={"Location": "https://elsewhere.example/members"})
    campus.services.faults[service] = [away] * 9
    with capture_logs() as logs, pytest.raises(Unavailable):
        await campus.api.members(context)
    assert campus.services.count(service) >= 1
    assert caught.requests == []
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
    assert campus.services.requests == []


async def test_tk_04_a_score_for_an_address_elsewhere_waits(campus: Campus) -> None:
    await campus.launch(lineitem="https://elsewhere.example/lineitem")
    status = await campus.send()
    assert (status.state, status.reason) == (
        "queued",
        "the service is not on a host of its platform",
    )
    assert campus.services.requests == []


async def test_moodles_unreadable_key_set_is_said_in_words(campus: Campus) -> None:
    context = await campus.launch()
    page = httpx.Response(404, html="<p>Argument 1 passed to fix_jwks_alg() must be…</p>")
    campus.services.faults["token"] = [page]
    with pytest.raises(Unavailable), capture_logs() as logs:
        await campus.api.members(context)
    sentence = "the platform cannot fetch our key set at https://tool.example/lti/jwks.json"
    assert sentence in [line.get("error") for line in logs]


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
