"""Bodies of the gateway's requests beside launches."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class CourseItemsQuery(BaseModel):
    """Courses that a person selected in the picker."""

    model_config = ConfigDict(extra="forbid")

    user_id: UUID
    course_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
    launch_id: UUID | None = None
    """The deep linking launch that asks for content."""
