"""Makes the application: opens what it needs, starts its loops, closes everything."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import text
from starlette.middleware import Middleware

from mydocker_kit.app import Check, Lifespan, create_app
from mydocker_kit.bodies import BodyGuard, guard_services
from mydocker_kit.clients import builder, lti, orchestrator
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.db import open_engine, open_sessions
from mydocker_kit.errors import Unavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.loops import background, run_forever
from mydocker_kit.notify import Bell, listen
from mydocker_kit.request_limits import RequestLimits
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity, ServiceTrust
from mydocker_kit.vault import Vault

from .access.endpoints import router as access
from .access.forward_auth import Doorkeeper
from .access.service import Gate
from .arrivals.endpoints import router as arrivals
from .auth.access_tokens import AccessKeys
from .auth.revocations import EndedSessions, follow_ended
from .capacity.endpoints import router as capacity
from .capacity.pool_choices import router as pool_choices
from .capacity.refresh import EVERY as LOOK_AT_POOLS_EVERY
from .capacity.refresh import look_at_pools
from .contexts.endpoints import router as contexts
from .courses.endpoints import router as courses
from .deps import access_token
from .environments.desktops.endpoints import inside as desktops_inside
from .environments.end_warnings import EVERY, EndingSoon
from .environments.stopping.endpoints import router as room
from .environments.window.collaborators import Desk
from .environments.window.endpoints import router as environments
from .environments.window.fast_path import WindowReader
from .events.endpoints import router as events
from .feed import CHANNEL, Feed
from .images.catalogue import Catalogue
from .images.endpoints import router as images
from .images.news import follow_builds
from .limits import Limits, SharedLimits
from .orchestration.delivery import Delivery
from .orchestration.status_cache import (
    LOOK_AGAIN_EVERY,
    LiveEnvironments,
    follow_environments,
    look_again,
)
from .people.account.endpoints import inside as accounts_inside
from .people.account.endpoints import router as accounts
from .people.directory.disable import EVERY as SHUT_OUT_EVERY
from .people.directory.disable import ShuttingOut
from .people.directory.disabled_platforms import EVERY as LOOK_AT_PLATFORMS_EVERY
from .people.directory.disabled_platforms import ClosedPlatforms
from .people.directory.endpoints import router as people
from .people.identity.endpoints import router as users
from .platforms.endpoints import router as platforms
from .platforms.invitations import router as invitations
from .platforms.refusals import router as refusals
from .platforms.signing_keys import router as signing_keys
from .retention import retention
from .rosters.endpoints import router as rosters
from .rosters.schedule import RosterSchedule
from .scores.endpoints import router as scores
from .scores.service import EVERY as LOOK_AT_SCORES_EVERY
from .scores.service import ScoreDesk
from .sessions.endpoints import router as sessions
from .settings import Settings
from .ssh.endpoints import inside as ssh_inside
from .ssh.endpoints import router as ssh

# Routes are tried in this order: what every request of every environment asks comes first.
ROUTERS = [
    access,
    environments,
    events,
    users,
    courses,
    sessions,
    images,
    contexts,
    arrivals,
    people,
    capacity,
    pool_choices,
    refusals,
    rosters,
    scores,
    room,
    ssh,
    ssh_inside,
    desktops_inside,
    invitations,
    platforms,
    signing_keys,
    accounts,
    accounts_inside,
]
DESCRIPTION = "Virtual labs for schools. Lists are paged; errors are problem+json with a `code`."
DELIVER_EVERY = 5.0


@dataclass(frozen=True)
class Doors:
    """Other ways to the other services; tests come in here."""

    orchestrator: httpx.AsyncBaseTransport | None = None
    builder: httpx.AsyncBaseTransport | None = None
    gateway: httpx.AsyncBaseTransport | None = None


def application(lifespan: Lifespan, ready: Check) -> FastAPI:
    """The routes, without what stands behind them."""
    for router in ROUTERS:
        for route in router.routes:
            if isinstance(route, APIRoute):
                route.operation_id = route.name  # stable names for generated clients
    return create_app(
        "api",
        "MyDocker",
        lifespan=lifespan,
        routers=ROUTERS,
        ready=ready,
        openapi_url="/api/openapi.json",
        description=DESCRIPTION,
    )


def build(
    settings: Settings,
    *,
    doors: Doors | None = None,
    clock: Clock = utc_now,
    shared: SharedLimits | None = None,
) -> FastAPI:
    """The service, ready to be served; `shared`: where several processes count together."""
    doors = doors or Doors()
    identity = ServiceIdentity.load(API_AUDIENCE, settings.service_key.get_secret_value())
    engine = open_engine(settings, "api")
    db = open_sessions(engine)
    feed = Feed()
    live = LiveEnvironments(feed)
    ended = EndedSessions(feed, clock)

    def client(
        url: str, audience: str, transport: httpx.AsyncBaseTransport | None
    ) -> ServiceClient:
        return ServiceClient(url, audience, identity, clock, transport)

    swarm = orchestrator.OrchestratorClient(
        client(settings.orchestrator_url, orchestrator.AUDIENCE, doors.orchestrator)
    )
    builds = builder.BuilderClient(client(settings.builder_url, builder.AUDIENCE, doors.builder))
    gateway = lti.LtiClient(client(settings.lti_url, lti.AUDIENCE, doors.gateway))
    vault = Vault(settings.vault_keys)
    delivery = Delivery(db, swarm, live, vault)
    shutting = ShuttingOut(db, gateway, delivery.bell, clock)
    closed = ClosedPlatforms(db, gateway, delivery.bell)
    roster_schedule = RosterSchedule(db, gateway, clock)
    score_desk = ScoreDesk(db, gateway, clock)
    ending = EndingSoon(live, feed, settings.warn_seconds, clock)

    def heard(payload: str) -> None:
        feed.heard(payload)
        delivery.bell.ring()  # a committed change of a Course may have changed what is wanted

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        try:
            async with (
                retention(db, clock),
                roster_schedule.running(),
                background(
                    # Each of these four goes on for ever; begun again should it ever end.
                    run_forever("listen", lambda: listen(url, CHANNEL, heard), Bell(), 1),
                    run_forever("follow", lambda: follow_environments(live, swarm), Bell(), 1),
                    run_forever("ended", lambda: follow_ended(ended, gateway), Bell(), 1),
                    run_forever("builds", lambda: follow_builds(feed, builds), Bell(), 1),
                    run_forever("scores", score_desk.step, Bell(), LOOK_AT_SCORES_EVERY),
                    run_forever("shutting", shutting.step, shutting.bell, SHUT_OUT_EVERY),
                    run_forever(
                        "platforms", closed.step, ended.platform_closed, LOOK_AT_PLATFORMS_EVERY
                    ),
                    run_forever("delivery", delivery.step, delivery.bell, DELIVER_EVERY),
                    run_forever("live", lambda: look_again(live, swarm), Bell(), LOOK_AGAIN_EVERY),
                    run_forever(
                        "pools", lambda: look_at_pools(db, swarm), Bell(), LOOK_AT_POOLS_EVERY
                    ),
                    run_forever("ending", ending.step, Bell(), EVERY),
                ),
            ):
                yield
        finally:
            for one in (swarm, builds, gateway):
                await one.aclose()
            await engine.dispose()

    async def ready() -> None:
        async with db() as session:
            await session.execute(text("SELECT 1"))
        if not live.loaded:
            raise Unavailable("no news from the orchestrator yet")

    app = application(lifespan, ready)
    app.state.settings, app.state.sessions, app.state.clock = settings, db, clock
    app.state.trust = ServiceTrust.load(API_AUDIENCE, settings.trusted_service_keys)
    app.state.access_keys = AccessKeys(gateway)
    app.state.orchestrator, app.state.builder, app.state.gateway = swarm, builds, gateway
    app.state.live, app.state.feed, app.state.ended = live, feed, ended
    app.state.catalogue = Catalogue.load(settings.catalogue)
    app.state.limits = limits = Limits(settings, shared)
    app.state.desk = Desk(db, swarm, live, delivery, vault, settings, limits)
    app.state.shutting_out, app.state.closed_platforms = shutting, closed
    app.state.roster_schedule, app.state.scores = roster_schedule, score_desk
    app.state.gate = gate = Gate(settings, live, ended, db, identity)
    app.user_middleware.append(Middleware(WindowReader))
    app.add_middleware(
        RequestLimits,
        by_person=limits.requests,
        by_address=limits.unknown_requests,
        identify=app.state.access_keys.known,
        prefixes=("/api/",),
    )
    app.add_middleware(Doorkeeper, gate=gate, clock=clock)
    # Innermost: what it refuses is counted and has a request id like every other answer.
    app.user_middleware.append(Middleware(BodyGuard, authenticate=access_token))
    guard_services(app, "/internal/")
    return app
