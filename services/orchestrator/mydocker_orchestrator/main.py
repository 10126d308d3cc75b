"""Builds the orchestrator: HTTP endpoints, and the reconcile loop in the leading replica."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

from fastapi import FastAPI
from sqlalchemy import text

from mydocker_kit.app import create_app
from mydocker_kit.bodies import guard_services
from mydocker_kit.clients.orchestrator import AUDIENCE
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.db import open_engine, open_sessions, transaction
from mydocker_kit.loops import background, while_leader
from mydocker_kit.notify import Bell, listen
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust
from mydocker_kit.vault import Vault

from .capacity.gpu_ledger import GpuLedger
from .capacity.placement import Placer
from .capacity.port_ledger import PortLedger
from .capacity.service import Capacity
from .domain.checks.disk_limits import MIB, DiskLimits
from .endpoints import capacity as capacity_endpoints
from .endpoints import changes, environments
from .environments.change_feed import ChangeFeed
from .environments.ledger import Ledger
from .environments.queries import SPEC_CHANNEL, STATUS_CHANNEL
from .environments.records import SpecStore
from .loops.reconciler import Reconciler
from .loops.watcher import watch
from .settings import Settings
from .swarm.agents import NodeAgents
from .swarm.engine import DockerSwarm
from .swarm.interface import SwarmClient
from .swarm.specs import ServiceDefaults

SERVICE = "orchestrator"
_LEADER_LOCK = 0x6D796F72


def build(
    settings: Settings, *, swarm: SwarmClient | None = None, clock: Clock = utc_now
) -> FastAPI:
    """The application; tests pass a fake `swarm`."""
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)
    store = SpecStore(Vault(settings.vault_keys))
    client = swarm or DockerSwarm(
        settings.engine_url,
        ServiceDefaults(
            settings.platform_name, settings.environment_network, settings.compat_needs_userns
        ),
        settings.node_address,
        _agents(settings, clock),
        settings.disk_folder,
    )
    feed, wakeup = ChangeFeed(sessions), Bell()
    capacity = Capacity(sessions, client, settings.node_address)
    reconciler = Reconciler(
        Ledger(sessions, store),
        client,
        Placer(capacity, GpuLedger(sessions), PortLedger(sessions)),
        clock,
        wakeup,
        timedelta(seconds=settings.orphan_grace),
        _disk_limits(settings),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        work = background(
            listen(url, STATUS_CHANNEL, feed.ring),
            listen(url, SPEC_CHANNEL, wakeup.ring),
            watch(client, wakeup),
            while_leader(engine, _LEADER_LOCK, reconciler.lead),
        )
        try:
            async with work:
                yield
        finally:
            await client.aclose()
            await engine.dispose()

    async def ready() -> None:
        async with transaction(sessions) as db:
            await db.execute(text("SELECT 1"))

    app = create_app(
        SERVICE,
        "MyDocker orchestrator",
        lifespan=lifespan,
        routers=[environments.router, changes.router, capacity_endpoints.router],
        ready=ready,
    )
    app.state.sessions, app.state.clock = sessions, clock
    app.state.trust = ServiceTrust.load(AUDIENCE, settings.trusted_service_keys)
    guard_services(app, "/")
    app.state.store, app.state.feed, app.state.swarm = store, feed, client
    app.state.capacity = capacity
    return app


def _disk_limits(settings: Settings) -> DiskLimits:
    return DiskLimits(
        container=settings.disk_root_mib * MIB,
        work_folder=settings.disk_work_mib * MIB,
        free=settings.disk_free_mib * MIB,
    )


def _agents(settings: Settings, clock: Clock) -> NodeAgents | None:
    """The client of the agents on other machines; None when there are none."""
    if not settings.node_agent_port:
        return None
    identity = ServiceIdentity.load(AUDIENCE, settings.service_key.get_secret_value())
    return NodeAgents(identity, settings.node_agent_port, clock)
