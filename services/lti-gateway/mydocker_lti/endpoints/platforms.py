"""Platforms for api, where operators are known; nobody else may ask."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.platforms import (
    ByOperator,
    DeploymentOrder,
    PlatformAct,
    PlatformOrder,
    PlatformState,
    PlatformStatus,
)
from mydocker_kit.dependencies import CallingService, Db, Now
from mydocker_kit.problems import responses

from .. import platform_acts as acts
from .. import platform_views as views
from .. import registrations
from ..registrations import Platform, PlatformUnknown

router = APIRouter(prefix="/internal/platforms", tags=["platforms"])


@router.get("", responses=responses(401))
async def list_platforms(
    db: Db,
    now: Now,
    _: CallingService,
    search: Annotated[str, Query(max_length=120)] = "",
    state: PlatformState | None = None,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[PlatformStatus]:
    """Platforms that match."""
    return await views.page_of(db, search, state, page, page_size, now)


@router.get("/{id}", responses=responses(401, 404))
async def get_platform(id: UUID, db: Db, now: Now, _: CallingService) -> PlatformStatus:
    """One platform."""
    found = await views.of(db, id, now)
    if found is None:
        raise PlatformUnknown(str(id))
    return found


@router.put("/{id}", responses=responses(401, 409, 422))
async def put_platform(
    id: UUID, body: PlatformOrder, db: Db, now: Now, _: CallingService
) -> PlatformStatus:
    """Add a platform under this id, or change it."""
    said = body.draft.model_dump()
    row = await registrations.put(db, id, Platform(**said), now, actor=str(body.actor))
    return await views.status(db, row, now)


@router.post("/{id}/{what}", responses=responses(401, 404))
async def act_on_platform(
    id: UUID, what: PlatformAct, body: ByOperator, db: Db, now: Now, _: CallingService
) -> PlatformStatus:
    """Approve, enable or disable."""
    row = await acts.act(db, id, what, now, actor=str(body.actor))
    return await views.status(db, row, now)


@router.put("/{id}/deployments", responses=responses(401, 404))
async def put_deployment(
    id: UUID, body: DeploymentOrder, db: Db, now: Now, _: CallingService
) -> PlatformStatus:
    """Add, enable or disable one deployment."""
    row = await acts.put_deployment(
        db, id, body.deployment_id, now, enabled=body.enabled, actor=str(body.actor)
    )
    return await views.status(db, row, now)
