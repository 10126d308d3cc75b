"""Operators and the invitations they make."""

from datetime import UTC, datetime
from uuid import UUID, uuid4

import pytest

from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.invitations import (
    InvitationOrder,
    InvitationState,
    InvitationStatus,
    NewInvitation,
)
from mydocker_kit.contracts.platforms import ByOperator

from .campus import Campus

NOW = datetime(2026, 11, 23, 9, tzinfo=UTC)
PATH = "/api/platforms/invitations"


@pytest.fixture
def made(campus: Campus) -> list[InvitationStatus]:
    """What the gateway keeps."""
    rows: list[InvitationStatus] = []
    app = campus.gateway.app

    @app.get("/internal/invitations")
    async def page(page: int, page_size: int) -> Page[InvitationStatus]:
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

    @app.post("/internal/invitations/{id}/withdraw")
    async def withdraw(id: UUID, body: ByOperator) -> InvitationStatus:
        return rows[0].model_copy(update={"state": InvitationState.WITHDRAWN})

    return rows


async def test_only_operators_invite(campus: Campus, made: list[InvitationStatus]) -> None:
    teacher = await campus.teacher()
    for method, path, body in (
        ("GET", PATH, None),
        ("POST", PATH, {"label": "Moodle"}),
        ("POST", f"{PATH}/{uuid4()}/withdraw", None),
    ):
        assert await teacher.refused(method, path, body) == (403, "operators_only")
    assert made == []


async def test_an_operator_invites_lists_and_withdraws(
    campus: Campus, made: list[InvitationStatus]
) -> None:
    operator = await campus.operator()
    fresh = await operator.post(PATH, {"label": "Our Moodle", "hours": 24})
    assert fresh["url"].startswith("https://tool.example/lti/register")
    assert fresh["invitation"]["made_by"] == str(operator.id)
    listed = await operator.get(PATH)
    assert [invitation["label"] for invitation in listed["items"]] == ["Our Moodle"]
    assert "url" not in listed["items"][0]
    path = f"{PATH}/{fresh['invitation']['id']}/withdraw"
    assert (await operator.post(path))["state"] == "withdrawn"


async def test_bad_input_is_said(campus: Campus, made: list[InvitationStatus]) -> None:
    operator = await campus.operator()
    for body in ({"label": " "}, {"label": "x", "hours": 0}, {"label": "x", "hours": 10_000}):
        assert (await operator.refused("POST", PATH, body))[0] == 422
    assert made == []
