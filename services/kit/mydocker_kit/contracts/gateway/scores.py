"""A score on its way to a platform's gradebook, and how far it came."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field, model_validator

from ..base import Contract
from ..values import Instant, Opaque, Text
from .rosters import ContextKey

ShortText = Annotated[str, Opaque(max_length=255)]
Named = Annotated[str, Opaque(min_length=1, max_length=255)]


class ActivityProgress(StrEnum):
    """How far the person is."""

    INITIALIZED = "Initialized"
    STARTED = "Started"
    IN_PROGRESS = "InProgress"
    SUBMITTED = "Submitted"
    COMPLETED = "Completed"


class GradingProgress(StrEnum):
    """How far the grading is; only the first one makes a grade."""

    FULLY_GRADED = "FullyGraded"
    PENDING = "Pending"
    PENDING_MANUAL = "PendingManual"
    FAILED = "Failed"
    NOT_READY = "NotReady"


class Score(Contract):
    """What to tell the platform about one person and one link."""

    context: ContextKey
    resource_link_id: Named
    resource_id: ShortText
    """Our id of what was graded; with `tag` and the link it finds the gradebook column again."""
    tag: ShortText = "mydocker"
    label: Named
    """Names the column, should one have to be made."""
    subject: Named
    given: Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)] | None = None
    maximum: Annotated[int, Field(ge=1, le=100)] = 100
    """Moodle takes whole numbers from 1 to 100; scores are rescaled there."""
    activity: ActivityProgress = ActivityProgress.COMPLETED
    grading: GradingProgress = GradingProgress.FULLY_GRADED
    comment: Annotated[str, Text(max_length=4000, lines=True)] | None = None
    at: Instant

    @model_validator(mode="after")
    def _a_grade_has_a_score(self) -> "Score":
        if self.grading is GradingProgress.FULLY_GRADED and self.given is None:
            raise ValueError("a full grade without a score would erase the one that is there")
        return self


class ScoreState(StrEnum):
    """`queued` until it is settled in one of the other ways."""

    QUEUED = "queued"
    DELIVERED = "delivered"
    SUPERSEDED = "superseded"
    """The platform holds a later score."""
    WITHHELD = "withheld"
    """Progress that would have erased a grade."""
    REFUSED = "refused"
    """The platform will never take it; `reason` says why."""


class ScoreStatus(Contract):
    """How far a score came."""

    id: UUID
    state: ScoreState
    reason: str | None = None
    attempts: int
    settled_at: datetime | None = None
