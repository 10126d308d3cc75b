"""Invitations, as the gateway answers."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

from fastapi import FastAPI, Response
from tests.support.fakes.service import problem

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.gateway.invitations import (
    InvitationOrder,
    InvitationState,
    InvitationStatus,
    NewInvitation,
)
from mydocker_kit.contracts.gateway.platforms import ByOperator

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)


def add_invitations(app: FastAPI) -> list[InvitationStatus]:
    """Routes of the gateway; returns what they keep."""
    rows: list[InvitationStatus] = []

    @app.get("/internal/invitations")
    async def page(page: int = 1, page_size: int = 50) -> Page[InvitationStatus]:
        return Page(items=rows, total=len(rows), page=page, page_size=page_size)

    @app.post("/internal/invitations")
    async def invite(body: InvitationOrder) -> NewInvitation:
        row = InvitationStatus(
            id=uuid4(),
            label=body.draft.label,
            state=InvitationState.OPEN,
            made_by=str(body.actor),
            created_at=NOW,
            expires_at=NOW,
            used_at=None,
            withdrawn_at=None,
            platform_id=None,
            platform_name=None,
        )
        rows.append(row)
        return NewInvitation(invitation=row, url="https://tool.example/lti/register?invitation=s")

    @app.post("/internal/invitations/{id}/withdraw", response_model=None)
    async def withdraw(id: UUID, body: ByOperator) -> InvitationStatus | Response:
        row = next((row for row in rows if row.id == id), None)
        if row is None:
            return problem(404, "invitation_unknown")
        return row.model_copy(update={"state": InvitationState.WITHDRAWN})

    return rows
