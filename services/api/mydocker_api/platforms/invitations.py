"""Invitations for platforms that register themselves: operators make, list and withdraw them."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.invitations import (
    InvitationDraft,
    InvitationOrder,
    InvitationSort,
    InvitationStatus,
    NewInvitation,
)
from mydocker_kit.contracts.gateway.platforms import ByOperator

from ..deps import Gateway, Operator, Paged
from ..idempotency.route import CreationRoute

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/platforms/invitations",
    tags=["platforms"],
)


@router.get("")
async def list_invitations(
    operator: Operator,
    gateway: Gateway,
    paging: Paged,
    sort: InvitationSort = InvitationSort.NEWEST,
) -> Page[InvitationStatus]:
    """Invitations; `search` looks at whom they are for."""
    return paging.of_remote(await gateway.invitations(paging.remote(), sort))


@router.post("", status_code=201)
async def create_invitation(
    body: InvitationDraft, operator: Operator, gateway: Gateway
) -> NewInvitation:
    """A new invitation; this answer alone contains its address."""
    return await gateway.invite(InvitationOrder(draft=body, actor=operator.id))


@router.post("/{invitation_id}/withdraw")
async def withdraw_invitation(
    invitation_id: UUID, operator: Operator, gateway: Gateway
) -> InvitationStatus:
    """Withdraw an invitation: nobody can use it any more."""
    return await gateway.withdraw_invitation(invitation_id, ByOperator(actor=operator.id))
