"""What the gateway asks beside launches."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class ItemsWanted(BaseModel):
    """Courses a person wants to place in the LMS."""

    model_config = ConfigDict(extra="forbid")

    user_id: UUID
    course_ids: Annotated[list[UUID], Field(min_length=1, max_length=50)]
