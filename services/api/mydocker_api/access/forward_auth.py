"""ASGI fast path for Caddy's `forward_auth`, which authorizes every request to an environment.

Thousands of them come in a second. Routing, dependencies and log context cost several times what
the decision does, so that this middleware answers plain permissions itself. Everything else goes
on to the endpoint, which decides again and explains.
"""

from starlette.types import ASGIApp, Receive, Scope, Send

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.environments import Address

from ..domain.edge.routing import BrowserRequest, Desktop, Refusal, Stream
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
        decision = self._authorizer.route(
            headers.get(b"x-forwarded-host", b"").decode("latin-1"),
            cookie_in(headers.get(b"cookie", b"")),
            request_facts(headers),
            self._clock(),
        )
        if isinstance(decision, Refusal | Desktop):
            await self._app(scope, receive, send)
            return
        _passed.inc()
        answer = [*upstream_headers(decision), (b"content-length", b"0")]
        await send({"type": "http.response.start", "status": 200, "headers": answer})
        await send({"type": "http.response.body", "body": b""})


def upstream_headers(target: Address | Stream) -> list[tuple[bytes, bytes]]:
    """Headers for the edge: address of the upstream, and whether it speaks TLS."""
    if isinstance(target, Stream):
        return [(b"x-stream", target.token.encode())]
    headers = [(b"x-upstream", f"{target.host}:{target.host_port}".encode())]
    return [*headers, (b"x-upstream-tls", b"1")] if target.tls else headers


def cookie_in(cookies: bytes) -> str | None:
    """The value of our cookie in a `Cookie` header."""
    if len(cookies) > _LONGEST_COOKIES:
        return None
    for cookie in cookies.split(b";"):
        cookie = cookie.strip()
        if cookie.startswith(_NAME):
            return cookie[len(_NAME) :].decode("latin-1")
    return None


def request_facts(headers: dict[bytes, bytes]) -> BrowserRequest:
    """The facts about the browser's request that the edge passes on."""
    method, origin = headers.get(b"x-forwarded-method", b"GET"), headers.get(b"origin")
    upgrade = headers.get(b"x-forwarded-upgrade") or headers.get(b"upgrade")
    takes_events = _EVENT_STREAM in headers.get(b"accept", b"").lower()
    return BrowserRequest(
        method=method.decode("latin-1").upper(),
        origin=None if origin is None else origin.decode("latin-1"),
        is_websocket=is_websocket(headers),
        fetch_site=headers.get(b"sec-fetch-site", b"").decode("latin-1").lower(),
        # An extended CONNECT is a WebSocket over HTTP/2 (RFC 8441).
        is_stream=bool(upgrade) or takes_events or is_websocket(headers) or method == b"CONNECT",
    )


def is_websocket(headers: dict[bytes, bytes]) -> bool:
    """Whether a WebSocket is asked for. The edge copies the hop-by-hop `Upgrade` header."""
    if b"sec-websocket-key" in headers:
        return True
    upgrades = (headers.get(b"x-forwarded-upgrade", b""), headers.get(b"upgrade", b""))
    return any(upgrade.lower() == b"websocket" for upgrade in upgrades)
