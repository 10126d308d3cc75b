"""Login initiation: LI rows of docs/lti/conformance.md."""

import re
from dataclasses import replace
from datetime import timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit
from uuid import uuid4

import pytest
from sqlalchemy import select

from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import LoginState
from tests.lti_gateway.launch.login_forms import post_pairs, query_of, refused_for

from ..conftest import ORIGIN, TARGET, Tool, Visit


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
