"""Access tokens for a platform's services: TK rows of docs/lti/conformance.md."""

import asyncio

import httpx
import pytest
from prometheus_client import generate_latest
from structlog.testing import capture_logs

from mydocker_kit.errors import NotFound, Unavailable

from ..fake_platform import FakePlatform
from .fake_services import PlatformWithServices, Services, assertion_of, container, member, platform

__all__ = ["platform"]


async def test_tk_01_the_assertion_is_for_this_platform_only(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container(member("5"))]
    await platform.api.members(await platform.launch())
    request = platform.services.calls("token")[0]
    header, claims, text = assertion_of(request)
    fake = platform.visit.platform
    assert claims["iss"] == claims["sub"] == fake.client_id
    assert claims["aud"] == f"{fake.issuer}/token"
    assert 0 < claims["exp"] - claims["iat"] <= 300
    assert claims["jti"]
    keys = (await platform.visit.browser.get("/lti/jwks.json")).json()["keys"]
    assert header["kid"] in {key["kid"] for key in keys}
    assert header["alg"] == "RS256"
    assert b"grant_type=client_credentials" in request.content
    assert text not in repr(claims)


async def test_tk_01_every_assertion_has_its_own_id(platform: PlatformWithServices) -> None:
    platform.services.pages = [container()]
    platform.services.expires_in = 60
    await platform.api.members(await platform.launch())
    platform.tool.pass_time(minutes=6)
    await platform.api.members(platform.context)
    ids = {assertion_of(request)[1]["jti"] for request in platform.services.calls("token")}
    assert len(ids) == 2


async def test_tk_02_fifty_calls_at_once_make_one_request(platform: PlatformWithServices) -> None:
    await platform.launch()
    for link in range(50):
        await platform.launch(link=str(link))
        await platform.queue(resource_link_id=str(link), given=1.0)
    await platform.step()
    assert len(platform.services.taken) == 50
    assert platform.services.count("token") == 1


async def test_tk_02_a_bearer_is_kept_until_a_minute_before_its_end(
    platform: PlatformWithServices,
) -> None:
    platform.services.pages = [container()]
    context = await platform.launch()
    await platform.api.members(context)
    for minutes, requests in ((53, 1), (6, 2)):
        platform.tool.pass_time(minutes=minutes)
        await platform.api.members(context)
        assert platform.services.count("token") == requests


async def test_tk_02_fifty_calls_that_fail_make_one_request(platform: PlatformWithServices) -> None:
    context = await platform.launch()
    platform.services.faults["token"] = [httpx.Response(400, json={"error": "invalid_client"})] * 50
    asking = [platform.api.members(context) for _ in range(50)]
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert {type(answer) for answer in answers} == {Unavailable}
    assert platform.services.count("token") == 1


@pytest.mark.parametrize("service", ["members", "token"])
async def test_tk_03_a_redirect_is_not_followed_and_nothing_is_logged(
    platform: PlatformWithServices, service: str
) -> None:
    context = await platform.launch()
    elsewhere = FakePlatform("", host="elsewhere.example")
    caught = elsewhere.services = Services(elsewhere.issuer)
    platform.tool.platforms[elsewhere.host] = elsewhere
    away = httpx.Response(302, headers={"Location": "https://elsewhere.example/members"})
    platform.services.faults[service] = [away] * 9
    with capture_logs() as logs, pytest.raises(Unavailable):
        await platform.api.members(context)
    assert platform.services.count(service) >= 1
    assert caught.requests == []
    assert any(line["event"] == "roster.failed" for line in logs)
    secrets = [
        *platform.services.bearers,
        *(assertion_of(r)[2] for r in platform.services.calls("token")),
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
async def test_tk_04_a_service_address_elsewhere_is_refused(
    platform: PlatformWithServices, url: str
) -> None:
    url = url.replace("LMS", platform.visit.platform.host)
    context = await platform.launch(roster={"context_memberships_url": url})
    with pytest.raises((Unavailable, NotFound)):
        await platform.api.members(context)
    assert platform.services.requests == []


async def test_tk_04_a_score_for_an_address_elsewhere_waits(platform: PlatformWithServices) -> None:
    await platform.launch(lineitem="https://elsewhere.example/lineitem")
    status = await platform.send()
    assert (status.state, status.reason) == (
        "queued",
        "the service is not on a host of its platform",
    )
    assert platform.services.requests == []


async def test_moodles_unreadable_key_set_is_said_in_words(platform: PlatformWithServices) -> None:
    context = await platform.launch()
    page = httpx.Response(404, html="<p>Argument 1 passed to fix_jwks_alg() must be…</p>")
    platform.services.faults["token"] = [page]
    with pytest.raises(Unavailable), capture_logs() as logs:
        await platform.api.members(context)
    sentence = "the platform cannot fetch our key set at https://tool.example/lti/jwks.json"
    assert sentence in [line.get("error") for line in logs]


async def test_tk_01_a_withheld_scope_and_a_malformed_answer_are_said(
    platform: PlatformWithServices,
) -> None:
    context = await platform.launch()
    good = {"access_token": "t0ken", "expires_in": 3600, "scope": "something.else"}
    for answer, said in (
        (httpx.Response(200, json=good), "token: scope_withheld"),
        (httpx.Response(200, json={**good, "access_token": "a b"}), "token: malformed"),
        (httpx.Response(400, json={"error": "invalid_scope"}), "token: invalid_scope"),
        (httpx.Response(503), "token: status 503"),
    ):
        platform.services.faults["token"] = [answer]
        platform.tool.pass_time(minutes=2)
        with pytest.raises(Unavailable), capture_logs() as logs:
            await platform.api.members(context)
        assert said in [line.get("error") for line in logs]
