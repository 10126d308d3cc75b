"""What a teacher sends about an LMS activity."""

from uuid import UUID

from pydantic import BaseModel, ConfigDict


class Binding(BaseModel):
    """Bind an LMS activity that names no Course yet."""

    model_config = ConfigDict(extra="forbid")

    course_id: UUID
