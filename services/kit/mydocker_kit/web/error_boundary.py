"""Outermost ASGI layer: no exception of an application reaches the server.

Starlette's own outermost layer answers an unexpected error and raises it again, upon which uvicorn
closes the connection. The edge keeps its connections to us and sends the next request, of somebody
else, into the one that is about to close: that person gets an error. Here the
error is logged and answered as a problem, and the connection stays usable. Only a response that had
already begun cannot be put right: returning without its end makes uvicorn close the connection, so
that nobody takes half an answer for a whole one.
"""

from uuid import uuid4

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ..errors import ProblemError
from ..http import REQUEST_ID
from ..observability.logging import get_logger
from ..postgres.db_errors import DatabaseUnavailable, is_database_away
from ..problems import from_error

log = get_logger()
REQUEST_ID_IN_SCOPE = "mydocker.request_id"
_HEADER = REQUEST_ID.lower().encode()
_SAFE_ID = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


class ErrorBoundary:
    """Pure ASGI, around everything of an application."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._app(scope, receive, _without_traceback(send))
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = False

        async def sending(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            await self._app(scope, receive, sending)
        except ClientDisconnect:
            log.info("request.left")  # nobody is there to be answered
        except Exception as error:
            request_id = scope.get(REQUEST_ID_IN_SCOPE) or request_id_of(scope)
            away = is_database_away(error)
            with structlog.contextvars.bound_contextvars(request_id=request_id):
                if away:
                    log.error("request.database_away", path=scope["path"], begun=started)
                else:
                    log.exception("request.failed", path=scope["path"], begun=started)
                if not started:
                    response = from_error(DatabaseUnavailable() if away else ProblemError())
                    response.headers[REQUEST_ID] = request_id
                    await response(scope, receive, send)


def request_id_of(scope: Scope) -> str:
    """The id that the request came with, when it is one of ours; a new one otherwise."""
    for name, value in scope["headers"]:
        if name == _HEADER:
            given = str(value.decode("latin-1"))
            if 8 <= len(given) <= 64 and set(given) <= _SAFE_ID:
                return given
    return uuid4().hex


def _without_traceback(send: Send) -> Send:
    """Starlette hands the server a formatted traceback, with all its messages, to print."""

    async def sending(message: Message) -> None:
        if message["type"].endswith(".failed"):
            log.exception("lifespan.failed")
            message = {**message, "message": ""}
        await send(message)

    return sending
