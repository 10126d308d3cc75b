"""The application every service builds: errors, request ids, metrics, health."""

import os
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager

import structlog
from fastapi import APIRouter, FastAPI, Request, Response
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, generate_latest
from prometheus_client.multiprocess import MultiProcessCollector
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .. import problems
from ..errors import Unavailable
from ..http import REQUEST_ID
from ..observability.logging import get_logger
from ..observability.metrics import BUILD, REQUEST_SECONDS, REQUESTS
from ..openapi.description import About, Description, completing
from ..version import VERSION
from .deprecation import headers_of
from .error_boundary import REQUEST_ID_IN_SCOPE, ErrorBoundary, request_id_of

log = get_logger()
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]
Check = Callable[[], Awaitable[None]]


class _RequestContext:
    """Gives each request its id, and counts and times it. Pure ASGI, so streams stay streams."""

    def __init__(self, app: ASGIApp, service: str) -> None:
        self._app, self._service = app, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope[REQUEST_ID_IN_SCOPE] = request_id = request_id_of(scope)
        began, status = time.perf_counter(), 500

        async def sending(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [
                    *message.get("headers", []),
                    (REQUEST_ID.lower().encode(), request_id.encode()),
                    *headers_of(scope.get("route")),
                ]
            await send(message)

        with structlog.contextvars.bound_contextvars(request_id=request_id, service=self._service):
            try:
                await self._app(scope, receive, sending)
            finally:
                route = getattr(scope.get("route"), "path", "unmatched")
                spent = time.perf_counter() - began
                REQUESTS.labels(self._service, scope["method"], route, status).inc()
                REQUEST_SECONDS.labels(self._service, route).observe(spent)
                if status >= 500:
                    log.error("request.answered", route=route, status=status)


class Service(FastAPI):
    """An application behind the boundary that lets no error through."""

    about: About | None = None
    """What its description says beyond what FastAPI writes."""

    def openapi(self) -> Description:
        if self.openapi_schema is None:
            described = super().openapi()
            self.openapi_schema = completing(self.about)(described) if self.about else described
        return self.openapi_schema

    def build_middleware_stack(self) -> ASGIApp:
        return ErrorBoundary(super().build_middleware_stack())


def _registry() -> CollectorRegistry:
    """The metrics of this process; of all of them, where a service has several."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]
    return registry


def create_app(
    service: str,
    title: str,
    *,
    lifespan: Lifespan,
    routers: list[APIRouter],
    ready: Check,
    openapi_url: str | None = "/openapi.json",
    description: str = "",
    about: About | None = None,
) -> FastAPI:
    """A service's application. `ready` raises when the service cannot do its work now."""
    app = Service(
        title=title,
        description=description,
        version=VERSION,
        lifespan=lifespan,
        openapi_url=openapi_url,
        docs_url=None,
        redoc_url=None,
        separate_input_output_schemas=False,
    )
    app.about = about
    BUILD.labels(service, VERSION).set(1)
    problems.install(app)
    app.add_middleware(_RequestContext, service=service)
    for router in routers:
        app.include_router(router)

    @app.get("/health/live", include_in_schema=False)
    async def live() -> dict[str, str]:
        return {"status": "live"}

    @app.get("/health/ready", include_in_schema=False)
    async def is_ready(request: Request) -> dict[str, str]:
        try:
            await ready()
        except Exception as error:
            raise Unavailable(f"{service}: {type(error).__name__}") from error
        return {"status": "ready"}

    @app.get("/metrics", include_in_schema=False)
    async def metrics() -> Response:
        return Response(generate_latest(_registry()), media_type=CONTENT_TYPE_LATEST)

    return app
