"""The orchestrator's application: one row per Environment, one loop that makes it true."""

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
from .capacity.placement import Placement
from .capacity.port_ledger import PortLedger
from .capacity.service import Capacity
from .domain.checks.disk_limits import MIB, DiskLimits
from .endpoints import capacity, changes, environments
from .environments.change_feed import ChangeFeed
from .environments.ledger import Ledger
from .environments.queries import CHANGES, WANTED
from .environments.records import SpecStore
from .loops.reconciler import Reconciler
from .loops.watcher import watch
from .settings import Settings
from .swarm.agents import NodeAgents
from .swarm.engine import DockerSwarm
from .swarm.interface import SwarmDoor
from .swarm.specs import Ground

SERVICE = "orchestrator"
_LEADER_LOCK = 0x6D796F72


def build(settings: Settings, *, swarm: SwarmDoor | None = None, clock: Clock = utc_now) -> FastAPI:
    """The application; `swarm` lets tests enter with a quick one."""
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)
    store = SpecStore(Vault(settings.vault_keys))
    door = swarm or DockerSwarm(
        settings.engine_url,
        Ground(settings.platform_name, settings.environment_network, settings.compat_needs_userns),
        settings.node_address,
        _agents(settings, clock),
        settings.disk_folder,
    )
    feed, bell = ChangeFeed(sessions), Bell()
    room = Capacity(sessions, door, settings.node_address)
    reconciler = Reconciler(
        Ledger(sessions, store),
        door,
        Placement(room, GpuLedger(sessions), PortLedger(sessions)),
        clock,
        bell,
        timedelta(seconds=settings.orphan_grace),
        _disk_limits(settings),
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        work = background(
            listen(url, CHANGES, feed.ring),
            listen(url, WANTED, bell.ring),
            watch(door, bell),
            while_leader(engine, _LEADER_LOCK, reconciler.lead),
        )
        try:
            async with work:
                yield
        finally:
            await door.aclose()
            await engine.dispose()

    async def ready() -> None:
        async with transaction(sessions) as db:
            await db.execute(text("SELECT 1"))

    app = create_app(
        SERVICE,
        "MyDocker orchestrator",
        lifespan=lifespan,
        routers=[environments.router, changes.router, capacity.router],
        ready=ready,
    )
    app.state.sessions, app.state.clock = sessions, clock
    app.state.trust = ServiceTrust.load(AUDIENCE, settings.trusted_service_keys)
    guard_services(app, "/")
    app.state.store, app.state.feed, app.state.swarm = store, feed, door
    app.state.room = room
    return app


def _disk_limits(settings: Settings) -> DiskLimits:
    return DiskLimits(
        container=settings.disk_root_mib * MIB,
        work_folder=settings.disk_work_mib * MIB,
        free=settings.disk_free_mib * MIB,
    )


def _agents(settings: Settings, clock: Clock) -> NodeAgents | None:
    """Who tells about containers on other machines."""
    if not settings.node_agent_port:
        return None
    identity = ServiceIdentity.load(AUDIENCE, settings.service_key.get_secret_value())
    return NodeAgents(identity, settings.node_agent_port, clock)
