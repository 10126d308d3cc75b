"""Whose word on a visitor's address is taken: the edge's, nobody else's."""

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware


async def seen_address(scope: Scope, receive: Receive, send: Send) -> None:
    client = Request(scope).client
    await PlainTextResponse(client.host if client else "")(scope, receive, send)


@pytest.mark.parametrize(
    ("caller", "trusted", "seen"),
    [
        ("127.0.0.1", "127.0.0.1", "203.0.113.9"),
        ("10.0.3.7", "127.0.0.1", "10.0.3.7"),
        ("10.0.3.7", "127.0.0.1,10.0.0.0/16", "203.0.113.9"),
        ("198.51.100.1", "127.0.0.1,10.0.0.0/16", "198.51.100.1"),
    ],
)
async def test_the_setting_names_addresses_and_networks(
    caller: str, trusted: str, seen: str
) -> None:
    app = ProxyHeadersMiddleware(seen_address, trusted_hosts=trusted)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app=app, client=(caller, 1))  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://tool") as http:
        answer = await http.get("/", headers={"X-Forwarded-For": "203.0.113.9"})
    assert answer.text == seen
