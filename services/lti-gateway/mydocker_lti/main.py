"""The lti-gateway: makes the application, opens and closes what it needs."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import httpx
from fastapi import FastAPI, Request, Response
from sqlalchemy import text
from starlette.middleware import Middleware

from mydocker_kit.app import create_app
from mydocker_kit.bodies import MOST_UPLOAD_BYTES, BodyGuard
from mydocker_kit.clients import api as api_service
from mydocker_kit.clients import lti as lti_client
from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.db import Sessions, open_engine, open_sessions, transaction
from mydocker_kit.db_errors import DatabaseUnavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.loops import background, run_forever
from mydocker_kit.notify import Bell, listen
from mydocker_kit.problems import from_error
from mydocker_kit.rate_limits import RateLimit
from mydocker_kit.request_limits import RequestLimits
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust
from mydocker_kit.vault import Vault

from . import deliveries, endings, queries
from .clock_watch import ClockWatch, Runtime, seconds_running
from .deliveries import Deliveries
from .domain.reach import Reach
from .domain.refusals import EntryRefused, Reason
from .endings import Endings
from .endpoints import (
    deep_linking,
    framing,
    invitations,
    keys,
    launch,
    linking,
    login,
    platforms,
    refusals,
    registration,
    services,
    sign_in,
    tokens,
)
from .endpoints import diagnostics as refused_entries
from .endpoints import endings as ended_sessions
from .gradebooks import Gradebooks
from .launches import Launches
from .limits import EntryLimits
from .outgoing import Outgoing
from .platform_calls import PlatformCalls
from .platform_keys import PlatformKeys
from .platform_tokens import PlatformTokens
from .providers import load_providers
from .rosters import Rosters
from .self_registration import SelfRegistration
from .settings import GatewaySettings
from .sign_ins import SignIns
from .signing import SigningKeys

SERVICE = lti_client.AUDIENCE
KEY_SET = "/lti/jwks.json"
_FORMS = ("/lti/login", "/lti/launch", "/lti/register")
_LIMITED = ("/lti/tickets", "/lti/tokens", "/lti/tabs", "/lti/entry-links", "/lti/deep-linking")
"""What pages ask; entries have limits of their own, whose refusals are pages."""
MOST_BODY_BYTES = 256 * 1024
_ROUTERS = [login.router, launch.router, tokens.router, deep_linking.router,
            keys.router, framing.router, services.router, ended_sessions.router,
            refused_entries.router, sign_in.router, platforms.router,
            invitations.router, linking.router, registration.router]  # fmt: skip


def build(
    settings: GatewaySettings,
    *,
    api: ApiClient | None = None,
    platforms: httpx.AsyncBaseTransport | None = None,
    clock: Clock = utc_now,
    runtime: Runtime = seconds_running,
    delivers: bool = True,
) -> FastAPI:
    """The application; `api`, `platforms`, `clock` and `runtime` are the doors tests come in by.

    Without `delivers`, queued scores wait for `app.state.deliveries.step()`.
    """
    providers, vault = load_providers(settings.sign_in_providers), Vault(settings.vault_keys)
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        outgoing = Outgoing(settings.reach, platforms)
        # Where people sign in is in an operator's file, and often on the school's own network.
        to_providers = Outgoing(Reach.anywhere(), platforms)
        door = api or api_client(settings, clock)
        app.state.api = door
        watch = ClockWatch(clock(), runtime)
        keys = PlatformKeys(outgoing, sessions)
        app.state.platform_keys = keys
        app.state.launches = Launches(
            sessions, keys, door, settings.app_origin, watch, app.state.vault
        )
        tokens = PlatformTokens(outgoing, app.state.signing_keys, f"{settings.app_origin}{KEY_SET}")
        calls = PlatformCalls(outgoing, tokens)
        app.state.platform_tokens = tokens
        app.state.sign_ins = SignIns(
            sessions, providers, to_providers, door, vault, settings.app_origin
        )
        app.state.self_registration = SelfRegistration(
            sessions,
            outgoing,
            settings.reach,
            settings.app_origin,
            frozenset(one.issuer for one in providers.values()),
        )
        app.state.rosters = Rosters(sessions, calls)
        scores = Deliveries(sessions, Gradebooks(sessions, calls), clock)
        app.state.deliveries = scores
        await app.state.signing_keys.make_first(clock())
        ended: Endings = app.state.endings
        url = settings.database_url.get_secret_value()
        loops = [
            run_forever("forget_old", partial(_forget_old, sessions, clock), Bell(), 60),
            run_forever("endings", ended.step, Bell(), endings.LOOK_EVERY),
            run_forever("listen", lambda: listen(url, endings.CHANNEL, ended.ring), Bell(), 1),
            run_forever("clock", partial(_look_at_clock, watch, clock), Bell(), 15),
        ]
        if delivers:
            loops.append(run_forever("scores", scores.step, scores.bell, deliveries.EVERY))
        async with background(*loops):
            yield
        await outgoing.aclose()
        await to_providers.aclose()
        await door.aclose()
        await engine.dispose()

    async def ready() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    app = create_app(
        SERVICE, "MyDocker LTI gateway", lifespan=lifespan, routers=_ROUTERS, ready=ready
    )
    app.state.settings, app.state.clock, app.state.sessions = settings, clock, sessions
    app.state.trust = ServiceTrust.load(SERVICE, settings.trusted_service_keys)
    app.state.endings = Endings(sessions, clock)
    app.state.providers = providers
    app.state.vault, app.state.signing_keys = vault, SigningKeys(sessions, vault)
    app.state.limits = EntryLimits.of(settings)
    requests = RateLimit(settings.requests_per_address, settings.requests_per_address // 4)
    app.add_middleware(
        RequestLimits,
        by_person=requests,
        by_address=requests,
        identify=lambda header: None,
        prefixes=_LIMITED,
    )

    @app.exception_handler(EntryRefused)
    async def _refused(request: Request, refusal: EntryRefused) -> Response:
        return await refusals.answer(request, refusal)

    @app.exception_handler(DatabaseUnavailable)
    async def _database_away(request: Request, error: DatabaseUnavailable) -> Response:
        """A page for people, wherever it happens; a problem for programs."""
        if "text/html" in request.headers.get("Accept", ""):
            return await refusals.answer(request, EntryRefused(Reason.DATABASE_AWAY))
        return from_error(error)

    # JSON is parsed before anybody has proven who they are. (Forms have a smaller limit.)
    app.user_middleware.append(
        Middleware(
            BodyGuard,
            prefix="/lti/",
            most=MOST_BODY_BYTES,
            # They stop reading at 160 KiB by themselves, and answer with a page that people read.
            larger=dict.fromkeys(_FORMS, MOST_UPLOAD_BYTES),
        )
    )
    return app


def api_client(settings: GatewaySettings, clock: Clock) -> ApiClient:
    """The way to api, for the service and for the commands that stand in for it."""
    identity = ServiceIdentity.load(SERVICE, settings.service_key.get_secret_value())
    return ApiClient(ServiceClient(settings.api_url, api_service.AUDIENCE, identity, clock))


async def _forget_old(sessions: Sessions, clock: Clock) -> None:
    """Keep an hour of entries, a day of web sessions, a month of refusals."""
    now = clock()
    async with transaction(sessions) as db:
        await queries.forget_old(
            db, now - timedelta(hours=1), now - timedelta(days=1), now - timedelta(days=30)
        )


async def _look_at_clock(watch: ClockWatch, clock: Clock) -> None:
    watch.look(clock())
