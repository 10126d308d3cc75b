"""An environment that serves its page over TLS, with a certificate of its own."""

import asyncio
import json
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.routing import Route, WebSocketRoute
from tests.support.certificate import self_signed

from .edge import COOKIE, LABEL, Edge, chat, client, connect, echo, edge, serving

__all__ = ["client", "edge"]


async def test_a_page_and_a_socket_over_tls_are_reached(
    edge: Edge, client: httpx.AsyncClient, tmp_path: Path
) -> None:
    environment = Starlette(routes=[WebSocketRoute("/chat", chat), Route("/{path:path}", echo)])
    async with serving(environment, self_signed(tmp_path)) as port:
        edge.allowed, edge.encrypted = f"127.0.0.1:{port}", True
        headers = {**edge.host(LABEL), "Cookie": f"{COOKIE}=secret; own=1"}
        answer = await client.get(edge.url("/lab"), headers=headers)
        assert (answer.status_code, answer.json()["path"]) == (200, "/lab")
        seen = answer.json()["headers"]
        assert (seen["cookie"], "x-upstream-tls" in seen) == ("own=1", False)
        host = f"{LABEL}:{edge.port}"
        async with connect(host, f"http://{host}") as socket:
            assert json.loads(await asyncio.wait_for(socket.recv(), 5))["host"] == host


async def test_a_browser_does_not_choose_how_the_environment_is_spoken_to(
    edge: Edge, client: httpx.AsyncClient
) -> None:
    headers = {**edge.host(LABEL), "X-Upstream-Tls": "1"}
    answer = await client.get(edge.url("/lab"), headers=headers)
    assert (answer.status_code, answer.json()["path"]) == (200, "/lab")
