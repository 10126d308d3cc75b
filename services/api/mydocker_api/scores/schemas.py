"""What an editor says of a person's work."""

from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.values import Text


class ScoreDraft(BaseModel):
    """A score of 100, or only that the work is done. The same id again changes nothing."""

    model_config = ConfigDict(extra="forbid")

    id: UUID
    """Made by the caller, so that a repeated request is one score."""
    given: Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)] | None = None
    """None: completed, without a grade; a grade that is there stays."""
    comment: Annotated[str, Text(max_length=2000, lines=True)] | None = None
    resource_link_id: UUID | None = None
    """Which activity's column: one the person entered by. Needed where there are several."""
