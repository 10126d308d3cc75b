"""Join links as editors see them, and joining by a code."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.values import Instant, Text


class JoinLinkDraft(BaseModel):
    """How long and for how many the link works."""

    model_config = ConfigDict(extra="forbid")

    expires_at: Instant | None = None
    max_people: Annotated[int, Field(ge=1, le=100_000)] | None = None
    """How many may join the Course by links; None: no limit."""


class JoinLinkShown(JoinLinkDraft):
    """The current link of a Course."""

    code: str
    """To type or read aloud, such as `K7F3-9QD2`."""
    url: str
    """Opens the Course; `/user-redirect/<path>` may follow it."""
    created_at: datetime


class JoinLinkOfCourse(BaseModel):
    """The current link, if there is one, and how many joined by links."""

    link: JoinLinkShown | None
    joined: int


class JoinByCode(BaseModel):
    """The code of a join link."""

    model_config = ConfigDict(extra="forbid")

    code: Annotated[str, Text(min_length=1, max_length=40)]


class JoinedCourse(BaseModel):
    """The Course that was joined."""

    course_id: UUID
    title: str
