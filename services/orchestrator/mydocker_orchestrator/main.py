"""Builds the orchestrator: HTTP endpoints, and the reconcile loop in the leading replica."""

import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path

from fastapi import FastAPI
from sqlalchemy import text

from mydocker_kit.clients.orchestrator import AUDIENCE
from mydocker_kit.clock import Clock, utc_now
from mydocker_kit.contracts.orchestrator.work_files import MOST_FILE_BYTES
from mydocker_kit.postgres.db import open_engine, open_sessions, transaction
from mydocker_kit.postgres.notify import Wakeup, listen
from mydocker_kit.runtime.loops import background, run_forever, while_leader
from mydocker_kit.tokens import ServiceIdentity, ServiceTrust
from mydocker_kit.vault import Vault
from mydocker_kit.web.app import create_app
from mydocker_kit.web.bodies import guard_services

from .capacity.gpu_ledger import GpuLedger
from .capacity.placement import Placer
from .capacity.port_ledger import PortLedger
from .capacity.service import Capacity
from .capacity.volume_nodes import VolumeNodes
from .capacity.volume_scan import VolumeScan
from .capacity.work_volumes import WorkVolumes
from .domain.checks.disk_limits import MIB, DiskLimits
from .domain.lifecycle.snapshots import SnapshotPolicy
from .endpoints import capacity as capacity_endpoints
from .endpoints import changes, environments
from .endpoints import machines as machine_endpoints
from .endpoints import usage as usage_endpoints
from .endpoints import volumes as volume_endpoints
from .endpoints import work_files as work_file_endpoints
from .environments.change_feed import ChangeFeed
from .environments.ledger import Ledger
from .environments.queries import SPEC_CHANNEL, STATUS_CHANNEL
from .environments.records import SpecStore
from .folders import records as snapshot_records
from .folders.agents import FolderAgents
from .folders.inventory import Inventory
from .folders.service import WorkFiles
from .loops.reconciler import Reconciler
from .loops.snapshots import EVERY as SNAPSHOTS_EVERY
from .loops.snapshots import SnapshotLoop
from .loops.watcher import watch
from .machines import records as machine_records
from .machines.nodes import DockerMachineNodes, MachineNodes
from .machines.runs import TerraformRuns
from .machines.scaler import Scaler
from .machines.service import Machines
from .machines.terraform import Terraform
from .settings import Settings
from .swarm.agents import NodeAgents
from .swarm.engine import DockerSwarm
from .swarm.interface import SwarmClient
from .swarm.specs import ServiceDefaults
from .swarm.usage import UsageSampler

SERVICE = "orchestrator"
_LEADER_LOCK = 0x6D796F72
_SCALER_LOCK = 0x6D796D63


def build(
    settings: Settings,
    *,
    swarm: SwarmClient | None = None,
    clock: Clock = utc_now,
    folder_agents: FolderAgents | None = None,
    machine_nodes: MachineNodes | None = None,
) -> FastAPI:
    """The application; tests pass a fake `swarm`, `folder_agents` and `machine_nodes`."""
    engine = open_engine(settings, SERVICE)
    sessions = open_sessions(engine)
    vault = Vault(settings.vault_keys)
    store = SpecStore(vault)
    client = swarm or DockerSwarm(
        settings.engine_url,
        ServiceDefaults(
            settings.platform_name,
            settings.environment_network,
            settings.compat_needs_userns,
            settings.volume_driver,
        ),
        settings.node_address,
        _agents(settings, clock),
        settings.disk_folder,
        settings.volume_plugin,
    )
    feed, wakeup = ChangeFeed(sessions), Wakeup()
    capacity = Capacity(sessions, client, settings.node_address)
    volumes = VolumeNodes(sessions, settings.volume_driver)
    reconciler = Reconciler(
        Ledger(sessions, store),
        client,
        Placer(capacity, GpuLedger(sessions), PortLedger(sessions), volumes),
        WorkVolumes(volumes, VolumeScan(sessions, client)),
        clock,
        wakeup,
        timedelta(seconds=settings.orphan_grace),
        _disk_limits(settings),
    )

    agents = folder_agents or _folder_agents(settings, client, clock)
    folders = WorkFiles(sessions, agents)
    snapshots = SnapshotLoop(sessions, folders, clock, _snapshot_policy(settings))

    machine_nodes = machine_nodes or DockerMachineNodes(
        settings.engine_url, _agents(settings, clock)
    )
    terraform = _terraform(settings)
    inputs = {"platform": settings.platform_name, "join_url": settings.machine_join_url}
    terraform_runs = TerraformRuns(sessions, terraform, vault, clock, inputs)
    scaler = Scaler(
        sessions, client, machine_nodes, terraform_runs, vault, clock, settings.platform_name
    )

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        url = settings.database_url.get_secret_value()
        work = background(
            listen(url, STATUS_CHANNEL, feed.wake),
            listen(url, SPEC_CHANNEL, wakeup.set),
            listen(url, snapshot_records.CHANNEL, lambda _: snapshots.wakeup.set()),
            run_forever("snapshots", snapshots.step, snapshots.wakeup, SNAPSHOTS_EVERY),
            watch(client, wakeup),
            while_leader(engine, _LEADER_LOCK, reconciler.lead),
            listen(url, machine_records.CHANNEL, lambda _: scaler.wakeup.set()),
            while_leader(engine, _SCALER_LOCK, scaler.lead),
        )
        try:
            async with work:
                yield
        finally:
            await snapshots.stop()
            await agents.aclose()
            await machine_nodes.aclose()
            await client.aclose()
            await engine.dispose()

    async def ready() -> None:
        async with transaction(sessions) as db:
            await db.execute(text("SELECT 1"))

    app = create_app(
        SERVICE,
        "MyDocker orchestrator",
        lifespan=lifespan,
        routers=[
            environments.router,
            changes.router,
            capacity_endpoints.router,
            volume_endpoints.router,
            work_file_endpoints.router,
            usage_endpoints.router,
            machine_endpoints.router,
        ],
        ready=ready,
    )
    app.state.sessions, app.state.clock = sessions, clock
    app.state.trust = ServiceTrust.load(AUDIENCE, settings.trusted_service_keys)
    guard_services(app, "/", larger={"/volumes/": MOST_FILE_BYTES})
    app.state.store, app.state.feed, app.state.swarm = store, feed, client
    app.state.capacity, app.state.folders = capacity, folders
    app.state.volumes = Inventory(sessions, client, agents)
    app.state.machines = Machines(
        sessions, terraform, machine_nodes, clock, settings.machine_settings.get_secret_value()
    )
    app.state.usage = UsageSampler(client, clock)
    return app


def _disk_limits(settings: Settings) -> DiskLimits:
    return DiskLimits(
        container=settings.disk_root_mib * MIB,
        work_folder=settings.disk_work_mib * MIB,
        free=settings.disk_free_mib * MIB,
    )


def _snapshot_policy(settings: Settings) -> SnapshotPolicy:
    return SnapshotPolicy(
        every=timedelta(minutes=settings.snapshot_minutes),
        hours=settings.snapshot_hours,
        days=settings.snapshot_days,
        weeks=settings.snapshot_weeks,
    )


def _terraform(settings: Settings) -> Terraform:
    usual = Path(tempfile.gettempdir()) / f"mydocker-terraform-{settings.platform_name}"
    folder = Path(settings.terraform_folder) if settings.terraform_folder else usual
    return Terraform(settings.terraform_command, Path(settings.terraform_modules), folder)


def _folder_agents(settings: Settings, swarm: SwarmClient, clock: Clock) -> FolderAgents:
    identity = ServiceIdentity.load(AUDIENCE, settings.service_key.get_secret_value())
    return FolderAgents(swarm, identity, clock, settings.node_agent_port, settings.folder_socket)


def _agents(settings: Settings, clock: Clock) -> NodeAgents | None:
    """The client of the agents on other machines; None when there are none."""
    if not settings.node_agent_port:
        return None
    identity = ServiceIdentity.load(AUDIENCE, settings.service_key.get_secret_value())
    return NodeAgents(identity, settings.node_agent_port, clock)
