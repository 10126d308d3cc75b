"""The process that only says who may pass to environments, beside those that serve the api.

The edge asks it for every request to every environment. On a loop of its own, no large body, no
list and no flood of the api's delays such an answer. It knows what they know: the status of every
environment and the sessions that ended, followed from the same two services.
"""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from mydocker_kit.app import create_app
from mydocker_kit.clients import lti, orchestrator
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.db import open_engine, open_sessions
from mydocker_kit.errors import Unavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.loops import background, run_forever
from mydocker_kit.notify import Bell
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity

from ..auth.revocations import EndedSessions, follow_ended
from ..feed import Feed
from ..orchestration.status_cache import (
    LOOK_AGAIN_EVERY,
    LiveEnvironments,
    follow_environments,
    look_again,
)
from ..settings import Settings
from .endpoints import router
from .forward_auth import Doorkeeper
from .service import Gate


def build(settings: Settings, *, clock: Clock = utc_now) -> FastAPI:
    """The application of that process."""
    identity = ServiceIdentity.load(API_AUDIENCE, settings.service_key.get_secret_value())
    engine = open_engine(settings, "access")
    db = open_sessions(engine)
    feed = Feed()  # nobody listens to it here
    live, ended = LiveEnvironments(feed), EndedSessions(feed, clock)
    swarm = orchestrator.OrchestratorClient(
        ServiceClient(settings.orchestrator_url, orchestrator.AUDIENCE, identity, clock)
    )
    gateway = lti.LtiClient(ServiceClient(settings.lti_url, lti.AUDIENCE, identity, clock))

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            async with background(
                run_forever("follow", lambda: follow_environments(live, swarm), Bell(), 1),
                run_forever("ended", lambda: follow_ended(ended, gateway), Bell(), 1),
                run_forever("live", lambda: look_again(live, swarm), Bell(), LOOK_AGAIN_EVERY),
            ):
                yield
        finally:
            await swarm.aclose()
            await gateway.aclose()
            await engine.dispose()

    async def ready() -> None:
        if not live.loaded:
            raise Unavailable("no news from the orchestrator yet")

    app = create_app(
        "access",
        "MyDocker: who may pass to environments",
        lifespan=lifespan,
        routers=[router],
        ready=ready,
        openapi_url=None,
    )
    app.state.clock = clock
    app.state.gate = gate = Gate(settings, live, ended, db, identity)
    app.add_middleware(Doorkeeper, gate=gate, clock=clock)
    return app
