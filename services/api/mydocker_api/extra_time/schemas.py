"""Extra time as teachers see and grant it."""

from datetime import datetime
from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ..domain.courses.extra_time import MOST_MINUTES


class ExtraTimeDraft(BaseModel):
    """Who gets how much: minutes, or a share of the session."""

    model_config = ConfigDict(extra="forbid")

    user_id: UUID | None = None
    """None: everybody."""
    session_id: UUID | None = None
    """None: every session of the Course, also those that are planned later."""
    minutes: Annotated[int, Field(ge=1, le=MOST_MINUTES)] | None = None
    percent: Annotated[Annotated[int, Field(ge=1, le=200)] | None, Field(examples=[None])] = None

    @model_validator(mode="after")
    def _one_measure(self) -> Self:
        if (self.minutes is None) == (self.percent is None):
            raise PydanticCustomError("minutes_or_percent", "Either minutes or percent")
        return self


class ExtraTime(ExtraTimeDraft):
    """Extra time that was granted."""

    id: UUID
    user_name: str | None
    granted_by: str
    granted_at: datetime


class ExtraTimeOfCourse(BaseModel):
    """What was granted in a Course, of everybody and of people whom the caller teaches."""

    items: list[ExtraTime]
    """The newest first, at most 2000."""
    may_grant_everybody: bool
