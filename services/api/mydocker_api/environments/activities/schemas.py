"""What a student sees outside the LMS."""

from datetime import datetime
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.orchestrator.environments import Phase

from ...sessions.schemas import OwnSession


class MyCourse(BaseModel):
    """A Course that the person may open."""

    id: UUID
    title: str
    description: str
    phase: Phase | None
    """Of the person's own environment; None: never started."""
    ends_at: datetime | None
    """When it stops, while it is alive."""
    started_at: datetime | None


class MyActivities(BaseModel):
    """Everything a person may open here."""

    now: datetime
    courses: list[MyCourse]
    """By title, at most 200."""
    sessions: list[OwnSession]
    """Running and planned for the next 60 days, earliest first, at most 200."""
