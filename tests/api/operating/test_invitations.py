"""Operators and the invitations they make."""

from uuid import uuid4

import pytest

from mydocker_kit.contracts.gateway.invitations import (
    InvitationStatus,
)

from ..campus import Campus
from .fake_invitations import add_invitations

PATH = "/api/platforms/invitations"


@pytest.fixture
def made(campus: Campus) -> list[InvitationStatus]:
    """What the gateway keeps."""
    return add_invitations(campus.gateway.app)


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
