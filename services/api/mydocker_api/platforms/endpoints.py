"""Platforms that trust us: operators list, add, change, approve and disable them."""

from typing import Annotated
from uuid import UUID, uuid4

from fastapi import APIRouter, Query, Response

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.platforms import (
    Address,
    DeploymentOrder,
    JournalSort,
    PlatformAct,
    PlatformActOrder,
    PlatformDraft,
    PlatformOrder,
    PlatformSort,
    PlatformState,
    PlatformStatus,
    SeenKeys,
    ToolAddresses,
)
from mydocker_kit.web.preconditions import RequiredIfMatch, edit_responses, tagged, with_etag

from ..deps import Db, Gateway, Operator, Paged, SessionsOf
from ..idempotency.route import CreationRoute
from . import closing, journal, moving, service
from .schemas import (
    DeploymentDraft,
    DisablingOutlook,
    JournalEntry,
    PeopleMove,
    PeopleMoved,
    PeopleOutlook,
)
from .service import WhichPeople

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/platforms",
    tags=["platforms"],
)


@router.get("")
async def list_platforms(
    operator: Operator,
    gateway: Gateway,
    paging: Paged,
    state: PlatformState | None = None,
    sort: PlatformSort = PlatformSort.NAME,
) -> Page[PlatformStatus]:
    """Platforms, those that wait for approval first."""
    return paging.of_remote(await gateway.platforms(paging.remote(), state, sort))


@router.post("", status_code=201)
async def create_platform(
    body: PlatformDraft, operator: Operator, gateway: Gateway, shares_people: bool = False
) -> PlatformStatus:
    """Add a platform by hand; people may enter from it at once.

    `issuer_shared` when another platform has its issuer with other keys: `shares_people` says that
    the operator knows that each of them can sign in as the others' people.
    """
    order = PlatformOrder(draft=body, actor=operator.id, shares_people=shares_people)
    return await gateway.put_platform(uuid4(), order)


@router.get("/tool")
async def get_tool_addresses(operator: Operator, gateway: Gateway) -> ToolAddresses:
    """Our addresses, to copy into a platform's form."""
    return await gateway.tool_addresses()


@router.get("/{platform_id}", responses=with_etag())
async def get_platform(
    platform_id: UUID, operator: Operator, gateway: Gateway, response: Response
) -> PlatformStatus:
    """One platform."""
    return tagged(response, await gateway.platform(platform_id))


@router.put("/{platform_id}", responses=edit_responses())
async def update_platform(
    platform_id: UUID,
    body: PlatformDraft,
    operator: Operator,
    if_match: RequiredIfMatch,
    gateway: Gateway,
    sessions: SessionsOf,
    response: Response,
    people: WhichPeople | None = None,
    shares_people: bool = False,
) -> PlatformStatus:
    """Change a platform; deployments that are left out are disabled.

    With another issuer, `people` says whether it is the same platform at a new address, whose
    people keep their accounts (`same`), or another one (`others`). `shares_people` as for a new
    platform.
    """
    order = PlatformOrder(draft=body, actor=operator.id, shares_people=shares_people)
    async with journal.naming_editors(sessions):
        changed = await service.change(sessions, gateway, platform_id, order, people, if_match)
    return tagged(response, changed)


@router.get("/{platform_id}/earlier-issuers")
async def list_earlier_issuers(
    platform_id: UUID, operator: Operator, gateway: Gateway
) -> list[str]:
    """Issuers by which this platform's people may have been known before."""
    return await gateway.earlier_issuers(platform_id)


@router.get("/{platform_id}/people")
async def foresee_people_move(
    platform_id: UUID,
    operator: Operator,
    gateway: Gateway,
    db: Db,
    from_issuer: Annotated[Address, Query()],
    to_issuer: Annotated[Address | None, Query()] = None,
) -> PeopleOutlook:
    """How many people would move from an earlier issuer to this platform's, or to a new one."""
    platform = await gateway.platform(platform_id)
    return await moving.outlook(db, from_issuer, to_issuer or platform.issuer)


@router.post("/{platform_id}/people")
async def move_people(
    platform_id: UUID, body: PeopleMove, operator: Operator, gateway: Gateway, sessions: SessionsOf
) -> PeopleMoved:
    """The people of an earlier issuer are this platform's people from now on."""
    platform = await gateway.platform(platform_id)
    return await service.move_people(
        sessions, gateway, platform, body.from_issuer, actor=operator.id
    )


@router.post("/{platform_id}/approve")
async def approve_platform(
    platform_id: UUID, operator: Operator, gateway: Gateway, shares_people: bool = False
) -> PlatformStatus:
    """Let people enter from a platform that registered itself; `shares_people` as for a new one."""
    by = PlatformActOrder(actor=operator.id, shares_people=shares_people)
    return await gateway.act_on_platform(platform_id, PlatformAct.APPROVE, by)


@router.post("/{platform_id}/enable")
async def enable_platform(
    platform_id: UUID, operator: Operator, gateway: Gateway
) -> PlatformStatus:
    """Let people enter again."""
    by = PlatformActOrder(actor=operator.id)
    return await gateway.act_on_platform(platform_id, PlatformAct.ENABLE, by)


@router.get("/{platform_id}/disabling")
async def foresee_disabling(
    platform_id: UUID, operator: Operator, gateway: Gateway, db: Db
) -> DisablingOutlook:
    """Whom and what it would hit to disable this platform now."""
    platform = await gateway.platform(platform_id)
    return await closing.outlook(db, gateway, platform)


@router.post("/{platform_id}/disable")
async def disable_platform(
    platform_id: UUID, operator: Operator, gateway: Gateway
) -> PlatformStatus:
    """Refuse everybody from this platform; end the visits and what only its people run."""
    by = PlatformActOrder(actor=operator.id)
    return await gateway.act_on_platform(platform_id, PlatformAct.DISABLE, by)


@router.put("/{platform_id}/deployments", responses=edit_responses())
async def put_deployment(
    platform_id: UUID,
    body: DeploymentDraft,
    operator: Operator,
    if_match: RequiredIfMatch,
    gateway: Gateway,
    sessions: SessionsOf,
    response: Response,
) -> PlatformStatus:
    """Add, enable or disable one deployment; `If-Match` names the version of the platform."""
    order = DeploymentOrder(
        deployment_id=body.deployment_id, enabled=body.enabled, actor=operator.id
    )
    async with journal.naming_editors(sessions):
        changed = await gateway.put_deployment(platform_id, order, if_match)
    return tagged(response, changed)


@router.get("/{platform_id}/events")
async def list_platform_events(
    platform_id: UUID,
    operator: Operator,
    gateway: Gateway,
    paging: Paged,
    db: Db,
    sort: JournalSort = JournalSort.NEWEST,
) -> Page[JournalEntry]:
    """Who did what to a platform; `search` looks at what was done."""
    page = await gateway.platform_events(platform_id, paging.remote(), sort)
    return await journal.named(db, paging.of_remote(page))


@router.get("/{platform_id}/keys")
async def get_platform_keys(platform_id: UUID, operator: Operator, gateway: Gateway) -> SeenKeys:
    """The keys of a platform as last fetched."""
    return await gateway.platform_keys(platform_id)


@router.post("/{platform_id}/keys")
async def fetch_platform_keys(platform_id: UUID, operator: Operator, gateway: Gateway) -> SeenKeys:
    """Fetch the keys of a platform now: whether it can be reached, and what it answers."""
    return await gateway.fetch_platform_keys(platform_id)
