"""Watches an application: every status and code that it answers must be in its description.

Tests of a service run behind `DeclaredAnswers`, so whatever a test provokes is compared with what
`make openapi` derived from the code. A fault found here is one of `deploy/refusals`.
"""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI
from starlette.routing import Match
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from mydocker_kit.problems import MEDIA_TYPE

_NEVER_DECLARED = {(500, "internal_error")}
"""Faults of ours, which a test makes on purpose."""


class DeclaredAnswers:
    """Pure ASGI, outside of everything; `undeclared` holds what no operation declares."""

    def __init__(self, inner: ASGIApp, app: FastAPI) -> None:
        self._inner, self._app = inner, app
        self.undeclared: set[str] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._inner(scope, receive, send)
            return
        status, is_problem, body = 0, False, b""

        async def sending(message: Message) -> None:
            nonlocal status, is_problem, body
            if message["type"] == "http.response.start":
                status = message["status"]
                is_problem = (b"content-type", MEDIA_TYPE.encode()) in message["headers"]
            elif is_problem:
                body += message.get("body", b"")
            await send(message)

        try:
            await self._inner(scope, receive, sending)
        finally:
            code = json.loads(body)["code"] if body else None
            if status and (status, code) not in _NEVER_DECLARED:
                self._compare(scope, status, code)

    def _compare(self, scope: Scope, status: int, code: str | None) -> None:
        path = _path_of(self._app, scope)
        operation = _paths_of(self._app).get(path or "", {}).get(scope["method"].lower())
        if operation is None:
            return  # no such path or method: no operation answers
        response = operation["responses"].get(str(status))
        if response is None or (code is not None and code not in _codes(response)):
            self.undeclared.add(f"{operation['operationId']}: {status} {code}")


_described: dict[tuple[str, int], dict[str, Any]] = {}


def _paths_of(app: FastAPI) -> dict[str, Any]:
    """Its description. Made once for all applications of a service in this process: it depends on
    the code alone, and takes longer than most tests."""
    service = (app.title, len(app.routes))
    if service not in _described:
        _described[service] = app.openapi()["paths"]
    return _described[service]


def _path_of(app: FastAPI, scope: Scope) -> str | None:
    """The route, also of requests that middleware refuses before they are routed."""
    if "route" in scope:
        return str(scope["route"].path)
    for route in app.routes:
        match, _ = route.matches(scope)
        if match is Match.FULL:
            return str(getattr(route, "path", None))
    return None


def _codes(response: Mapping[str, Any]) -> list[str]:
    [media_type] = response["content"].values()
    _, narrowed = media_type["schema"]["allOf"]
    codes: list[str] = narrowed["properties"]["code"]["enum"]
    return codes
