"""Answers the students' commonest question ahead of the framework: what does my window show now?

A class that waits asks it hundreds of times a second, and routing, dependencies and the checks of
the answer's model cost more than the answer. What is done is what the endpoint of the same path
does, which describes it (OpenAPI) and answers whatever is spelled in another way.
"""

import re
from typing import ClassVar
from uuid import UUID

from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from mydocker_kit.errors import ProblemError
from mydocker_kit.problems import from_error

from ...auth.api_tokens import REQUIRED_SCOPE
from ...deps import access_token, services_of
from ...domain.tokens.scopes import Scope as TokenScope
from . import reading
from .schemas import StudentWindow

_PATH = re.compile(r"/api/courses/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})/window")
_to_json = StudentWindow.__pydantic_serializer__.to_json


class _Route:
    """What the metrics call it by, and what an API token needs."""

    path = "/api/courses/{course_id}/window"
    openapi_extra: ClassVar = {REQUIRED_SCOPE: TokenScope.ENVIRONMENTS_READ}


class WindowReader:
    """Pure ASGI, innermost: the request has its id, and is counted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        named = _PATH.fullmatch(scope["path"])
        if named is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _Route
        request = Request(scope)
        services = services_of(request)
        try:
            token = await access_token(request)
            window = await reading.window(services, token.user_id, UUID(named[1]), services.clock())
        except ProblemError as error:
            await from_error(error)(scope, receive, send)
            return
        body = _to_json(window)
        headers = [
            (b"content-length", str(len(body)).encode()),
            (b"content-type", b"application/json"),
        ]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})
