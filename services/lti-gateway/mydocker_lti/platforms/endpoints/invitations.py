"""Invitations for api, which authorizes operators."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.invitations import InvitationOrder, InvitationStatus, NewInvitation
from mydocker_kit.contracts.platforms import ByOperator
from mydocker_kit.dependencies import CallingService, Db, Now
from mydocker_kit.problems import responses

from ...web.deps import Settings
from .. import invitations

router = APIRouter(prefix="/internal/invitations", tags=["invitations"])


@router.get("", responses=responses(401))
async def list_invitations(
    db: Db,
    now: Now,
    _: CallingService,
    page: Annotated[int, Query(ge=1, le=100_000)] = 1,
    page_size: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Page[InvitationStatus]:
    """Invitations, newest first."""
    return await invitations.page_of(db, page, page_size, now)


@router.post("", status_code=201, responses=responses(401, 422))
async def invite(
    body: InvitationOrder, db: Db, now: Now, settings: Settings, _: CallingService
) -> NewInvitation:
    """Create an invitation; its address is only in this response."""
    origin = settings.app_origin
    return await invitations.invite(db, body.draft, origin, now, actor=str(body.actor))


@router.post("/{id}/withdraw", responses=responses(401, 404, 409))
async def withdraw(
    id: UUID, body: ByOperator, db: Db, now: Now, _: CallingService
) -> InvitationStatus:
    """Withdraw an invitation."""
    return await invitations.withdraw(db, id, now, actor=str(body.actor))
