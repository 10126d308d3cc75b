"""A provider that ends its session ends what began by it here; nobody else can."""

from datetime import datetime
from typing import Any
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key

from mydocker_lti.sign_in.discovery import Discovery
from mydocker_lti.sign_in.openid import LOG_OUT

from .conftest import OWN, Browser, Door, parameter

KEY = generate_private_key(SECP256R1())
_SAML = "urn:oasis:names:tc:SAML:2.0:protocol"


def logout_request(ticket: str) -> str:
    return (
        f'<samlp:LogoutRequest xmlns:samlp="{_SAML}" ID="1" Version="2.0">'
        f"<samlp:SessionIndex>{ticket}</samlp:SessionIndex></samlp:LogoutRequest>"
    )


async def from_server(door: Door, path: str, **form: str) -> int:
    """What the provider's own server is answered; it has no cookie of anybody."""
    async with door.tool.browser("192.0.2.1") as server:
        return (await server.post(path, data=form)).status_code


async def renewed(browser: Browser) -> httpx.Response:
    return await browser.ours.post("/lti/tokens/refresh", headers=OWN)


async def by_cas(browser: Browser) -> tuple[str, str]:
    """Signed in with CAS: the address its ticket went to, and the ticket."""
    begun = await browser.begin("cas")
    back = await browser.back(begun.headers["location"])
    assert (await browser.enter(await browser.ours.get(back))).status_code == 200
    return back.partition("&ticket=")[0].removeprefix("https://tool.example"), parameter(
        back, "ticket"
    )


async def test_cas_ends_the_session_of_its_ticket(door: Door, browser: Browser) -> None:
    service, ticket = await by_cas(browser)
    for other in ("ST-unknown", ""):
        assert await from_server(door, service, logoutRequest=logout_request(other)) == 200
    assert (await renewed(browser)).status_code == 200
    assert await from_server(door, service, logoutRequest=logout_request(ticket)) == 200
    assert (await renewed(browser)).json()["code"] == "web_session_over"
    assert await from_server(door, service, logoutRequest=logout_request(ticket)) == 200


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
    door: Door, browser: Browser, body: str
) -> None:
    service, _ = await by_cas(browser)
    assert await from_server(door, service, logoutRequest=body) == 200
    assert await from_server(door, service) == 400
    assert await from_server(door, service, logoutRequest="x" * 200_000) == 400
    assert await from_server(door, "/lti/sign-in/unheard-of/callback") == 400
    assert (await renewed(browser)).status_code == 200


@pytest.fixture
def signs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The provider's key is ours: tokens of any content can be made."""

    async def key(*_: object) -> jwt.PyJWK:
        public = jwt.algorithms.ECAlgorithm.to_jwk(KEY.public_key(), as_dict=True)
        return jwt.PyJWK({**public, "alg": "ES256"})

    monkeypatch.setattr(Discovery, "key", key)


def logout_token(door: Door, now: datetime, **changes: Any) -> str:
    claims: dict[str, Any] = {
        "iss": door.issuer,
        "aud": "mydocker",
        "iat": int(now.timestamp()),
        "exp": int(now.timestamp()) + 120,
        "jti": uuid4().hex,
        "events": {LOG_OUT: {}},
        "sub": "grace",
        **changes,
    }
    said = {name: value for name, value in claims.items() if value is not None}
    return jwt.encode(said, KEY, algorithm="ES256")


async def by_openid(browser: Browser) -> None:
    assert (await browser.enter(await browser.sign_in("campus", "grace"))).status_code == 200


async def test_openid_ends_the_visits_of_its_person(
    door: Door, browser: Browser, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest
) -> None:
    await by_openid(browser)
    request.getfixturevalue("signs")
    path, now = "/lti/sign-in/campus/logged-out", door.tool.now
    other = logout_token(door, now, sub="somebody-else")
    assert await from_server(door, path, logout_token=other) == 200
    assert (await renewed(browser)).status_code == 200
    assert await from_server(door, path, logout_token=logout_token(door, now)) == 200
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
    door: Door, browser: Browser, request: pytest.FixtureRequest, changes: dict[str, Any]
) -> None:
    await by_openid(browser)
    request.getfixturevalue("signs")
    token = logout_token(door, door.tool.now, **changes)
    path = "/lti/sign-in/campus/logged-out"
    assert await from_server(door, path, logout_token=token) == 400
    assert await from_server(door, path, logout_token=token[:-6]) == 400
    assert await from_server(door, path) == 400
    assert (await renewed(browser)).status_code == 200
