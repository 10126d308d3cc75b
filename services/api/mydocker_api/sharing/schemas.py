"""Rights of people to a Course or an Image, as the dialog shows and sends them."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.values import Opaque, Text

from ..domain.policy import ShareRight

Address = Annotated[str, Text(min_length=3, max_length=254, stripped=True)]


class NewShare(BaseModel):
    """Give a right to whoever has this address on a platform that I come from."""

    model_config = ConfigDict(extra="forbid")

    email: Address
    right: ShareRight
    platform: Annotated[str, Opaque(max_length=255)] | None = None
    """Issuer of the platform; None: the one I came from last."""


class ChangedRight(BaseModel):
    """Another right for the same person."""

    model_config = ConfigDict(extra="forbid")

    right: ShareRight


class RightOrigin(StrEnum):
    """Where a right comes from."""

    OWNER = "owner"
    SHARE = "share"
    ROLE = "role"
    """Teaches in a course space where the Course is placed."""


class RightHolder(BaseModel):
    """A person with a right, and where it comes from."""

    name: str | None
    """None: invited, has not come yet."""
    email: str | None
    """Only for the owner, and only of shares."""
    right: ShareRight
    origin: RightOrigin
    share_id: UUID | None = None
    user_id: UUID | None = None
    context_title: str | None = None
    """The course space of a role."""
    since: datetime | None = None
    is_me: bool = False


class SharePlatform(BaseModel):
    """A platform whose people I may name."""

    issuer: str
    title: str


class Sharing(BaseModel):
    """Everybody with a right, and what I may give."""

    people: list[RightHolder]
    may_share: bool
    rights: list[ShareRight]
    """That can be given here."""
    platforms: list[SharePlatform]
    """The first is the one that counts when none is named; empty: I can invite nobody."""
