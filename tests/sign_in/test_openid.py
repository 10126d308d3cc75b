"""OpenID Connect with a certified provider: code flow, PKCE, id_token validation."""

import httpx
import pytest

from .conftest import OWN, Browser, SignInStack, parameter


async def test_somebody_signs_in_and_lands_where_they_wanted_to_go(
    stack: SignInStack, browser: Browser
) -> None:
    answer = await browser.sign_in("campus", "grace", to="/dashboard/images?page=2")
    entered = await browser.enter(answer)
    assert entered.status_code == 200, entered.text
    landing = entered.json()["landing"]
    assert (landing["kind"], landing["path"]) == ("dashboard", "/dashboard/images?page=2")
    person = stack.tool.api.sign_ins[-1].person
    assert (person.issuer, person.subject) == (stack.issuer, "grace")
    # The name comes from UserInfo; the id_token of a code flow has none.
    assert person.name == "grace of the provider"
    assert person.email == "grace@school.example"


async def test_the_request_carries_state_nonce_and_a_challenge(browser: Browser) -> None:
    begun = await browser.begin("campus")
    url = begun.headers["location"]
    assert parameter(url, "response_type") == "code"
    assert parameter(url, "code_challenge_method") == "S256"
    assert len(parameter(url, "code_challenge")) == 43
    for name in ("state", "nonce"):
        assert len(parameter(url, name)) >= 32
    cookie = begun.headers["set-cookie"]
    assert cookie.startswith("__Host-mydocker-state-")
    assert {"Secure", "HttpOnly", "Path=/"} <= {part.strip() for part in cookie.split(";")}


async def test_an_answer_works_once(browser: Browser) -> None:
    begun = await browser.begin("campus")
    url = await browser.back(begun.headers["location"])
    assert (await browser.ours.get(url)).status_code == 303
    assert await reason(browser, await browser.ours.get(url)) == "state_spent"


async def test_an_answer_in_another_browser_goes_nowhere(
    stack: SignInStack, browser: Browser
) -> None:
    begun = await browser.begin("campus")
    url = await browser.back(begun.headers["location"])
    async with stack.tool.browser() as victim:
        assert await reason(browser, await victim.get(url)) == "state_cookie_missing"
    # The state is unused: the browser that started may go on.
    assert (await browser.ours.get(url)).status_code == 303


async def test_an_answer_after_ten_minutes_is_too_late(
    stack: SignInStack, browser: Browser
) -> None:
    begun = await browser.begin("campus")
    url = await browser.back(begun.headers["location"])
    stack.tool.pass_time(minutes=11)
    assert await reason(browser, await browser.ours.get(url)) == "state_expired"


async def test_a_code_of_another_sign_in_is_refused(browser: Browser) -> None:
    first = await browser.begin("campus")
    code = parameter(await browser.back(first.headers["location"]), "code")
    second = await browser.begin("campus")
    state = parameter(second.headers["location"], "state")
    answer = await browser.ours.get(
        "/lti/sign-in/campus/callback", params={"state": state, "code": code}
    )
    assert await reason(browser, answer) == "code_refused"


async def test_the_providers_error_is_a_page_with_a_way_back(browser: Browser) -> None:
    begun = await browser.begin("campus")
    state = parameter(begun.headers["location"], "state")
    answer = await browser.ours.get(
        "/lti/sign-in/campus/callback",
        params={"state": state, "error": "access_denied"},
        headers={"Accept-Language": "fr"},
    )
    assert "La connexion n’a pas abouti" in answer.text
    assert 'href="https://tool.example/sign-in"' in answer.text
    assert await reason(browser, answer) == "provider_error"


async def test_another_issuers_answer_is_refused(browser: Browser) -> None:
    begun = await browser.begin("campus")
    state = parameter(begun.headers["location"], "state")
    answer = await browser.ours.get(
        "/lti/sign-in/campus/callback",
        params={"state": state, "code": "x", "iss": "https://other.example"},
    )
    assert await reason(browser, answer) == "issuer_foreign"


@pytest.mark.parametrize(
    ("path", "why"),
    [
        ("/lti/sign-in/nobody", "provider_unknown"),
        ("/lti/sign-in/away", "provider_away"),
        ("/lti/sign-in/campus/callback?state=made-up&code=x", "state_unknown"),
        ("/lti/sign-in/campus/callback", "state_unknown"),
        ("/lti/sign-in/campus/callback?state=a&state=b", "parameter_repeated"),
    ],
)
async def test_nonsense_is_a_page_with_a_reference(browser: Browser, path: str, why: str) -> None:
    assert await reason(browser, await browser.ours.get(path)) == why


@pytest.mark.parametrize("to", ["https://evil.example/", "//evil.example", "/api/me", "/\\evil"])
async def test_only_our_own_pages_follow_a_sign_in(browser: Browser, to: str) -> None:
    entered = await browser.enter(await browser.sign_in("campus", to=to))
    assert entered.json()["landing"]["path"] is None


async def test_api_away_and_a_disabled_person_get_a_page(
    stack: SignInStack, browser: Browser
) -> None:
    stack.tool.api.away = True
    assert await reason(browser, await browser.sign_in("campus")) == "api_away"
    stack.tool.api.away, stack.tool.api.refuses = False, "user_disabled"
    assert await reason(browser, await browser.sign_in("campus")) == "user_disabled"


async def test_the_web_session_rotates_and_reuse_ends_it(
    stack: SignInStack, browser: Browser
) -> None:
    entered = (await browser.enter(await browser.sign_in("campus"))).json()
    stolen = browser.ours.cookies["__Host-mydocker-refresh"]
    renewed = await browser.ours.post("/lti/tokens/refresh", headers=OWN)
    assert renewed.json()["web_session_id"] == entered["web_session_id"]
    assert browser.ours.cookies["__Host-mydocker-refresh"] != stolen
    stack.tool.pass_time(seconds=11)
    async with stack.tool.browser() as thief:
        thief.cookies.set("__Host-mydocker-refresh", stolen)
        assert (await thief.post("/lti/tokens/refresh", headers=OWN)).status_code == 401
    assert (await browser.ours.post("/lti/tokens/refresh", headers=OWN)).status_code == 401


async def test_signing_out_says_what_remains_and_ends_it_too(
    stack: SignInStack, browser: Browser
) -> None:
    await browser.enter(await browser.sign_in("campus"))
    out = (await browser.ours.post("/lti/tokens/revoke", headers=OWN)).json()
    assert out["course_space"] is False
    assert out["provider"] == {"en": "Campus account", "fr": "Compte du campus"}
    assert out["farewell"].startswith(f"{stack.issuer}/session/end?")
    assert "id_token" not in out["farewell"]
    logout_page = await browser.others.get(out["farewell"])
    assert logout_page.status_code == 200, logout_page.text
    again = await browser.ours.post("/lti/tokens/refresh", headers=OWN)
    assert again.json()["code"] == "web_session_over"


async def test_the_page_learns_which_ways_in_there_are(browser: Browser) -> None:
    listed = (await browser.ours.get("/lti/sign-in/providers")).json()
    assert [(provider["id"], provider["kind"]) for provider in listed] == [
        ("campus", "openid"), ("cas", "cas"), ("away", "openid"),
    ]  # fmt: skip
    assert listed[0]["title"]["fr"] == "Compte du campus"


async def reason(browser: Browser, answer: httpx.Response) -> str:
    """The reason of a refused response."""
    assert answer.status_code >= 400, answer.headers
    return (await browser.stack.tool.refusal(answer)).reason
