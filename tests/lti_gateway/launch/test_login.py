"""Login initiation: LI rows of docs/lti/conformance.md."""

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit
from uuid import uuid4

import httpx
import pytest
from pydantic import SecretStr
from sqlalchemy import make_url, select

from mydocker_kit.db import transaction
from mydocker_lti.models import LoginState, Refusal
from tests.conftest import ServiceKeys
from tests.support.postgresql import Database

from ..conftest import ORIGIN, TARGET, Tool, Visit, gateway_settings, running
from ..fake_platform import FakePlatform

Pairs = Sequence[tuple[str, str]]


async def post_pairs(browser: httpx.AsyncClient, pairs: Pairs) -> httpx.Response:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    return await browser.post("/lti/login", content=urlencode(pairs), headers=headers)


async def refused_for(tool: Tool, response: httpx.Response) -> str:
    """The reason of a refusal page, after checking that nothing was stored."""
    assert 400 <= response.status_code < 500, response.status_code
    assert "Location" not in response.headers
    assert "<h1>" in response.text
    return (await tool.refusal(response)).reason


def query_of(response: httpx.Response) -> dict[str, list[str]]:
    assert response.status_code == 302, response.text
    return parse_qs(urlsplit(response.headers["Location"]).query)


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_li_01_li_02_login_leads_to_the_registered_authorization_endpoint(
    visit: Visit, method: str
) -> None:
    login = visit.platform.login()
    if method == "GET":
        response = await visit.browser.get("/lti/login", params=login)
    else:
        response = await visit.browser.post("/lti/login", data=login)
    query = query_of(response)
    assert response.headers["Location"].startswith(f"{visit.platform.issuer}/auth?")
    state, nonce = query.pop("state"), query.pop("nonce")
    assert state != nonce
    assert query == {
        "scope": ["openid"],
        "response_type": ["id_token"],
        "response_mode": ["form_post"],
        "prompt": ["none"],
        "client_id": [visit.platform.client_id],
        "redirect_uri": [TARGET],
        "login_hint": [login["login_hint"]],
        "lti_message_hint": [login["lti_message_hint"]],
    }


@pytest.mark.parametrize(
    "hint",
    ['{"cmid":3,"launchid":"x"}', "\"'<>&=%+ ;", "é漢字🙂", "a" * 8192, "", " spaced ", "%7B%22"],
)
async def test_li_03_the_message_hint_goes_back_byte_for_byte(visit: Visit, hint: str) -> None:
    login = visit.platform.login(lti_message_hint=hint)
    response = await visit.browser.post("/lti/login", data=login)
    sent = dict(parse_qsl(urlsplit(response.headers["Location"]).query, keep_blank_values=True))
    assert sent["lti_message_hint"] == hint


async def test_li_03_without_a_message_hint_none_is_sent(visit: Visit) -> None:
    login = visit.platform.login(lti_message_hint=None)
    assert "lti_message_hint" not in query_of(await visit.browser.post("/lti/login", data=login))


async def test_li_04_the_client_id_picks_the_registration(tool: Tool, visit: Visit) -> None:
    other = replace(visit.platform, client_id=uuid4().hex)
    await tool.add(other, authorization_url=f"{other.issuer}/auth2")
    response = await visit.browser.post("/lti/login", data=other.login())
    assert response.headers["Location"].startswith(f"{other.issuer}/auth2?")
    assert query_of(response)["client_id"] == [other.client_id]


async def test_li_05_without_client_id_one_registration_works_several_do_not(
    tool: Tool, visit: Visit
) -> None:
    login = visit.platform.login(client_id=None)
    assert (await visit.browser.post("/lti/login", data=login)).status_code == 302
    await tool.add(replace(visit.platform, client_id=uuid4().hex))
    refused = await visit.browser.post("/lti/login", data=login)
    assert await refused_for(tool, refused) == "platform_ambiguous"


@pytest.mark.parametrize("change", ["unknown", "client", "slash", "case", "http"])
async def test_li_06_an_unknown_platform_is_refused_and_nothing_fetched(
    tool: Tool, visit: Visit, change: str
) -> None:
    issuer = visit.platform.issuer
    login = visit.platform.login(
        **{
            "unknown": {"iss": "https://nobody.example"},
            "client": {"client_id": "foreign"},
            "slash": {"iss": f"{issuer}/"},
            "case": {"iss": issuer.upper()},
            "http": {"iss": issuer.replace("https", "http")},
        }[change]
    )
    refused = await visit.browser.post("/lti/login", data=login)
    assert await refused_for(tool, refused) == "platform_unknown"
    assert visit.platform.fetches == 0


@pytest.mark.parametrize("name", ["iss", "login_hint", "target_link_uri"])
async def test_li_07_required_parameters_come_exactly_once(
    tool: Tool, visit: Visit, name: str
) -> None:
    login = visit.platform.login()
    missing = [pair for pair in login.items() if pair[0] != name]
    assert await refused_for(tool, await post_pairs(visit.browser, missing)) == "parameter_missing"
    empty = {**login, name: ""}
    assert await refused_for(tool, await post_pairs(visit.browser, list(empty.items()))) == (
        "parameter_missing"
    )
    twice = [*login.items(), (name, login[name])]
    assert await refused_for(tool, await post_pairs(visit.browser, twice)) == "parameter_repeated"
    by_get = await visit.browser.get(f"/lti/login?{urlencode(twice)}")
    assert await refused_for(tool, by_get) == "parameter_repeated"


@pytest.mark.parametrize(
    "target",
    [
        "https://evil.example/lti/launch",
        "//evil.example/lti/launch",
        f"https://{ORIGIN[8:]}@evil.example/lti/launch",
        f"{ORIGIN}\\@evil.example",
        f"{ORIGIN}/lti/launch\\..\\x",
        "javascript:alert(1)",
        f"{ORIGIN}/lti/launch/../../x",
        f"{ORIGIN}/lti/launch/more",
        f"{ORIGIN}.evil.example/lti/launch",
        f"{ORIGIN}/lti/launch#x",
        f"{ORIGIN}/lti/launch\r\nSet-Cookie: a=b",
        f"{ORIGIN.upper()}/lti/launch",
        ORIGIN,
    ],
)
async def test_li_08_a_foreign_target_never_reaches_an_address(
    tool: Tool, visit: Visit, target: str
) -> None:
    refused = await visit.browser.post(
        "/lti/login", data=visit.platform.login(target_link_uri=target)
    )
    assert await refused_for(tool, refused) == "target_foreign"


async def test_li_09_the_redirect_address_ignores_the_host_header(visit: Visit) -> None:
    headers = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=e"}
    response = await visit.browser.post("/lti/login", data=visit.platform.login(), headers=headers)
    assert query_of(response)["redirect_uri"] == [TARGET]


async def test_li_10_state_and_nonce_are_random_plain_and_kept_with_the_login(
    tool: Tool, visit: Visit
) -> None:
    seen = set()
    for _ in range(5):
        begun = await visit.begin()
        for value in (begun.state, begun.nonce):
            assert re.fullmatch("[0-9a-z]{32,}", value)
            seen.add(value)
    assert len(seen) == 10
    async with transaction(tool.app.state.sessions) as db:
        rows = (await db.scalars(select(LoginState))).all()
    mine = [row for row in rows if row.target_link_uri == TARGET]
    assert mine
    assert not any(value in (row.state, row.nonce) for row in mine for value in seen)
    assert all(row.expires_at - row.created_at == timedelta(seconds=600) for row in mine)


async def test_li_11_a_campus_behind_one_address_is_served_a_flood_is_not(
    tool: Tool, platform: FakePlatform
) -> None:
    async with tool.browser("203.0.113.5") as campus:
        hints = [(uuid4().hex,) for _ in range(500)]
        statuses = [
            (await campus.post("/lti/login", data=platform.login(login_hint=hint))).status_code
            for (hint,) in hints
        ]
        assert statuses == [302] * 500
        while tool.app.state.limits.allows_login("203.0.113.5", tool.now):
            pass
        refused = await campus.post("/lti/login", data=platform.login())
        assert refused.status_code == 429
        assert refused.headers["Retry-After"] == "60"
        assert await refused_for(tool, refused) == "too_many_launches"
        tool.pass_time(seconds=121)
        assert (await campus.post("/lti/login", data=platform.login())).status_code == 302


async def test_li_11_one_login_hint_has_thirty_a_minute(tool: Tool, visit: Visit) -> None:
    login = visit.platform.login(login_hint="5")
    statuses = [(await visit.browser.post("/lti/login", data=login)).status_code for _ in range(31)]
    assert statuses == [302] * 30 + [429]


async def test_li_12_an_error_of_the_platform_is_readable_and_spends_the_state(
    tool: Tool, visit: Visit
) -> None:
    begun = await visit.begin()
    form = {
        "error": "access_denied",
        "error_description": "<script>alert(1)</script>",
        "state": begun.state,
    }
    refused = await visit.browser.post("/lti/launch", data=form)
    assert await refused_for(tool, refused) == "platform_error"
    assert "<script>" not in refused.text
    assert (await tool.refusal(refused)).facts == {"error": "access_denied"}
    again = await visit.browser.post("/lti/launch", data=form)
    assert await refused_for(tool, again) == "state_spent"


async def test_li_13_a_reload_after_the_launch_says_to_open_it_again(
    tool: Tool, visit: Visit
) -> None:
    begun = await visit.begin()
    token = visit.platform.sign(visit.platform.claims(begun.nonce, tool.now))
    assert (await visit.post(begun, token)).status_code == 303
    reloaded = await visit.post(begun, token)
    assert await refused_for(tool, reloaded) == "state_spent"
    assert "open the activity again" in reloaded.text


async def test_li_14_a_query_in_the_authorization_address_is_kept(tool: Tool, visit: Visit) -> None:
    other = replace(visit.platform, client_id=uuid4().hex)
    await tool.add(other, authorization_url=f"{other.issuer}/auth?tenant=7")
    response = await visit.browser.post("/lti/login", data=other.login())
    assert response.headers["Location"].count("?") == 1
    assert query_of(response)["tenant"] == ["7"]
    assert query_of(response)["scope"] == ["openid"]


async def test_moodles_login_hint_0_says_to_sign_in_again(tool: Tool, visit: Visit) -> None:
    refused = await visit.browser.post("/lti/login", data=visit.platform.login(login_hint="0"))
    assert await refused_for(tool, refused) == "lms_signed_out"
    assert "Sign in to your course space again" in refused.text


@pytest.mark.parametrize(
    "body", [b"iss=%ff", b"a=b&" * 200, b"iss=\xff", b"login_hint=%00", b"x" * 200_000]
)
async def test_odd_bodies_are_refused_without_an_error_of_ours(
    tool: Tool, visit: Visit, body: bytes
) -> None:
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    refused = await visit.browser.post("/lti/login", content=body, headers=headers)
    await refused_for(tool, refused)


async def test_nul_in_a_hint_is_refused(tool: Tool, visit: Visit) -> None:
    refused = await visit.browser.post("/lti/login", data=visit.platform.login(login_hint="a\x00b"))
    assert await refused_for(tool, refused) == "request_malformed"


async def test_a_form_of_another_media_type_is_refused(tool: Tool, visit: Visit) -> None:
    headers = {"Content-Type": "application/json"}
    body = json.dumps(visit.platform.login())
    refused = await visit.browser.post("/lti/login", content=body, headers=headers)
    assert await refused_for(tool, refused) == "request_malformed"


async def test_refusals_speak_the_browsers_language_until_the_token_is_read(
    visit: Visit,
) -> None:
    headers = {"Accept-Language": "fr-CA,fr;q=0.9"}
    refused = await visit.browser.get("/lti/login", headers=headers)
    assert '<html lang="fr">' in refused.text
    assert "Référence" in refused.text


async def test_when_the_database_is_away_a_page_says_so(
    postgres: Database, database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    platform = FakePlatform(TARGET)
    settings = gateway_settings(database_url, service_keys, vault_keys)
    async with running(settings) as tool, tool.browser() as browser:
        await tool.add(platform)
        name = make_url(database_url).database
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS false")
        postgres.run(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"  # noqa: S608
        )
        answer = await browser.post("/lti/login", data=platform.login())
        postgres.run(f"ALTER DATABASE {name} ALLOW_CONNECTIONS true")
    assert answer.status_code == 503
    assert "A part of the service does not answer" in answer.text


async def test_a_flood_of_refusals_does_not_fill_the_table(
    database_url: str, service_keys: ServiceKeys, vault_keys: SecretStr
) -> None:
    known = gateway_settings(database_url, service_keys, vault_keys)
    settings = known.model_copy(update={"refusals_per_minute": 3})
    async with running(settings) as tool, tool.browser() as browser:
        answers = [await browser.get("/lti/login") for _ in range(5)]
        assert {answer.status_code for answer in answers} == {400}
        async with transaction(tool.app.state.sessions) as db:
            assert len((await db.scalars(select(Refusal))).all()) == 3
