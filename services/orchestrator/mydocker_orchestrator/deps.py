"""FastAPI dependencies of the endpoints."""

from typing import Annotated

from fastapi import Depends, Request

from mydocker_kit.postgres.db import Sessions

from .capacity.service import Capacity
from .environments.change_feed import ChangeFeed
from .environments.records import SpecStore
from .folders.inventory import Inventory
from .folders.service import WorkFiles
from .machines.service import Machines
from .swarm.interface import SwarmClient
from .swarm.usage import UsageSampler


async def _store(request: Request) -> SpecStore:
    store: SpecStore = request.app.state.store
    return store


async def _feed(request: Request) -> ChangeFeed:
    feed: ChangeFeed = request.app.state.feed
    return feed


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


async def _swarm(request: Request) -> SwarmClient:
    swarm: SwarmClient = request.app.state.swarm
    return swarm


async def _capacity(request: Request) -> Capacity:
    capacity: Capacity = request.app.state.capacity
    return capacity


async def _usage(request: Request) -> UsageSampler:
    sampler: UsageSampler = request.app.state.usage
    return sampler


async def _folders(request: Request) -> WorkFiles:
    folders: WorkFiles = request.app.state.folders
    return folders


async def _volumes(request: Request) -> Inventory:
    volumes: Inventory = request.app.state.volumes
    return volumes


async def _machines(request: Request) -> Machines:
    machines: Machines = request.app.state.machines
    return machines


Store = Annotated[SpecStore, Depends(_store)]
Feed = Annotated[ChangeFeed, Depends(_feed)]
Swarm = Annotated[SwarmClient, Depends(_swarm)]
Folders = Annotated[WorkFiles, Depends(_folders)]
Volumes = Annotated[Inventory, Depends(_volumes)]
Usage = Annotated[UsageSampler, Depends(_usage)]
CapacityService = Annotated[Capacity, Depends(_capacity)]
MachineService = Annotated[Machines, Depends(_machines)]
DbSessions = Annotated[Sessions, Depends(_sessions)]
"""For work that calls the engine: no transaction stays open during the call."""
