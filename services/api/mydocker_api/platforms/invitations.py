"""Invitations for platforms that register themselves: operators make, list and withdraw them."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.invitations import (
    InvitationDraft,
    InvitationOrder,
    InvitationStatus,
    NewInvitation,
)
from mydocker_kit.contracts.platforms import ByOperator
from mydocker_kit.problems import responses

from ..deps import Gateway, Operator, Paged

router = APIRouter(
    prefix="/api/platforms/invitations",
    tags=["platforms"],
    responses=responses(401, 403, 404, 409, 422, 503),
)


@router.get("")
async def list_invitations(
    operator: Operator, gateway: Gateway, paging: Paged
) -> Page[InvitationStatus]:
    """Invitations, newest first."""
    return await gateway.invitations(page=paging.page, page_size=paging.page_size)


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
