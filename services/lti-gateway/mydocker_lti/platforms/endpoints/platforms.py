"""Platforms for api, which authorizes operators."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.platforms import (
    DeploymentOrder,
    JournalSort,
    PlatformAct,
    PlatformActOrder,
    PlatformChange,
    PlatformEvent,
    PlatformNote,
    PlatformOrder,
    PlatformSort,
    PlatformState,
    PlatformStatus,
    SeenKeys,
    ToolAddresses,
)
from mydocker_kit.contracts.values import Serial
from mydocker_kit.web.dependencies import CallingService, Db, Now, Paged
from mydocker_kit.web.preconditions import OptionalPrecondition

from ...keys.deps import PlatformKeySets
from ...web.deps import ReservedIssuers, Settings
from .. import acts, audit, views
from .. import service as registrations
from ..service import Platform, PlatformUnknown
from ..shared_issuers import check_not_reserved

router = APIRouter(prefix="/internal", tags=["platforms"])


@router.get("/tool")
async def get_tool_addresses(settings: Settings, _: CallingService) -> ToolAddresses:
    """Our addresses, for a manual registration at the platform."""
    return views.tool_addresses(settings.app_origin)


@router.get("/platforms")
async def list_platforms(
    db: Db,
    now: Now,
    _: CallingService,
    paging: Paged,
    state: PlatformState | None = None,
    sort: PlatformSort = PlatformSort.NAME,
) -> Page[PlatformStatus]:
    """Platforms that match."""
    return await views.page_of(db, state, paging, sort, now)


@router.get("/platforms/{id}")
async def get_platform(id: UUID, db: Db, now: Now, _: CallingService) -> PlatformStatus:
    """One platform."""
    platform = await views.of(db, id, now)
    if platform is None:
        raise PlatformUnknown(str(id))
    return platform


@router.put("/platforms/{id}")
async def put_platform(
    id: UUID,
    body: PlatformOrder,
    db: Db,
    now: Now,
    reserved: ReservedIssuers,
    expected: OptionalPrecondition,
    _: CallingService,
) -> PlatformStatus:
    """Add a platform under this id, or change it in the expected version."""
    check_not_reserved(body.draft.issuer, reserved)
    platform = Platform(**body.draft.model_dump(), shares_people=body.shares_people)
    row = await registrations.put(
        db, id, platform, now, actor=str(body.actor), if_match=expected.if_match
    )
    if body.is_another_platform:
        row.link_key = None  # deep links made for the platform before open nothing on this one
    return await views.status(db, row, now)


@router.get("/platforms/{id}/events")
async def list_platform_events(
    id: UUID, db: Db, _: CallingService, paging: Paged, sort: JournalSort = JournalSort.NEWEST
) -> Page[PlatformEvent]:
    """Who did what to it."""
    return await views.events(db, id, paging, sort)


@router.get("/platform-changes")
async def list_platform_changes(
    db: Db, now: Now, _: CallingService, after: Serial = 0
) -> list[PlatformChange]:
    """The next lines of all audit logs, in the order of their numbers."""
    return await views.changes(db, after, now)


@router.post("/platforms/{id}/events", status_code=204)
async def note_platform_event(
    id: UUID, body: PlatformNote, db: Db, now: Now, _: CallingService
) -> None:
    """Record an operator's action in another service."""
    await acts.locked_platform(db, id)
    audit.record(db, id, body.kind, str(body.actor), now, **body.facts)


@router.get("/platforms/{id}/earlier-issuers")
async def list_earlier_issuers(id: UUID, db: Db, _: CallingService) -> list[str]:
    """Issuers under which its people may have been known before."""
    return await views.earlier_issuers(db, id)


@router.get("/platforms/{id}/keys")
async def get_platform_keys(id: UUID, keys: PlatformKeySets, _: CallingService) -> SeenKeys:
    """The platform's keys as last fetched."""
    return await keys.seen(id)


@router.post("/platforms/{id}/keys")
async def fetch_platform_keys(
    id: UUID, now: Now, keys: PlatformKeySets, _: CallingService
) -> SeenKeys:
    """Fetch the platform's keys now."""
    if not await keys.fetch_now(id, now):
        raise PlatformUnknown(str(id))
    return await keys.seen(id)


@router.post("/platforms/{id}/{what}")
async def act_on_platform(
    id: UUID, what: PlatformAct, body: PlatformActOrder, db: Db, now: Now, _: CallingService
) -> PlatformStatus:
    """Approve, enable or disable."""
    accepted = body.shares_people
    row = await acts.act(db, id, what, now, actor=str(body.actor), shares_people=accepted)
    return await views.status(db, row, now)


@router.put("/platforms/{id}/deployments")
async def put_deployment(
    id: UUID,
    body: DeploymentOrder,
    db: Db,
    now: Now,
    expected: OptionalPrecondition,
    _: CallingService,
) -> PlatformStatus:
    """Add, enable or disable one deployment, in the expected version of the platform."""
    row = await acts.put_deployment(
        db,
        id,
        body.deployment_id,
        now,
        enabled=body.enabled,
        actor=str(body.actor),
        if_match=expected.if_match,
    )
    return await views.status(db, row, now)
