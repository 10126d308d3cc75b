"""Planned slots of a Course, as the browser sees and sends them."""

from typing import Annotated, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic_core import PydanticCustomError

from mydocker_kit.contracts.values import Instant, Text

from ..domain.statuses import CapacityState, SessionState


class SessionDraft(BaseModel):
    """What a teacher says of a session."""

    model_config = ConfigDict(extra="forbid")

    title: Annotated[str, Text(max_length=120, visible=True)] = ""
    students: Annotated[int, Field(ge=1, le=5000)]
    starts_at: Instant
    ends_at: Instant
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


class OwnSession(CourseSession):
    """A planned slot as it is for one person: `ends_at` includes their extra time."""

    extra_minutes: int


class VersionedSession(CourseSession):
    """A planned slot where it is edited."""

    capacity: CapacityState
    capacity_reason: str
    """What the operator says who decided about its room."""
    extra_minutes: int
    """The most extra time that somebody has in it; 0: nobody has."""
    extra_people: int
    """How many have more than everybody."""
    etag: str
    """The version of the draft; also the `ETag` of an answer with this session alone."""


class SessionDrafts(BaseModel):
    """Sessions to plan together: all of them, or none."""

    model_config = ConfigDict(extra="forbid")

    items: Annotated[list[SessionDraft], Field(min_length=1, max_length=200)]


class CreatedSessions(BaseModel):
    """Sessions in the order in which they were sent."""

    items: list[VersionedSession]


class PlannedSessions(BaseModel):
    """What is planned for a Course; the sessions themselves are a list of their own, in pages."""

    total: int
    next: CourseSession | None
    """The running session, else the next one."""
    most_students: int
    """Of the largest session; 0 without any."""
    last_students: int | None
    """Of the session that begins last."""
