"""HTTP endpoints of environments: specs in, statuses out."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from fastapi.responses import PlainTextResponse

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    EnvironmentStatus,
    StopRequest,
)
from mydocker_kit.web.dependencies import Db, Now, calling_service

from ..deps import DbSessions, Store, Swarm
from ..environments import service

router = APIRouter(
    prefix="/environments", tags=["environments"], dependencies=[Depends(calling_service)]
)


@router.put("/{id}")
async def put_environment(
    id: UUID, spec: EnvironmentSpec, db: Db, store: Store, now: Now
) -> EnvironmentStatus:
    """Request this environment to run."""
    return await service.put_environment(db, store, id, spec, now)


@router.post("/{id}/stop")
async def stop_environment(id: UUID, request: StopRequest, db: Db, now: Now) -> EnvironmentStatus:
    """Request this environment to stop; its volumes stay."""
    return await service.stop_environment(db, id, request, now)


@router.get("/{id}")
async def show_environment(id: UUID, db: Db) -> EnvironmentStatus:
    """Show the status of an environment."""
    return await service.show_environment(db, id)


@router.get("")
async def list_environments(
    db: Db,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=1000)] = 200,
) -> Page[EnvironmentStatus]:
    """List all environments ever known, oldest change first."""
    return await service.list_environments(db, page, page_size)


@router.get("/{id}/logs", response_class=PlainTextResponse)
async def show_logs(
    id: UUID,
    sessions: DbSessions,
    swarm: Swarm,
    lines: Annotated[int, Query(ge=1, le=5000)] = 200,
) -> str:
    """Show the last lines of output, or those stored of a failed attempt."""
    return await service.environment_output(sessions, swarm, id, lines)
