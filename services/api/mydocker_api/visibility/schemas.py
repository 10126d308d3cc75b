"""Whether an Image is for all teachers, and who uses it."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.values import Text

from ..domain.policy.visibility import Visibility, VisibilityDecision

Words = Annotated[str, Text(max_length=500, lines=True)]


class VisibilityAsk(BaseModel):
    """Why an Image would help other teachers."""

    model_config = ConfigDict(extra="forbid")

    comment: Words = ""


class VisibilityAnswer(BaseModel):
    """An operator's decision; a refusal gives a reason."""

    model_config = ConfigDict(extra="forbid")

    decision: VisibilityDecision
    reason: Words = ""


class VisibilityCan(StrEnum):
    """What the person may do about it now."""

    ASK = "ask"
    WITHDRAW = "withdraw"
    """The request, or what was approved: the Image is private again."""


class ImageVisibility(BaseModel):
    """Whether an Image is for all teachers."""

    image_id: UUID
    state: Visibility
    comment: str
    asked_at: datetime | None
    reason: str
    """Of a refusal."""
    decided_at: datetime | None
    can: list[VisibilityCan]


class VisibilityRequest(BaseModel):
    """A request as operators see it."""

    image_id: UUID
    title: str
    description: str
    owner_name: str
    state: Visibility
    comment: str
    asked_at: datetime | None
    reason: str
    decided_at: datetime | None
    decided_by: str | None
    courses: int
    """Courses that run a Build of it."""
    can: list[VisibilityDecision]


class ImageUse(BaseModel):
    """A Course that runs a Build of an Image."""

    course_id: UUID
    title: str
    owner_name: str
    build_number: int


class ImageUses(BaseModel):
    """Who uses an Image: the newest changes first, and how many there are."""

    items: list[ImageUse]
    total: int
