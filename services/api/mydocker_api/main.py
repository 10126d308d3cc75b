"""Builds the two applications of this service: the api, and the one that authorizes the edge.

`composition` makes the shared objects, `routes` the application, `loops` the recurring work; this
module joins the three and adds the middleware.
"""

from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from fastapi import FastAPI
from sqlalchemy import text
from starlette.middleware import Middleware

from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.errors import Unavailable
from mydocker_kit.limits.request_limits import RequestLimits
from mydocker_kit.web.bodies import BodyGuard, guard_services

from .access.forward_auth import ForwardAuth
from .access.service import EdgeAuthorizer
from .composition.services import Core, Services, compose, compose_core
from .deps import authenticated
from .environments.window.fast_path import WindowFastPath
from .limits.rates import SharedLimits
from .loops import api_loops, edge_loops
from .routes import api_application, edge_application
from .settings import Settings


def build(
    settings: Settings, *, clock: Clock = utc_now, shared: SharedLimits | None = None
) -> FastAPI:
    """The api; `shared` counts rate limits over several processes."""
    services = compose(settings, clock, shared)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with aclosing(services), api_loops(services):
            yield

    async def ready() -> None:
        async with services.sessions() as db:
            await db.execute(text("SELECT 1"))
        _check_loaded(services)

    app = api_application(lifespan, ready)
    app.state.services, app.state.trust = services, services.trust
    app.state.sessions, app.state.clock = services.sessions, services.clock
    _add_middleware(app, services)
    return app


def build_edge(settings: Settings, *, clock: Clock = utc_now) -> FastAPI:
    """The process that Caddy's `forward_auth` asks for every request to every environment.

    It has an event loop of its own, so that large bodies, lists and floods of the api delay no
    such answer. Its state is the same, followed from the same two services.
    """
    core = compose_core(settings, "access", clock)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with aclosing(core), edge_loops(core):
            yield

    async def ready() -> None:
        _check_loaded(core)

    app = edge_application(lifespan, ready)
    app.state.services, app.state.clock = core, core.clock
    app.add_middleware(ForwardAuth, authorizer=EdgeAuthorizer.of(core), clock=clock)
    return app


def _check_loaded(core: Core) -> None:
    if not core.statuses.loaded:
        raise Unavailable("no news from the orchestrator yet")


def _add_middleware(app: FastAPI, services: Services) -> None:
    """Outermost first: forward auth, rate limits, the kit's, body guards, the window's fast path.

    `add_middleware` puts a layer outside of all others, `user_middleware.append` inside: what an
    inner layer refuses is counted and has a request id like every other answer.
    """
    limits = services.limits
    app.user_middleware.append(Middleware(WindowFastPath))
    app.add_middleware(
        RequestLimits,
        by_person=limits.requests,
        by_address=limits.unknown_requests,
        identify=services.known_caller,
        prefixes=("/api/",),
    )
    authorizer = EdgeAuthorizer.of(services)
    app.add_middleware(ForwardAuth, authorizer=authorizer, clock=services.clock)
    app.user_middleware.append(Middleware(BodyGuard, authenticate=authenticated))
    guard_services(app, "/internal/")
