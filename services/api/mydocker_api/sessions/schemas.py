"""Planned slots of a Course, as the browser sees and sends them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from ..domain.statuses import SessionState


class SessionDraft(BaseModel):
    """What a teacher says of a session."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Field(max_length=120)] = ""
    students: Annotated[int, Field(ge=1, le=5000)]
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    block_before_start: bool = True
    automatic_stop: bool = True

    @model_validator(mode="after")
    def _ends_after_start(self) -> Self:
        if self.ends_at <= self.starts_at:
            raise PydanticCustomError("ends_before_start", "The end must come after the start")
        if (self.ends_at - self.starts_at).days >= 31:
            raise PydanticCustomError("session_too_long", "A session lasts at most 31 days")
        return self


class CourseSession(SessionDraft):
    """A planned slot of a Course."""

    id: UUID
    course_id: UUID
    course_title: str = ""
    state: SessionState
