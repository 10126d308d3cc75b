"""The edge: what it lets through, where to, what it keeps to itself. A real Caddy, two stubs."""

import asyncio
import json
import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
import uvicorn
import websockets
from deploy.demo.ports import answers
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket

ROOT = Path(__file__).parents[2]
LABEL = "eabc.env.localhost"
COOKIE = "__Host-mydocker-access"


@dataclass
class Edge:
    """A running edge between a stub of api and gateway, and a stub of an environment."""

    port: int
    allowed: str | None
    """The upstream the stub of api answers with; nothing: it refuses."""
    asked: dict[str, str] = field(default_factory=dict)
    """The headers of the last question to api."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def host(self, name: str) -> dict[str, str]:
        return {"Host": f"{name}:{self.port}"}


def connect(host: str, origin: str) -> websockets.connect:
    """A WebSocket to the environment's name, whatever address that name has here."""
    return websockets.connect(
        f"ws://{host}/chat",
        host="127.0.0.1",
        origin=websockets.Origin(origin),
        additional_headers={"Cookie": f"{COOKIE}=secret"},
        subprotocols=[websockets.Subprotocol("terminal")],
        proxy=None,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@asynccontextmanager
async def serving(app: Starlette) -> AsyncIterator[int]:
    """The port the engine chose and the server holds: nobody else can be given it meanwhile."""
    config = uvicorn.Config(app, port=0, log_level="critical", ws="websockets-sansio")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn rings no bell
        await asyncio.sleep(0.01)
    yield int(server.servers[0].sockets[0].getsockname()[1])
    server.should_exit = True
    await task


async def echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse(
        {"path": request.url.path, "headers": dict(request.headers), "body": len(body)}
    )


async def framing(_: Request) -> Response:
    policy = "frame-ancestors https://lms.test"
    return Response(status_code=204, headers={"Content-Security-Policy": policy})


async def drip(_: Request) -> Response:
    async def parts() -> AsyncIterator[str]:
        yield "data: first\n\n"
        await asyncio.sleep(30)

    return StreamingResponse(parts(), media_type="text/event-stream")


async def chat(socket_: WebSocket) -> None:
    await socket_.accept(subprotocol=(socket_.scope["subprotocols"] or [None])[0])
    await socket_.send_text(json.dumps(dict(socket_.headers)))
    await socket_.close()


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    running = Edge(0, None)

    async def route(request: Request) -> Response:
        running.asked = dict(request.headers)
        if running.allowed is None:
            return Response("sign in again", 401, media_type="text/html")
        return Response("", 200, headers={"X-Upstream": running.allowed})

    every = ["GET", "POST", "PUT"]
    stub = Starlette(
        routes=[
            Route("/access/route", route),
            Route("/lti/framing", framing),
            Route("/api/drip", drip),
            Route("/{path:path}", echo, methods=every),
        ]
    )
    environment = Starlette(
        routes=[WebSocketRoute("/chat", chat), Route("/{path:path}", echo, methods=every)]
    )
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>the page")
    (tmp_path / "assets/a-1234.js").write_text("1")
    async with serving(stub) as api, serving(environment) as content, AsyncExitStack() as stack:
        running.port, running.allowed = free_port(), f"127.0.0.1:{content}"
        await asyncio.to_thread(stack.enter_context, caddy(running.port, api, tmp_path))
        yield running


@contextmanager
def caddy(port: int, api: int, pages: Path) -> Iterator[None]:
    environment = {
        **os.environ,
        "MYDOCKER_EDGE_APP": f"http://localhost:{port}",
        "MYDOCKER_EDGE_CONTENT": f"http://*.env.localhost:{port}",
        "MYDOCKER_EDGE_BIND": "127.0.0.1",
        "MYDOCKER_EDGE_AUTO_HTTPS": "off",
        "MYDOCKER_EDGE_GATEWAY": f"127.0.0.1:{api}",
        "MYDOCKER_EDGE_API": f"127.0.0.1:{api}",
        "MYDOCKER_EDGE_SPA": str(pages),
        "MYDOCKER_EDGE_FORMS": "http://lms.test",
        "HOME": str(pages),
    }
    program = str(Path(sys.executable).with_name("caddy"))
    config = str(ROOT / "deploy/edge/Caddyfile")
    command = [program, "run", "--config", config, "--adapter", "caddyfile"]
    process = subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL)
    try:
        while not answers(port):
            assert process.poll() is None, "the edge ended at once"
            time.sleep(0.02)
        yield
    finally:
        process.terminate()
        process.wait(20)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        yield http


@pytest.mark.parametrize(
    "path",
    ["/internal/launches/1", "/access/route", "/metrics", "/health/ready", "/internal/../internal"],
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
    assert "form-action 'self' https: http://lms.test" in own
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
        async with asyncio.timeout(20):
            assert await anext(stream.aiter_text()) == "data: first\n\n"


async def test_an_environment_gets_its_requests_without_our_secrets(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    headers = {
        **edge.host(LABEL),
        "Cookie": f"a=1; {COOKIE}=secret; b=2",
        "Authorization": "Bearer secret",
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


async def test_a_visitor_cannot_say_that_a_port_is_a_desktop(
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


async def test_the_visitor_cannot_choose_what_the_question_says(
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
            async with asyncio.timeout(15):
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
    edge.allowed = f"127.0.0.1:{free_port()}"
    headers = {**edge.host(LABEL), "Accept-Language": asked, "Accept": "text/html"}
    answer = await client.get(edge.url("/"), headers=headers)
    assert (answer.status_code, answer.headers["retry-after"]) == (503, "2")
    assert f'<html lang="{language}">' in answer.text
    assert f"<h1>{words}</h1>" in re.sub(r' style="[^"]*"', "", answer.text)
