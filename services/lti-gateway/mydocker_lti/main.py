"""The lti-gateway's application: composition, lifespan, exception handlers and middleware."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial

import httpx
from fastapi import FastAPI, Request, Response
from sqlalchemy import text
from starlette.middleware import Middleware

from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.limits.rate_limits import RateLimit
from mydocker_kit.limits.request_limits import RequestLimits
from mydocker_kit.outgoing.client import GuardedHttpClient
from mydocker_kit.outgoing.reach import Reach
from mydocker_kit.postgres.db import Sessions, open_engine, open_sessions, transaction
from mydocker_kit.postgres.db_errors import DatabaseUnavailable
from mydocker_kit.postgres.notify import Wakeup, listen
from mydocker_kit.problems import from_error
from mydocker_kit.runtime.loops import background, run_forever
from mydocker_kit.runtime.schedule import scheduled
from mydocker_kit.tokens import ServiceTrust
from mydocker_kit.vault import Vault
from mydocker_kit.web.app import create_app
from mydocker_kit.web.bodies import MOST_UPLOAD_BYTES, BodyGuard, guard_services

from .advantage import endpoints as services
from .advantage.access_tokens import PlatformTokens
from .advantage.ags import Gradebooks
from .advantage.client import PlatformCalls
from .advantage.nrps import Rosters
from .advantage.score_worker import INTERVAL as SCORE_INTERVAL
from .advantage.score_worker import ScoreWorker
from .api_client import api_client
from .domain.refusals import EntryRefused, Reason
from .keys import endpoints as keys
from .keys.platform_jwks import PlatformKeys
from .keys.signing import SigningKeys
from .launch.clock_watch import ClockWatch, Runtime, seconds_running
from .launch.endpoints import deep_linking, launch, login
from .launch.launch import Launches
from .models import retention
from .platforms.dynamic_registration import SelfRegistration
from .platforms.endpoints import dynamic_registration as registration
from .platforms.endpoints import invitations, platforms
from .refusals import endpoints as refusals
from .refusals import refusal_handler
from .settings import SERVICE, GatewaySettings
from .sign_in.endpoints import account_linking as linking
from .sign_in.endpoints import sign_in, sign_out
from .sign_in.providers import load_providers
from .sign_in.service import SignIns
from .web import endpoints as framing
from .web.limits import EntryLimits
from .web_sessions import revocations as endings
from .web_sessions.endpoints import revocations as ended_sessions
from .web_sessions.endpoints import tokens
from .web_sessions.revocations import Revocations

KEY_SET = "/lti/jwks.json"
_DELETE_INTERVAL = timedelta(minutes=1)
_FORMS = ("/lti/login", "/lti/launch", "/lti/register")
_LIMITED = ("/lti/tickets", "/lti/tokens", "/lti/tabs", "/lti/entry-links", "/lti/deep-linking")
"""Paths that the single-page application calls. Entries have their own limits (`EntryLimits`)."""
MAX_BODY_BYTES = 256 * 1024
ROUTERS = [login.router, launch.router, tokens.router, deep_linking.router,
           keys.router, framing.router, services.router, ended_sessions.router,
           refusals.router, sign_out.router, sign_in.router, platforms.router,
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
    """Build the application; tests pass `api`, `platforms`, `clock` and `runtime`.

    Without `delivers` no loop sends scores: a test calls `app.state.score_worker.step()`.
    """
    providers, vault = load_providers(settings.sign_in_providers), Vault(settings.vault_keys)
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        outgoing = GuardedHttpClient(settings.reach, platforms)
        # Addresses of providers come from an operator's file and are often in private networks.
        to_providers = GuardedHttpClient(Reach.anywhere(), platforms)
        to_api = api or api_client(settings, clock)
        app.state.api = to_api
        watch = ClockWatch(clock(), runtime)
        keys = PlatformKeys(outgoing, sessions)
        app.state.platform_keys = keys
        app.state.launches = Launches(
            sessions, keys, to_api, settings.app_origin, watch, app.state.vault
        )
        tokens = PlatformTokens(outgoing, app.state.signing_keys, f"{settings.app_origin}{KEY_SET}")
        calls = PlatformCalls(outgoing, tokens)
        app.state.platform_tokens = tokens
        app.state.sign_ins = SignIns(
            sessions, providers, to_providers, to_api, vault, settings.app_origin
        )
        app.state.self_registration = SelfRegistration(
            sessions,
            outgoing,
            settings.reach,
            settings.app_origin,
            app.state.reserved_issuers,
        )
        app.state.rosters = Rosters(sessions, calls)
        scores = ScoreWorker(sessions, Gradebooks(sessions, calls), clock)
        app.state.score_worker = scores
        await app.state.signing_keys.create_first_keys(clock())
        ended: Revocations = app.state.revocations
        url = settings.database_url.get_secret_value()
        loops = [
            run_forever("endings", ended.step, Wakeup(), endings.CHECK_INTERVAL),
            run_forever("listen", lambda: listen(url, endings.CHANNEL, ended.wake), Wakeup(), 1),
            run_forever("clock", partial(_check_clock, watch, clock), Wakeup(), 15),
        ]
        if delivers:
            loops.append(run_forever("scores", scores.step, scores.wakeup, SCORE_INTERVAL))
        delete = partial(_delete_expired, sessions, clock)
        async with background(*loops), scheduled("retention", delete, _DELETE_INTERVAL):
            yield
        await outgoing.aclose()
        await to_providers.aclose()
        await to_api.aclose()
        await engine.dispose()

    async def ready() -> None:
        async with engine.connect() as connection:
            await connection.execute(text("SELECT 1"))

    app = create_app(
        SERVICE, "MyDocker LTI gateway", lifespan=lifespan, routers=ROUTERS, ready=ready
    )
    app.state.settings, app.state.clock, app.state.sessions = settings, clock, sessions
    app.state.trust = ServiceTrust.load(SERVICE, settings.trusted_service_keys)
    app.state.revocations = Revocations(sessions, clock)
    app.state.reserved_issuers = frozenset(provider.issuer for provider in providers.values())
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
        return await refusal_handler.answer(request, refusal)

    @app.exception_handler(DatabaseUnavailable)
    async def _database_away(request: Request, error: DatabaseUnavailable) -> Response:
        """503: a page for browsers, a problem document for programs."""
        if "text/html" in request.headers.get("Accept", ""):
            return await refusal_handler.answer(request, EntryRefused(Reason.DATABASE_AWAY))
        return from_error(error)

    # Bodies are parsed before authentication; forms have a smaller limit of their own.
    app.user_middleware.append(
        Middleware(
            BodyGuard,
            prefix="/lti/",
            most=MAX_BODY_BYTES,
            # These endpoints stop at MAX_FORM_BYTES themselves and answer with a refusal page.
            larger=dict.fromkeys(_FORMS, MOST_UPLOAD_BYTES),
        )
    )
    guard_services(app, "/internal/")
    return app


async def _delete_expired(sessions: Sessions, clock: Clock) -> None:
    """Delete entries after an hour, web sessions after a day, refusals after 30 days."""
    now = clock()
    async with transaction(sessions) as db:
        await retention.delete_expired(
            db, now - timedelta(hours=1), now - timedelta(days=1), now - timedelta(days=30)
        )


async def _check_clock(watch: ClockWatch, clock: Clock) -> None:
    watch.check(clock())
