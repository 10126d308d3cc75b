"""Answers the edge's commonest question ahead of the framework: it comes with every request.

Thousands a second, and other requests of this process wait behind them: routing, dependencies and
log context cost several times what the answer itself does. Whatever is not a plain yes goes on to
the endpoint, which decides again and has the words.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.environments import Address

from ..domain.edge.routing import Asked, Desktop, Refusal, Stream
from ..metrics import ROUTES
from .service import EdgeAuthorizer

PATH = "/access/route"
COOKIE = "__Host-mydocker-access"
_NAME = f"{COOKIE}=".encode()
_LONGEST_COOKIES = 16_384
_EVENT_STREAM = b"text/event-stream"
_passed = ROUTES.labels("passed")


class ForwardAuth:
    """Pure ASGI, outermost."""

    def __init__(self, app: ASGIApp, authorizer: EdgeAuthorizer, clock: Clock) -> None:
        self._app, self._authorizer, self._clock = app, authorizer, clock

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != PATH:
            await self._app(scope, receive, send)
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        found = self._authorizer.route(
            headers.get(b"x-forwarded-host", b"").decode("latin-1"),
            held_in(headers.get(b"cookie", b"")),
            asked_in(headers),
            self._clock(),
        )
        if isinstance(found, Refusal | Desktop):
            await self._app(scope, receive, send)
            return
        _passed.inc()
        answer = [*upstream_headers(found), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": answer})
        await send({"type": "http.response.body", "body": b""})


def upstream_headers(target: Address | Stream) -> list[tuple[bytes, bytes]]:
    """Where the edge sends the request, and whether it speaks TLS there."""
    if isinstance(target, Stream):
        return [(b"x-stream", target.token.encode())]
    headers = [(b"x-upstream", f"{target.host}:{target.host_port}".encode())]
    return [*headers, (b"x-upstream-tls", b"1")] if target.tls else headers


def held_in(cookies: bytes) -> str | None:
    """Our cookie's value in a Cookie header."""
    if len(cookies) > _LONGEST_COOKIES:
        return None
    for cookie in cookies.split(b";"):
        cookie = cookie.strip()
        if cookie.startswith(_NAME):
            return cookie[len(_NAME) :].decode("latin-1")
    return None


def asked_in(headers: dict[bytes, bytes]) -> Asked:
    """What matters of the visitor's request in the edge's question."""
    method, origin = headers.get(b"x-forwarded-method", b"GET"), headers.get(b"origin")
    upgrade = headers.get(b"x-forwarded-upgrade") or headers.get(b"upgrade")
    takes_events = _EVENT_STREAM in headers.get(b"accept", b"").lower()
    return Asked(
        method=method.decode("latin-1").upper(),
        origin=None if origin is None else origin.decode("latin-1"),
        is_websocket=is_websocket(headers),
        fetch_site=headers.get(b"sec-fetch-site", b"").decode("latin-1").lower(),
        # An extended CONNECT is a WebSocket over HTTP/2 (RFC 8441).
        is_stream=bool(upgrade) or takes_events or is_websocket(headers) or method == b"CONNECT",
    )


def is_websocket(headers: dict[bytes, bytes]) -> bool:
    """`Upgrade` belongs to one hop: the edge says in a header of its own that it was there."""
    if b"sec-websocket-key" in headers:
        return True
    said = (headers.get(b"x-forwarded-upgrade", b""), headers.get(b"upgrade", b""))
    return any(one.lower() == b"websocket" for one in said)
