"""A real edge between a stub of api and gateway and a stub of an environment."""

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
import websockets
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route, WebSocketRoute
from starlette.websockets import WebSocket
from tests.support.ports import is_listener, reserved
from tests.support.serving import serving as serve
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[3]
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
    desktop: str = ""
    """The token that the stub of api says for a desktop; empty: the port is none."""
    encrypted: bool = False
    """Whether the stub of api says that the upstream speaks TLS."""
    log: Path = Path(os.devnull)
    """What the edge writes."""

    def url(self, path: str) -> str:
        return f"http://127.0.0.1:{self.port}{path}"

    def host(self, name: str) -> dict[str, str]:
        return {"Host": f"{name}:{self.port}"}


def connect(
    host: str, origin: str, path: str = "/chat", more: dict[str, str] | None = None
) -> websockets.connect:
    """A WebSocket to the environment's name, whatever address that name has here."""
    return websockets.connect(
        f"ws://{host}{path}",
        host="127.0.0.1",
        origin=websockets.Origin(origin),
        additional_headers={"Cookie": f"{COOKIE}=secret", **(more or {})},
        subprotocols=[websockets.Subprotocol("terminal")],
        proxy=None,
    )


@asynccontextmanager
async def serving(app: Starlette, certificate: Path | None = None) -> AsyncIterator[int]:
    """The port the engine chose and the server holds: nobody else can be given it meanwhile."""
    options: dict[str, Any] = {"ws": "websockets-sansio", "ssl_certfile": certificate}
    async with serve(app, **options, timeout_graceful_shutdown=None) as address:
        yield int(urlsplit(address).port or 0)


async def echo(request: Request) -> Response:
    body = await request.body()
    return JSONResponse(
        {"path": request.url.path, "headers": dict(request.headers), "body": len(body)}
    )


async def framing(_: Request) -> Response:
    policy = "frame-ancestors https://lms.test"
    headers = {"Content-Security-Policy": policy, "X-Forms": "http://campus.test"}
    return Response(status_code=204, headers=headers)


async def drip(request: Request) -> Response:
    """An event, silence, and another event."""

    async def parts() -> AsyncIterator[str]:
        yield "data: first\n\n"
        await asyncio.sleep(float(request.query_params.get("silence", "30")))
        yield "data: second\n\n"

    return StreamingResponse(parts(), media_type="text/event-stream")


async def broken(_: Request) -> Response:
    """An answer that ends before its length."""
    return StreamingResponse(iter([b"begun"]), headers={"Content-Length": "1000"})


async def chat(socket_: WebSocket) -> None:
    await socket_.accept(subprotocol=(socket_.scope["subprotocols"] or [None])[0])
    await socket_.send_text(json.dumps(dict(socket_.headers)))
    await socket_.close()


@pytest.fixture
async def edge(tmp_path: Path) -> AsyncIterator[Edge]:
    running = Edge(0, None)

    async def route(request: Request) -> Response:
        running.asked = dict(request.headers)
        if running.desktop:
            said = {"X-Desktop": running.desktop, "X-Window": "http://localhost/window"}
            return Response("", 200, headers=said)
        if running.allowed is None:
            return Response("sign in again", 401, media_type="text/html")
        tls = {"X-Upstream-Tls": "1"} if running.encrypted else {}
        return Response("", 200, headers={"X-Upstream": running.allowed, **tls})

    every = ["GET", "POST", "PUT"]
    stub = Starlette(
        routes=[
            Route("/access/route", route),
            Route("/lti/framing", framing),
            Route("/api/drip", drip),
            Route("/lti/broken{more:path}", broken),
            Route("/api/downloads/{secret}", broken),
            WebSocketRoute("/", chat),  # the bridge of desktops
            Route("/{path:path}", echo, methods=every),
        ]
    )
    environment = Starlette(
        routes=[
            WebSocketRoute("/chat", chat),
            Route("/drip", drip),
            Route("/broken", broken),
            Route("/{path:path}", echo, methods=every),
        ]
    )
    (tmp_path / "assets").mkdir()
    (tmp_path / "index.html").write_text("<!doctype html>the page")
    (tmp_path / "assets/a-1234.js").write_text("1")
    async with serving(stub) as api, serving(environment) as content, AsyncExitStack() as stack:
        (running.port,) = stack.enter_context(reserved())
        running.allowed = f"127.0.0.1:{content}"
        running.log = tmp_path / "edge.log"
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
        "MYDOCKER_EDGE_ACCESS": f"127.0.0.1:{api}",
        "MYDOCKER_EDGE_DESKTOP": f"127.0.0.1:{api}",
        "MYDOCKER_EDGE_SPA": str(pages),
        "MYDOCKER_EDGE_FORMS": "http://lms.test",
        "HOME": str(pages),
    }
    program = str(Path(sys.executable).with_name("caddy"))
    config = str(ROOT / "deploy/edge/Caddyfile")
    command = [program, "run", "--config", config, "--adapter", "caddyfile"]
    with (pages / "edge.log").open("wb") as log:
        process = subprocess.Popen(command, env=environment, stderr=log)

    def listens() -> bool:
        assert process.poll() is None, "the edge ended at once"
        return is_listener(process.pid, port)

    try:
        eventually(listens, "the edge listens", 100, pause=0.02)
        yield
    finally:
        process.terminate()
        process.wait(100)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=10) as http:
        yield http
