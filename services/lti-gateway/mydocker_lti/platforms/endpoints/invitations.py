"""Invitations for api, which authorizes operators."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.invitations import (
    InvitationOrder,
    InvitationSort,
    InvitationStatus,
    NewInvitation,
)
from mydocker_kit.contracts.gateway.platforms import ByOperator
from mydocker_kit.web.dependencies import CallingService, Db, Now, Paged

from ...web.deps import Settings
from .. import invitations

router = APIRouter(prefix="/internal/invitations", tags=["invitations"])


@router.get("")
async def list_invitations(
    db: Db,
    now: Now,
    _: CallingService,
    paging: Paged,
    sort: InvitationSort = InvitationSort.NEWEST,
) -> Page[InvitationStatus]:
    """Invitations."""
    return await invitations.page_of(db, paging, sort, now)


@router.post("", status_code=201)
async def invite(
    body: InvitationOrder, db: Db, now: Now, settings: Settings, _: CallingService
) -> NewInvitation:
    """Create an invitation; its address is only in this response."""
    origin = settings.app_origin
    return await invitations.invite(db, body.draft, origin, now, actor=str(body.actor))


@router.post("/{id}/withdraw")
async def withdraw(
    id: UUID, body: ByOperator, db: Db, now: Now, _: CallingService
) -> InvitationStatus:
    """Withdraw an invitation."""
    return await invitations.withdraw(db, id, now, actor=str(body.actor))
