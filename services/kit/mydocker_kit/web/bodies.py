"""Request bodies: refused before a byte is read when nobody vouches for them, and bounded.

FastAPI reads and parses a body before it solves the dependencies that authenticate the caller, so
that anybody could make the event loop parse megabytes of JSON. This middleware authenticates every
request with a body first: people at the api, other services at routes of services. Bodies above the
limit are refused by their declared length, or as soon as more has arrived where none is declared.
"""

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import ProblemError
from ..problems import from_error
from .dependencies import calling_service

MOST_BYTES = 2_000_000
"""Of one body; the edge has the same limit."""
UPLOADS = "/api/uploads/"
MOST_UPLOAD_BYTES = 64_000_000


class RequestTooLarge(ProblemError):
    """The body is larger than any request here needs. The edge answers the same."""

    status, code, title = 413, "request_too_large", "The request is larger than is accepted here"


class BodyGuard:
    """Pure ASGI: runs before the framework reads anything."""

    def __init__(
        self,
        app: ASGIApp,
        *,
        authenticate: Callable[[Request], Awaitable[object]] | None = None,
        prefix: str = "/api/",
        most: int = MOST_BYTES,
        larger: Mapping[str, int] | None = None,
    ) -> None:
        """`authenticate` raises for whoever may not call; None: anybody may.

        `larger`: limits by the beginning of the path.
        """
        self._app, self._authenticate = app, authenticate
        self._prefix, self._most = prefix, most
        self._larger = {UPLOADS: MOST_UPLOAD_BYTES} if larger is None else larger

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith(self._prefix):
            await self._app(scope, receive, send)
            return
        request, most = Request(scope), self._most_of(scope["path"])
        declared = _declared_length(request)
        if declared == 0:
            await self._app(scope, receive, send)
            return
        try:
            if self._authenticate is not None:
                await self._authenticate(request)
            if declared is not None and declared > most:
                raise RequestTooLarge
        except ProblemError as error:
            await from_error(error)(scope, receive, send)
            return
        await self._app(scope, _bounded(receive, most), send)

    def _most_of(self, path: str) -> int:
        larger = [most for start, most in self._larger.items() if path.startswith(start)]
        return max(larger, default=self._most)


def guard_services(app: FastAPI, prefix: str, larger: Mapping[str, int] | None = None) -> None:
    """Let only other services send bodies to the paths that begin with `prefix`.

    `larger`: limits in bytes by the beginning of the path, instead of 64 MB.
    """
    guard = Middleware(
        BodyGuard,
        authenticate=calling_service,
        prefix=prefix,
        most=MOST_UPLOAD_BYTES,
        larger=larger or {},
    )
    app.user_middleware.append(guard)  # innermost: refusals are counted and have a request id


def _declared_length(request: Request) -> int | None:
    """0: there is no body. None: there is one, of unknown length."""
    if "transfer-encoding" in request.headers:
        return None
    text = request.headers.get("content-length", "0")
    # Python refuses to read numbers of more than 4,300 digits.
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def _bounded(receive: Receive, most: int) -> Receive:
    """What arrives, until it is more than `most` bytes."""
    arrived = 0

    async def receiving() -> Message:
        nonlocal arrived
        message = await receive()
        if message["type"] == "http.request":
            arrived += len(message.get("body", b""))
            if arrived > most:
                # FastAPI answers 400 to every other error of reading a body.
                raise HTTPException(RequestTooLarge.status, RequestTooLarge.title)
        return message

    return receiving
