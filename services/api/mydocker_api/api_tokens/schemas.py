"""API tokens, as their owner and operators see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.values import Text

from ..domain.tokens.scopes import Scope


class ApiTokenDraft(BaseModel):
    """A token to make."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Text(min_length=1, max_length=80, visible=True)]
    """What it is for."""
    scopes: Annotated[list[Scope], Field(min_length=1, max_length=len(Scope))]
    expires_in_days: Annotated[int, Field(ge=1, le=3660)] = 90
    """A setting of the platform bounds it further."""


class ApiTokenShown(BaseModel):
    """A token, without its secret."""

    id: UUID
    name: str
    ending: str
    """Its last characters."""
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    """To the minute."""
    revoked_at: datetime | None


class ApiTokenMade(ApiTokenShown):
    """A new token. Its secret is in this answer and in no other."""

    token: str


class ApiTokenOfPerson(ApiTokenShown):
    """A token and whose it is, for operators."""

    owner_id: UUID
    owner_name: str
