"""A signed-in person proves a second identity in the same browser, with a new authentication."""

import time
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import jwt
import pytest

from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.postgres.db import transaction
from mydocker_lti.sign_in.openid import OpenId
from mydocker_lti.web_sessions.revocations import end_sessions_of_person

from .conftest import OWN, Browser, SignInStack, parameter
from .test_openid import reason


async def entered(browser: Browser, provider: str, person: str = "ada") -> dict[str, Any]:
    """Sign in with a provider; returns the page's tokens."""
    answer = await browser.enter(await browser.sign_in(provider, person))
    assert answer.status_code == 200, answer.text
    admitted: dict[str, Any] = answer.json()
    return admitted


async def asks(
    browser: Browser, held: dict[str, Any], provider: str, **headers: str
) -> httpx.Response:
    """The account page starts the link; returns the provider's URL."""
    bearer = {"Authorization": f"Bearer {held['access_token']}"}
    return await browser.ours.post(
        f"/lti/sign-in/{provider}/link", headers={**OWN, **bearer, **headers}
    )


@pytest.mark.parametrize(("first", "second"), [("cas", "campus"), ("campus", "cas")])
async def test_two_identities_proved_in_one_browser_are_sent_to_api(
    stack: SignInStack, browser: Browser, first: str, second: str
) -> None:
    held = await entered(browser, first, "ada")
    begun = await asks(browser, held, second)
    assert begun.status_code == 200, begun.text
    assert begun.headers["cache-control"] == "no-store"
    signed_in, requests = len(stack.tool.api.sign_ins), len(stack.tool.api.link_requests)
    answer = await browser.ours.get(await browser.back(begun.json()["url"], "grace"))
    [link_request] = stack.tool.api.link_requests[requests:]
    assert answer.headers["location"] == f"https://tool.example/account?link={link_request.id}"
    assert str(link_request.web_session_id) == held["web_session_id"]
    who = "grace" if second == "campus" else "ada"
    assert (link_request.person.issuer, link_request.person.subject) == (
        stack.issuer if second == "campus" else stack.cas_url,
        who,
    )
    assert len(stack.tool.api.sign_ins) == signed_in, "nobody entered by it"


async def test_whoever_is_signed_in_there_already_proves_it_again(
    stack: SignInStack, browser: Browser
) -> None:
    held = await entered(browser, "cas")
    await browser.sign_in("campus", "left-at-this-computer")
    begun = await asks(browser, held, "campus")
    url = begun.json()["url"]
    assert (parameter(url, "prompt"), parameter(url, "max_age")) == ("login", "0")
    await browser.ours.get(await browser.back(url, "grace"))
    assert stack.tool.api.link_requests[-1].person.subject == "grace"


async def test_a_cas_ticket_of_an_earlier_log_in_is_no_proof(
    stack: SignInStack, browser: Browser
) -> None:
    held = await entered(browser, "campus")
    stack.cas.asks_again = False
    begun = await asks(browser, held, "cas")
    assert parse_qs(urlsplit(begun.json()["url"]).query)["renew"] == ["true"]
    answer = await browser.ours.get(await browser.back(begun.json()["url"]))
    assert await reason(browser, answer) == "ticket_refused"


@pytest.mark.parametrize("auth_time", [None, 3600, "yesterday"])
async def test_an_old_proof_or_none_is_refused(
    browser: Browser, monkeypatch: pytest.MonkeyPatch, auth_time: object
) -> None:
    """A provider that ignores `prompt` and `max_age`."""
    checked = OpenId._verified_claims

    async def as_if(*given: Any) -> Any:
        claims = await checked(*given)
        claims.pop("auth_time", None)
        when = (
            {"auth_time": time.time() - auth_time}
            if isinstance(auth_time, int)
            else {"auth_time": auth_time}
        )
        return {**claims, **({} if auth_time is None else when)}

    held = await entered(browser, "cas")
    begun = await asks(browser, held, "campus")
    monkeypatch.setattr(OpenId, "_verified_claims", as_if)
    answer = await browser.ours.get(await browser.back(begun.json()["url"]))
    assert await reason(browser, answer) == "proof_stale"


async def test_a_proof_brought_by_another_browser_goes_nowhere(
    stack: SignInStack, browser: Browser
) -> None:
    held = await entered(browser, "cas")
    begun = await asks(browser, held, "campus")
    url = await browser.back(begun.json()["url"])
    before = len(stack.tool.api.link_requests)
    async with stack.tool.browser() as victim:
        assert await reason(browser, await victim.get(url)) == "state_cookie_missing"
    assert len(stack.tool.api.link_requests) == before
    assert (await browser.ours.get(url)).status_code == 303
    assert await reason(browser, await browser.ours.get(url)) == "state_spent"


async def test_a_proof_that_comes_too_late_is_refused(stack: SignInStack, browser: Browser) -> None:
    held = await entered(browser, "cas")
    begun = await asks(browser, held, "campus")
    url = await browser.back(begun.json()["url"])
    stack.tool.pass_time(minutes=11)
    assert await reason(browser, await browser.ours.get(url)) == "state_expired"


async def test_linking_ends_with_the_visit_that_asked(stack: SignInStack, browser: Browser) -> None:
    held = await entered(browser, "cas")
    begun = await asks(browser, held, "campus")
    url = await browser.back(begun.json()["url"])
    await browser.ours.post("/lti/tokens/revoke", headers=OWN)
    assert await reason(browser, await browser.ours.get(url)) == "linking_session_over"
    assert (await asks(browser, held, "campus")).json()["code"] == "web_session_over"


async def test_who_may_ask(stack: SignInStack, browser: Browser) -> None:
    held = await entered(browser, "cas")
    foreign = await asks(browser, held, "campus", **{"X-MyDocker": "0"})
    assert foreign.json()["code"] == "foreign_request"
    nobody = await browser.ours.post("/lti/sign-in/campus/link", headers=OWN)
    assert nobody.status_code == 401
    for provider in ("away", "unheard-of"):
        answer = await asks(browser, held, provider)
        assert (answer.status_code, answer.json()["code"]) == (503, "provider_away")
    forged = jwt.encode({"sub": "x"}, "k" * 32, algorithm="HS256")
    assert (await asks(browser, {"access_token": forged}, "campus")).status_code == 401
    stack.tool.pass_time(minutes=9)
    assert (await asks(browser, held, "campus")).status_code == 200
    for _ in range(7):
        stack.tool.pass_time(minutes=9)
        renewed = await browser.ours.post("/lti/tokens/refresh", headers=OWN)
        held = renewed.json()
    assert (await asks(browser, held, "campus")).json()["code"] == "proof_too_old"


async def test_a_tab_of_its_own_carries_the_same_person_once(
    stack: SignInStack, browser: Browser
) -> None:
    held = await entered(browser, "cas")
    bearer = {"Authorization": f"Bearer {held['access_token']}"}

    async def opened() -> str:
        answer = await browser.ours.post("/lti/tabs", headers={**OWN, **bearer})
        address = urlsplit(answer.json()["url"])
        assert (address.path, address.query) == ("/enter", "")
        return str(address.fragment).removeprefix("tab=")

    async def enters(code: str) -> httpx.Response:
        async with stack.tool.browser() as tab:
            return await tab.post("/lti/tabs/enter", json={"code": code}, headers=OWN)

    async def names(code: str) -> httpx.Response:
        async with stack.tool.browser() as tab:
            return await tab.post("/lti/tabs/account", json={"code": code}, headers=OWN)

    code = await opened()
    for _ in range(2):  # asking uses nothing up
        whose = await names(code)
        assert whose.json() == {"name": "Grace Hopper", "email": "grace@example.org"}
        assert whose.headers["cache-control"] == "no-store"
    there = await enters(code)
    assert (there.status_code, there.json()["landing"]["path"]) == (200, "/account")
    assert there.json()["web_session_id"] != held["web_session_id"]
    assert (await enters(code)).json()["code"] == "tab_used"
    assert (await names(code)).json()["code"] == "tab_used"
    assert (await names("x" * 64)).json()["code"] == "tab_unknown"
    assert (await enters("x" * 64)).json()["code"] == "tab_unknown"
    late = await opened()
    stack.tool.pass_time(seconds=61)
    assert (await enters(late)).json()["code"] == "tab_used"
    over = await opened()
    user = jwt.decode(held["access_token"], options={"verify_signature": False})["sub"]
    async with transaction(stack.tool.app.state.sessions) as db:
        await end_sessions_of_person(db, user, SessionEnd.ACCOUNT_CHANGED, stack.tool.now)
    assert (await enters(over)).json()["code"] == "tab_unknown"
