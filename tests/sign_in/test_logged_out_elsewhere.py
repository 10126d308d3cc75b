"""Back-channel logout: only the provider can end web sessions of its sessions."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from mydocker_lti.sign_in.discovery import Discovery
from mydocker_lti.sign_in.openid import LOGOUT_EVENT

from .conftest import OWN, Browser, SignInStack, parameter

KEY = generate_private_key(SECP256R1())
_SAML = "urn:oasis:names:tc:SAML:2.0:protocol"


def logout_request(ticket: str) -> str:
    return (
        f'<samlp:LogoutRequest xmlns:samlp="{_SAML}" ID="1" Version="2.0">'
        f"<samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>"
    )


async def from_server(stack: SignInStack, path: str, **form: str) -> int:
    """Post as the provider's server, without cookies; returns the status."""
    async with stack.tool.browser("192.0.2.1") as server:
        return (await server.post(path, data=form)).status_code


async def renewed(browser: Browser) -> httpx.Response:
    return await browser.ours.post("/lti/tokens/refresh", headers=OWN)


async def by_cas(browser: Browser) -> tuple[str, str]:
    """Sign in with CAS; returns the callback URL and the ticket."""
    begun = await browser.begin("cas")
    back = await browser.back(begun.headers["location"])
    assert (await browser.enter(await browser.ours.get(back))).status_code == 200
    return back.partition("&ticket=")[0].removeprefix("https://tool.example"), parameter(
        back, "ticket"
    )


async def test_cas_ends_the_session_of_its_ticket(stack: SignInStack, browser: Browser) -> None:
    service, ticket = await by_cas(browser)
    for other in ("ST-unknown", ""):
        assert await from_server(stack, service, logoutRequest=logout_request(other)) == 200
    assert (await renewed(browser)).status_code == 200
    assert await from_server(stack, service, logoutRequest=logout_request(ticket)) == 200
    assert (await renewed(browser)).json()["code"] == "web_session_over"
    assert await from_server(stack, service, logoutRequest=logout_request(ticket)) == 200


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no xml",
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        "<samlp:LogoutRequest/>",
        "<a>" * 500,
    ],
)
async def test_what_is_no_log_out_of_cas_ends_nothing(
    stack: SignInStack, browser: Browser, body: str
) -> None:
    service, _ = await by_cas(browser)
    assert await from_server(stack, service, logoutRequest=body) == 200
    assert await from_server(stack, service) == 400
    assert await from_server(stack, service, logoutRequest="x" * 200_000) == 400
    assert await from_server(stack, "/lti/sign-in/unheard-of/callback") == 400
    assert (await renewed(browser)).status_code == 200


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Replaces the provider's key, so that the test can sign any logout token."""

    async def key(*_: object) -> jwt.PyJWK:
        public = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return jwt.PyJWK({**public, "alg": "ES256"})

    monkeypatch.setattr(Discovery, "key", key)


def logout_token(stack: SignInStack, now: datetime, **changes: Any) -> str:
    claims: dict[str, Any] = {
        "iss": stack.issuer,
        "aud": "mydocker",
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 120,
        "jti": uuid4().hex,
        "events": {LOGOUT_EVENT: {}},
        "sub": "grace",
        **changes,
    }
    present = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(present, KEY, algorithm="ES256")


async def by_openid(browser: Browser) -> None:
    assert (await browser.enter(await browser.sign_in("campus", "grace"))).status_code == 200


async def test_openid_ends_the_visits_of_its_person(
    stack: SignInStack,
    browser: Browser,
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
) -> None:
    await by_openid(browser)
    request.getfixturevalue("signs")
    path, now = "/lti/sign-in/campus/logged-out", stack.tool.now
    other = logout_token(stack, now, sub="somebody-else")
    assert await from_server(stack, path, logout_token=other) == 200
    assert (await renewed(browser)).status_code == 200
    assert await from_server(stack, path, logout_token=logout_token(stack, now)) == 200
    assert (await renewed(browser)).json()["code"] == "web_session_over"


@pytest.mark.parametrize(
    "changes",
    [
        {"iss": "https://other.example"},
        {"aud": "another-client"},
        {"events": {}},
        {"events": None},
        {"events": "x"},
        {"nonce": "n"},
        {"sub": None},
        {"jti": None},
        {"iat": 1},
        {"iat": "now"},
    ],
)
async def test_a_token_that_is_no_log_out_ends_nothing(
    stack: SignInStack, browser: Browser, request: pytest.FixtureRequest, changes: dict[str, Any]
) -> None:
    await by_openid(browser)
    request.getfixturevalue("signs")
    token = logout_token(stack, stack.tool.now, **changes)
    path = "/lti/sign-in/campus/logged-out"
    assert await from_server(stack, path, logout_token=token) == 400
    assert await from_server(stack, path, logout_token=token[:-6]) == 400
    assert await from_server(stack, path) == 400
    assert (await renewed(browser)).status_code == 200
