"""The edge: what it lets through, where to, what it keeps to itself. A real Caddy, two stubs."""

import asyncio
import re

import httpx
import pytest
import websockets
from tests.support.ports import reserved

from .edge import COOKIE, LABEL, Edge, client, connect, edge

__all__ = ["client", "edge"]


@pytest.mark.parametrize(
    "path",
    [
        "/internal/launches/1",
        "/access/route",
        "/metrics",
        "/health/ready",
        "/internal/../internal",
        "/lti/framing",
        "/lti/../lti/framing",
        "/LTI/framing",
    ],
)
async def test_the_inside_is_never_reached_from_the_application(
    edge: Edge, client: httpx.AsyncClient, path: str
) -> None:
    answer = await client.get(edge.url(path), headers=edge.host("localhost"))
    assert answer.status_code == 404


async def test_the_application_has_its_pages_and_their_policy(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    page = await client.get(edge.url("/courses/17"), headers=edge.host("localhost"))
    assert "the page" in page.text
    framing, own = page.headers.get_list("content-security-policy")
    assert framing == "frame-ancestors https://lms.test"
    assert "script-src 'self';" in own
    assert "form-action 'self' https: http://lms.test http://campus.test;" in own
    assert page.headers["x-content-type-options"] == "nosniff"
    assert page.headers["cache-control"] == "no-cache"
    assert "x-frame-options" not in page.headers
    assert "server" not in page.headers
    asset = await client.get(edge.url("/assets/a-1234.js"), headers=edge.host("localhost"))
    assert "immutable" in asset.headers["cache-control"]
    gone = await client.get(edge.url("/assets/gone.js"), headers=edge.host("localhost"))
    assert gone.status_code == 404


async def test_api_and_gateway_are_reached_below_their_paths(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    for path in ("/api/me", "/lti/login"):
        answer = await client.get(edge.url(path), headers=edge.host("localhost"))
        assert answer.json()["path"] == path
        assert answer.json()["headers"]["x-forwarded-proto"] == "http"


async def test_an_event_leaves_at_once(edge: Edge, client: httpx.AsyncClient) -> None:
    headers = {**edge.host("localhost"), "Accept-Encoding": "gzip"}
    async with client.stream("GET", edge.url("/api/drip"), headers=headers) as stream:
        assert "content-encoding" not in stream.headers
        async with asyncio.timeout(100):
            assert await anext(stream.aiter_text()) == "data: first\n\n"


async def test_an_environment_gets_its_requests_without_our_secrets(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    headers = {
        **edge.host(LABEL),
        "Cookie": f"a=1; {COOKIE}=secret; b=2",
        "X-Upstream": "127.0.0.1:1",
    }
    answer = await client.post(edge.url("/lab?x=1"), headers=headers, content=b"x" * 3_000_000)
    seen = answer.json()
    assert seen["path"] == "/lab"
    assert seen["body"] == 3_000_000
    assert seen["headers"]["host"] == f"{LABEL}:{edge.port}"
    assert "secret" not in answer.text
    assert "x-upstream" not in seen["headers"]
    assert seen["headers"]["cookie"].replace(" ", "") == "a=1;b=2"


async def test_a_browser_cannot_say_that_a_port_is_a_desktop(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    headers = {**edge.host(LABEL), "X-Desktop": "page", "X-Window": "https://evil.example"}
    for path in ("/", "/_desktop"):
        answer = await client.get(edge.url(path), headers=headers)
        assert answer.json()["path"] == path  # the environment's own
        assert not {"x-desktop", "x-window"} & set(answer.json()["headers"])
        assert "x-mydocker-window" not in answer.headers


async def test_our_cookie_alone_leaves_nothing_behind(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    headers = {**edge.host(LABEL), "Cookie": f"{COOKIE}=secret; a=1"}
    answer = await client.get(edge.url("/"), headers=headers)
    assert answer.json()["headers"]["cookie"] == "a=1"


async def test_a_refusal_is_shown_and_nothing_passes(edge: Edge, client: httpx.AsyncClient) -> None:
    edge.allowed = None
    headers = {**edge.host(LABEL), "X-Upstream": "127.0.0.1:1"}
    answer = await client.get(edge.url("/"), headers=headers)
    assert (answer.status_code, answer.text) == (401, "sign in again")


async def test_the_question_carries_what_was_asked(edge: Edge, client: httpx.AsyncClient) -> None:
    edge.allowed = None
    await client.get(edge.url("/a?b"), headers={**edge.host(LABEL), "Accept-Language": "fr"})
    assert edge.asked["x-forwarded-host"] == f"{LABEL}:{edge.port}"
    assert edge.asked["x-forwarded-uri"] == "/a?b"
    assert edge.asked["x-forwarded-method"] == "GET"
    assert edge.asked["accept-language"] == "fr"


async def test_a_browser_cannot_choose_what_the_question_says(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    forged = {"X-Forwarded-Host": "other.env.localhost", "X-Forwarded-Uri": "/forged"}
    await client.get(edge.url("/true"), headers={**edge.host(LABEL), **forged})
    assert edge.asked["x-forwarded-host"] == f"{LABEL}:{edge.port}"
    assert edge.asked["x-forwarded-uri"] == "/true"


async def test_entering_reaches_api_with_the_environments_host(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    headers = {**edge.host(LABEL), "Content-Type": "application/x-www-form-urlencoded"}
    answer = await client.post(edge.url("/_mydocker/enter"), headers=headers, content="ticket=t")
    assert answer.json()["path"] == "/access/enter"
    assert answer.json()["headers"]["host"] == f"{LABEL}:{edge.port}"


async def test_a_websocket_passes_and_its_question_is_an_ordinary_one(edge: Edge) -> None:
    origin = f"http://{LABEL}:{edge.port}"
    async with connect(f"{LABEL}:{edge.port}", origin) as connection:
        assert "secret" not in str(await connection.recv())
        assert connection.subprotocol == "terminal"
    assert edge.asked["x-forwarded-upgrade"] == "websocket"
    assert edge.asked["origin"] == origin
    assert "upgrade" not in edge.asked


async def test_a_websocket_ends_with_the_environment_behind_it(edge: Edge) -> None:
    """How somebody is shut out of a page that stands open: nobody is asked about it again."""
    behind: list[websockets.ServerConnection] = []

    async def stand(connection: websockets.ServerConnection) -> None:
        behind.append(connection)
        await connection.send("open")
        await connection.wait_closed()

    async with websockets.serve(stand, "127.0.0.1", 0) as environment:
        port = next(iter(environment.sockets)).getsockname()[1]
        edge.allowed = f"127.0.0.1:{port}"
        origin = f"http://{LABEL}:{edge.port}"
        async with connect(f"{LABEL}:{edge.port}", origin) as connection:
            assert await connection.recv() == "open"
            behind[0].transport.abort()  # as when its container is killed
            async with asyncio.timeout(100):
                await connection.wait_closed()


@pytest.mark.parametrize(
    ("asked", "language", "words"),
    [
        ("fr-FR,fr;q=0.9", "fr", "Votre environnement ne répond pas encore"),
        ("de", "en", "Your environment does not answer yet"),
        ("", "en", "Your environment does not answer yet"),
    ],
)
async def test_an_environment_that_does_not_answer_has_a_page(
    edge: Edge, client: httpx.AsyncClient, asked: str, language: str, words: str
) -> None:
    headers = {**edge.host(LABEL), "Accept-Language": asked, "Accept": "text/html"}
    with reserved() as (silent,):
        edge.allowed = f"127.0.0.1:{silent}"
        answer = await client.get(edge.url("/"), headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert f'<html lang="{language}">' in answer.text
    assert f"<h1>{words}</h1>" in re.sub(r' style="[^"]*"', "", answer.text)
