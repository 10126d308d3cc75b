"""Builds the application: HTTP endpoints for the other services, and the runner."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from uuid import UUID, uuid4

from fastapi import FastAPI
from sqlalchemy import text

from mydocker_kit.clients.api import AUDIENCE as API
from mydocker_kit.clients.api import ApiClient
from mydocker_kit.clients.builder import AUDIENCE
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.http import ServiceClient
from mydocker_kit.postgres.db import open_engine, open_sessions, transaction
from mydocker_kit.postgres.notify import Hub, listen
from mydocker_kit.runtime.loops import background
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust
from mydocker_kit.web.app import create_app
from mydocker_kit.web.bodies import guard_services

from .domain.references import parse_prefixes
from .domain.source_policy import parse_registries, source_policy
from .endpoints import router
from .inventory.endpoints import router as packages
from .queries import CHANNEL
from .settings import BuilderSettings
from .worker.contexts import ContextStore
from .worker.engine import BuildSetup, Engine, RegistryLogin
from .worker.ledger import Ledger
from .worker.pipeline import ImageLimits
from .worker.references import ReferenceLookup
from .worker.runner import Runner


def build(
    settings: BuilderSettings,
    *,
    engine: Engine | None = None,
    contexts: ApiClient | None = None,
    clock: Clock = utc_now,
) -> FastAPI:
    """The application; tests pass an `engine` that produces faults, and where contexts are."""
    database = open_engine(settings, "builder")
    sessions = open_sessions(database)
    engine = engine or engine_of(settings)
    contexts = contexts or api_of(settings, clock)
    lease = timedelta(seconds=settings.build_lease_seconds)
    runner = Runner(
        ledger=Ledger(sessions, uuid4(), lease, clock),
        engine=engine,
        contexts=ContextStore(contexts),
        registry=settings.registry,
        concurrency=settings.builds_at_once,
        seconds=settings.build_seconds,
        limits=ImageLimits(settings.build_image_mib, settings.build_image_layers),
        log_bytes=settings.build_log_mib * 1024 * 1024,
    )
    changes: Hub[None] = Hub(depth=1)

    def on_notification(payload: str) -> None:
        kind, _, id = payload.partition(":")
        if kind == "cancel":
            runner.wake_for_cancel(UUID(id))
        if kind in ("queue", ""):
            runner.wakeup.set()
        if kind in ("changes", ""):
            changes.publish(None)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        try:
            async with background(runner.run(), listen(url, CHANNEL, on_notification)):
                yield
        finally:
            await contexts.aclose()
            await database.dispose()

    async def ready() -> None:
        async with asyncio.timeout(3):
            async with transaction(sessions) as db:
                await db.execute(text("SELECT 1"))
            await engine.ping()

    app = create_app(
        "builder", "MyDocker builder", lifespan=lifespan, routers=[router, packages], ready=ready
    )
    app.state.sessions, app.state.clock, app.state.changes = sessions, clock, changes
    app.state.queue_limit = settings.builds_waiting_per_person
    app.state.references = ReferenceLookup(
        engine, parse_prefixes(settings.external_registries), settings.registry
    )
    app.state.registries = parse_registries(settings.build_registries)
    app.state.trust = ServiceTrust.load(AUDIENCE, settings.trusted_service_keys)
    guard_services(app, "/")
    return app


def api_of(settings: BuilderSettings, clock: Clock) -> ApiClient:
    """The client that fetches build contexts."""
    identity = ServiceIdentity.load(AUDIENCE, settings.service_key.get_secret_value())
    return ApiClient(ServiceClient(settings.api_url, API, identity, clock))


def engine_of(settings: BuilderSettings) -> Engine:
    """The build engine of these settings."""
    login = None
    if settings.registry_username and settings.registry_password:
        login = RegistryLogin(
            settings.registry_username, settings.registry_password.get_secret_value()
        )
    policy = source_policy(parse_registries(settings.build_registries))
    setup = BuildSetup(settings.buildx, policy, settings.build_cgroup, settings.build_group)
    return Engine(settings.build_engine_url, setup, login)
