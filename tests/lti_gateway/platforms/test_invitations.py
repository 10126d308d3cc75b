"""Invitations for operators: shown once, stored as a digest, expiring."""

from uuid import UUID, uuid4

import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.contracts.gateway.invitations import (
    InvitationDraft,
    InvitationOrder,
    InvitationState,
)
from mydocker_kit.contracts.gateway.platforms import ByOperator
from mydocker_kit.errors import Conflict, NotFound
from mydocker_kit.postgres.db import transaction
from mydocker_lti.models import Invitation

from ..conftest import ORIGIN, Tool
from .platforms_api import OPERATOR as BY_ACTS
from .platforms_api import api

__all__ = ["api"]
OPERATOR = ByOperator(actor=BY_ACTS.actor)
ORDER = InvitationOrder(draft=InvitationDraft(label="Lycée", hours=2), actor=OPERATOR.actor)


async def row_of(tool: Tool, id: UUID) -> Invitation:
    async with transaction(tool.app.state.sessions) as db:
        return await db.get_one(Invitation, id)


async def test_the_address_is_returned_once_and_stored_nowhere(tool: Tool, api: LtiClient) -> None:
    tool.pass_time(seconds=1)  # newer than those of other tests
    made = await api.invite(ORDER)
    assert made.url.startswith(f"{ORIGIN}/lti/register?invitation=")
    secret = made.url.rpartition("=")[2]
    row = await row_of(tool, made.invitation.id)
    assert secret not in repr(vars(row))
    assert (made.invitation.state, made.invitation.made_by) == (
        InvitationState.OPEN,
        str(OPERATOR.actor),
    )
    listed = await api.invitations({"page_size": 200})
    assert made.invitation.id in [invitation.id for invitation in listed.items]
    assert len((await api.invitations({"page_size": 1})).items) == 1
    assert secret not in listed.model_dump_json()


async def test_a_withdrawn_one_stays_withdrawn_a_used_one_stays_used(
    tool: Tool, api: LtiClient
) -> None:
    made = (await api.invite(ORDER)).invitation
    for _ in range(2):
        assert (await api.withdraw_invitation(made.id, OPERATOR)).state == "withdrawn"
    used = (await api.invite(ORDER)).invitation
    async with transaction(tool.app.state.sessions) as db:
        (await db.get_one(Invitation, used.id)).used_at = tool.now
    with pytest.raises(Conflict) as refused:
        await api.withdraw_invitation(used.id, OPERATOR)
    assert refused.value.code == "invitation_used"
    with pytest.raises(NotFound):
        await api.withdraw_invitation(uuid4(), OPERATOR)


async def test_time_makes_it_worthless(tool: Tool, api: LtiClient) -> None:
    tool.pass_time(seconds=1)
    made = (await api.invite(ORDER)).invitation
    tool.pass_time(hours=2)
    # Others of the same second may be listed before it.
    states = {
        invitation.id: invitation.state
        for invitation in (await api.invitations({"page_size": 200})).items
    }
    assert states[made.id] is InvitationState.EXPIRED


async def test_only_services_ask(tool: Tool) -> None:
    async with tool.browser() as browser:
        assert (await browser.get("/internal/invitations")).status_code == 401
        assert (await browser.post("/internal/invitations")).status_code == 401
