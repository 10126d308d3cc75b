"""What endpoints may ask for."""

from typing import Annotated

from fastapi import Depends, Request

from mydocker_kit.db import Sessions

from .capacity.service import Capacity
from .environments.change_feed import ChangeFeed
from .environments.records import SpecStore
from .swarm.interface import SwarmDoor


async def _store(request: Request) -> SpecStore:
    store: SpecStore = request.app.state.store
    return store


async def _feed(request: Request) -> ChangeFeed:
    feed: ChangeFeed = request.app.state.feed
    return feed


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


async def _swarm(request: Request) -> SwarmDoor:
    swarm: SwarmDoor = request.app.state.swarm
    return swarm


async def _room(request: Request) -> Capacity:
    room: Capacity = request.app.state.room
    return room


Store = Annotated[SpecStore, Depends(_store)]
Feed = Annotated[ChangeFeed, Depends(_feed)]
Swarm = Annotated[SwarmDoor, Depends(_swarm)]
Room = Annotated[Capacity, Depends(_room)]
DbSessions = Annotated[Sessions, Depends(_sessions)]
"""For work that calls the engine: no transaction stays open meanwhile."""
