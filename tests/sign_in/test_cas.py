"""CAS protocol 3 with a server that implements it."""

import pytest

from .conftest import OWN, Browser, SignInStack, parameter
from .test_openid import reason


async def test_somebody_signs_in(stack: SignInStack, browser: Browser) -> None:
    entered = await browser.enter(await browser.sign_in("cas", to="/dashboard/courses"))
    assert entered.json()["landing"]["path"] == "/dashboard/courses"
    person = stack.tool.api.sign_ins[-1].person
    assert (person.issuer, person.subject) == (stack.cas_url, "ada")
    assert (person.name, person.email) == ("Ada Lovelace", "ada@school.example")


async def test_a_ticket_of_somebody_else_cannot_be_slipped_in(
    stack: SignInStack, browser: Browser
) -> None:
    """The server refuses a ticket that was issued for the service of another sign-in."""
    mine = await browser.begin("cas")
    stack.cas.person = "mallory"
    theirs = await browser.back((await browser.begin("cas")).headers["location"])
    state = parameter(parameter(mine.headers["location"], "service"), "state")
    answer = await browser.ours.get(
        "/lti/sign-in/cas/callback",
        params={"state": state, "ticket": parameter(theirs, "ticket")},
    )
    assert await reason(browser, answer) == "ticket_refused"


async def test_a_ticket_without_a_sign_in_of_this_browser_goes_nowhere(browser: Browser) -> None:
    answer = await browser.ours.get("/lti/sign-in/cas/callback", params={"ticket": "ST-1"})
    assert await reason(browser, answer) == "state_unknown"


@pytest.mark.parametrize(
    ("body", "why"),
    [
        ("no XML", "answer_malformed"),
        ("<a/>", "ticket_refused"),
        (
            '<!DOCTYPE a [<!ENTITY b "c">]><cas:serviceResponse '
            'xmlns:cas="http://www.yale.edu/tp/cas">&b;</cas:serviceResponse>',
            "answer_malformed",
        ),
        (
            '<cas:serviceResponse xmlns:cas="http://www.yale.edu/tp/cas">'
            "<cas:authenticationSuccess><cas:user> </cas:user></cas:authenticationSuccess>"
            "</cas:serviceResponse>",
            "claim_invalid",
        ),
        ("x" * 300_000, "provider_away"),
    ],
)
async def test_an_answer_that_cannot_be_trusted_is_refused(
    stack: SignInStack, browser: Browser, body: str, why: str
) -> None:
    stack.cas.body = body
    assert await reason(browser, await browser.sign_in("cas")) == why


async def test_signing_out_leads_to_the_servers_own_log_out(
    stack: SignInStack, browser: Browser
) -> None:
    await browser.enter(await browser.sign_in("cas"))
    out = (await browser.ours.post("/lti/tokens/revoke", headers=OWN)).json()
    assert out["farewell"] == f"{stack.cas_url}/logout"
    assert out["provider"] == {"en": "Institute", "fr": "Institute"}
