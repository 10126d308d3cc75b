"""Which headers pass the edge: none that says who somebody is, unless a service said it."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from mydocker_api.domain.tokens.form import new_token
from mydocker_kit.tokens import AccessToken, ServiceIdentity, access_claims

from .edge import COOKIE, LABEL, Edge, client, connect, edge

__all__ = ["client", "edge"]

NOW = datetime(2027, 1, 11, 9, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate()
FORGED = {
    "X-Upstream": "127.0.0.1:1",
    "X-Desktop": "forged",
    "X-Window": "https://evil.example",
    "X-Framing": "frame-ancestors *",
    "X-Forms": "http://evil.example",
    "X-Request-Id": "forged-request-id",
    "X-Forwarded-For": "192.0.2.1",
    "X-Forwarded-Host": "forged.example",
    "X-Forwarded-Proto": "forged",
}


def of_a_person() -> str:
    token = AccessToken(uuid4(), uuid4(), NOW + timedelta(minutes=10))
    return jwt.encode(access_claims(token, NOW), KEY, "EdDSA", headers={"kid": uuid4().hex})


def of_a_service() -> str:
    return ServiceIdentity("mydocker-api", KEY).token_for("mydocker-orchestrator", NOW)


def believed(seen: dict[str, str]) -> set[str]:
    """The forged values that came through."""
    return {value for value in FORGED.values() if value in seen.values()}


@pytest.mark.parametrize("path", ["/api/me", "/lti/login"])
async def test_services_believe_nothing_that_a_client_says_of_itself(
    edge: Edge, client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(edge.url(path), headers={**edge.host("localhost"), **FORGED})
    seen = answer.json()["headers"]
    assert (answer.json()["path"], believed(seen)) == (path, set())
    assert not {"x-request-id", "x-upstream", "x-desktop", "x-window"} & set(seen)
    assert seen["x-forwarded-for"] == "127.0.0.1"


async def test_the_question_and_the_environment_believe_nothing_either(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    answer = await client.get(edge.url("/lab"), headers={**edge.host(LABEL), **FORGED})
    assert answer.json()["path"] == "/lab"
    allowed = {FORGED[name] for name in ("X-Framing", "X-Forms", "X-Request-Id")}
    assert believed(answer.json()["headers"]) <= allowed, "an environment's own business"
    assert believed(edge.asked) == set()
    assert "x-request-id" not in edge.asked


async def test_the_page_says_only_what_the_gateway_said(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    page = await client.get(edge.url("/"), headers={**edge.host("localhost"), **FORGED})
    assert "the page" in page.text
    assert "evil" not in str(page.headers)
    assert "frame-ancestors *" not in str(page.headers)


@pytest.mark.parametrize(
    "token", [of_a_person(), of_a_service(), new_token()], ids=["person", "service", "script"]
)
@pytest.mark.parametrize("scheme", ["Bearer", "bearer ", "BEARER"])
async def test_a_token_of_ours_stays_outside_of_an_environment(
    edge: Edge, client: httpx.AsyncClient, token: str, scheme: str
) -> None:
    headers = {**edge.host(LABEL), "Authorization": f"{scheme} {token}"}
    answer = await client.get(edge.url("/"), headers=headers)
    assert "authorization" not in answer.json()["headers"]
    assert token not in answer.text
    assert token not in str(edge.asked)


@pytest.mark.parametrize(
    "own",
    [
        "Basic dXNlcjpwYXNz",
        "Digest username=u",
        "Bearer opaque",
        "Bearer pat_of_mydocker_pat_",
        "token 0123456789abcdef",
        "Bearer " + jwt.encode({"iss": "jupyterhub"}, "k" * 32),
        "Bearer " + jwt.encode({"iss": "my.school"}, "k" * 32),
    ],
)
async def test_an_environments_own_authorization_passes(
    edge: Edge, client: httpx.AsyncClient, own: str
) -> None:
    answer = await client.get(edge.url("/"), headers={**edge.host(LABEL), "Authorization": own})
    assert answer.json()["headers"]["authorization"] == own
    assert "authorization" not in edge.asked, "and is nobody else's business"


async def test_nothing_of_ours_is_in_an_answer_that_switches_protocols(edge: Edge) -> None:
    more = {**FORGED, "Authorization": f"Bearer {of_a_person()}"}
    origin = f"http://{LABEL}:{edge.port}"
    async with connect(f"{LABEL}:{edge.port}", origin, more=more) as connection:
        assert connection.response is not None
        said = {name.lower() for name, _ in connection.response.headers.raw_items()}
        seen = str(await connection.recv()).lower()
    assert not {"x-upstream", "x-desktop", "x-window", "set-cookie", "authorization"} & said
    for secret in (COOKIE.lower(), "secret", "eyj", "x-upstream", "x-desktop", "x-window"):
        assert secret not in seen


async def test_a_desktops_token_goes_to_the_bridge_and_nowhere_else(edge: Edge) -> None:
    edge.desktop = "token-of-the-desktop"
    more = {**FORGED, "Authorization": f"Bearer {of_a_person()}"}
    origin = f"http://{LABEL}:{edge.port}"
    async with connect(f"{LABEL}:{edge.port}", origin, "/_desktop", more) as connection:
        assert connection.response is not None
        answered = str(list(connection.response.headers.raw_items())).lower()
        seen = str(await connection.recv()).lower()
    assert "token-of-the-desktop" in seen
    assert not [secret for secret in ("forged", "evil", "eyj", COOKIE.lower()) if secret in seen]
    assert "token-of-the-desktop" not in answered
    assert "x-desktop" not in answered
