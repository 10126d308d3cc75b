"""Service accounts, as operators see and change them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.values import Text

from ..domain.policy import MayDo


class ServiceAccountDraft(BaseModel):
    """A service account to create, or what an edit replaces."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Text(min_length=1, max_length=80, visible=True)]
    """Which system it is for."""
    rights: Annotated[list[MayDo], Field(max_length=len(MayDo))] = []
    """What it may do anywhere. Courses and Images that it creates are its own."""


class ServiceAccountCan(StrEnum):
    """What an operator may decide about a service account now."""

    DISABLE = "disable"
    ENABLE = "enable"
    TAKE_OVER = "take_over"
    """Answer for it in place of its owner."""


class ServiceAccount(BaseModel):
    """A service account. Nobody signs in as one; it calls the API with its tokens."""

    id: UUID
    etag: str
    name: str
    rights: list[MayDo]
    owner_id: UUID
    owner_name: str
    owner_operates: bool
    """False: its tokens are refused until an operator takes it over."""
    created_at: datetime
    disabled_at: datetime | None
    tokens: int
    """Tokens that are neither expired nor revoked."""
    last_used_at: datetime | None
    """Of any of its tokens, to the minute."""
    can: list[ServiceAccountCan]
