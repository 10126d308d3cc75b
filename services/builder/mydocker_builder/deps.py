"""FastAPI dependencies of the endpoints."""

from typing import Annotated

from fastapi import Depends, Request

from mydocker_kit.postgres.db import Sessions
from mydocker_kit.postgres.notify import Hub

from .worker.references import ReferenceLookup


async def _sessions(request: Request) -> Sessions:
    sessions: Sessions = request.app.state.sessions
    return sessions


async def _changes(request: Request) -> Hub[None]:
    changes: Hub[None] = request.app.state.changes
    return changes


async def _queue_limit(request: Request) -> int:
    limit: int = request.app.state.queue_limit
    return limit


async def _references(request: Request) -> ReferenceLookup:
    lookup: ReferenceLookup = request.app.state.references
    return lookup


async def _registries(request: Request) -> tuple[str, ...]:
    registries: tuple[str, ...] = request.app.state.registries
    return registries


Registries = Annotated[tuple[str, ...], Depends(_registries)]
QueueLimit = Annotated[int, Depends(_queue_limit)]
OpenSessions = Annotated[Sessions, Depends(_sessions)]
References = Annotated[ReferenceLookup, Depends(_references)]
Changes = Annotated[Hub[None], Depends(_changes)]
