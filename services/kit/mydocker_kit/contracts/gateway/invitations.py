"""Invitations: an operator's leave for one platform to register itself with us, once."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field

from ..base import Contract
from ..values import Text
from .platforms import ByOperator

MOST_HOURS = 24 * 30


class InvitationState(StrEnum):
    """What has become of an invitation."""

    OPEN = "open"
    USED = "used"
    EXPIRED = "expired"
    WITHDRAWN = "withdrawn"


class InvitationSort(StrEnum):
    """Order of the invitations."""

    NEWEST = "-created_at"
    OLDEST = "created_at"


class InvitationDraft(Contract):
    """What an operator says of a new invitation."""

    label: Annotated[str, Text(min_length=1, max_length=120, visible=True)]
    """Whom it is for; people who register read it."""
    hours: Annotated[int, Field(ge=1, le=MOST_HOURS)] = 72
    """How long it may be used."""


class InvitationOrder(ByOperator):
    """An invitation as it shall be."""

    draft: InvitationDraft


class InvitationStatus(Contract):
    """An invitation as it stands; its secret is known to nobody any more."""

    id: UUID
    label: str
    state: InvitationState
    made_by: str
    """The id of an operator, or `command`."""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    withdrawn_at: datetime | None
    platform_id: UUID | None
    """Who registered with it."""
    platform_name: str | None


class NewInvitation(Contract):
    """A new invitation with its address, which is returned only here."""

    invitation: InvitationStatus
    url: str
