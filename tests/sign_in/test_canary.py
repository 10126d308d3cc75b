"""Secrets of sign-in, linking and entry links appear in no URL, page, log or table."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import httpx
import pytest

from mydocker_kit.postgres.db import transaction
from mydocker_lti.sign_in import cas
from mydocker_lti.sign_in.openid import OpenId
from mydocker_lti.web_sessions.entry_links import new_link
from tests.lti_gateway.canary import Canary, listening, rows_of_schema
from tests.lti_gateway.conftest import PEOPLE

from .conftest import OWN, SECRET, Browser, SignInStack
from .test_linking import asks, entered

BY_DESIGN = {"code", "state", "ticket", "nonce", "code_challenge", "service", "iss"}
"""In addresses between provider and us: the protocols have them there, each good once, for minutes,
and for the browser that began (docs/sign-in.md)."""
KINDS = {
    "client secret", "code", "id_token", "access_token", "PKCE verifier", "CAS ticket", "cookie",
    "ticket", "bearer", "tab code", "operator's link",
}  # fmt: skip


@pytest.fixture
def canary(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> Canary:
    """Records the gateway's requests, responses and tokens from providers."""
    canary = Canary()
    canary.watch("client secret", SECRET)
    tokens, vouched = OpenId._tokens, cas.person

    async def answer_tokens(self: OpenId, *given: Any) -> Mapping[str, Any]:
        tokens_of_code = await tokens(self, *given)
        canary.watch("code", given[3])
        canary.watch("PKCE verifier", given[4])
        for name in ("id_token", "access_token"):
            canary.watch(name, tokens_of_code.get(name))
        return tokens_of_code

    async def validate_ticket(*given: Any, **more: Any) -> Any:
        canary.watch("CAS ticket", given[3])
        return await vouched(*given, **more)

    monkeypatch.setattr(OpenId, "_tokens", answer_tokens)
    monkeypatch.setattr(cas, "person", validate_ticket)

    async def request_seen(request: httpx.Request) -> None:
        canary.saw("an address", _without(str(request.url)))
        canary.watch("bearer", request.headers.get("Authorization", "").removeprefix("Bearer "))

    async def answer_seen(response: httpx.Response) -> None:
        await response.aread()
        location = response.headers.get("location", "")
        canary.watch("ticket", urlsplit(location).fragment.removeprefix("ticket="))
        canary.saw("a redirect", _without(location))
        for header in response.headers.get_list("set-cookie"):
            canary.watch("cookie", header.partition(";")[0].partition("=")[2])
        if response.headers.get("content-type", "").startswith("text/html"):
            canary.saw("a page", response.text)

    browser.ours.event_hooks = {"request": [request_seen], "response": [answer_seen]}
    return canary


def _without(url: str) -> str:
    """The address without its fragment, and without what may stand in it."""
    parts = urlsplit(url)
    parameters = [(name, value) for name, value in parse_qsl(parts.query) if name not in BY_DESIGN]
    return parts._replace(query=urlencode(parameters), fragment="").geturl()


async def every_way_in(stack: SignInStack, browser: Browser, canary: Canary) -> None:
    """Both kinds of provider, refusals, linking, a tab code, an entry link."""
    for provider in ("campus", "cas"):
        begun = await browser.begin(provider)
        back = await browser.back(begun.headers["location"])
        held = (await browser.enter(await browser.ours.get(back))).json()
        await browser.ours.get(back)  # once more: refused
        await browser.ours.get(f"/lti/sign-in/{provider}/callback?error=access_denied")
    await browser.ours.post("/lti/tokens/refresh", headers=OWN)
    held = await entered(browser, "cas")
    begun = await asks(browser, held, "campus")
    await browser.ours.get(await browser.back(begun.json()["url"], "grace"))
    bearer = {**OWN, "Authorization": f"Bearer {held['access_token']}"}
    tab = (await browser.ours.post("/lti/tabs", headers=bearer)).json()["url"]
    code = urlsplit(tab).fragment.removeprefix("tab=")
    canary.watch("tab code", code)
    for _ in range(2):
        await browser.ours.post("/lti/tabs/enter", json={"code": code}, headers=OWN)
    async with transaction(stack.tool.app.state.sessions) as db:
        link = await new_link(db, PEOPLE, "https://tool.example", stack.tool.now)
    secret = urlsplit(link).fragment.removeprefix("link=")
    canary.watch("operator's link", secret)
    for _ in range(2):
        await browser.ours.post("/lti/entry-links", json={"link": secret}, headers=OWN)
    await browser.ours.post("/lti/tokens/revoke", headers=OWN)


async def test_no_secret_of_signing_in_is_found_in_addresses_pages_logs_or_tables(
    stack: SignInStack, browser: Browser, canary: Canary, caplog: pytest.LogCaptureFixture
) -> None:
    with listening(canary, caplog) as events:
        await every_way_in(stack, browser, canary)
    async with stack.tool.app.state.sessions() as db:
        async for location, row in rows_of_schema(db, "lti"):
            canary.saw(location, row)
    assert set(canary.secrets.values()) >= KINDS, "every kind of secret came by"
    seen = {event["event"] for event in events}
    assert {"sign_in.accepted", "sign_in.proved", "entry.refused", "entry_link.used"} <= seen
    assert {"table sign_in_states", "table link_codes"} <= canary.sightings.keys()
    assert canary.leaks() == []
