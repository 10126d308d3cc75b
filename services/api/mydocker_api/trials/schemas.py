"""The caller's trial of a Build."""

from uuid import UUID

from pydantic import BaseModel


class BuildTrial(BaseModel):
    """Where my trial of a Build is."""

    course_id: UUID | None
    """Name of its window and its environment; None: nobody began one, or it was forgotten."""
    minutes: int
    """How long a trial runs once it is ready."""
