"""ASGI fast path for `GET …/window`, the most frequent request of the api.

A waiting class sends hundreds of them in a second; routing, dependencies and response validation
cost more than the answer. The endpoint of the same path does the same, describes it in OpenAPI,
and answers other spellings of the path.
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
    """The route label of the request metrics, and the scope that an API token needs."""

    path = "/api/courses/{course_id}/window"
    openapi_extra: ClassVar = {REQUIRED_SCOPE: TokenScope.ENVIRONMENTS_READ}


class WindowFastPath:
    """Pure ASGI, innermost: the request already has its id and is counted."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "GET":
            await self._app(scope, receive, send)
            return
        match = _PATH.fullmatch(scope["path"])
        if match is None:
            await self._app(scope, receive, send)
            return
        scope["route"] = _Route
        request = Request(scope)
        services = services_of(request)
        try:
            token = await access_token(request)
            window = await reading.window(services, token.user_id, UUID(match[1]), services.clock())
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
