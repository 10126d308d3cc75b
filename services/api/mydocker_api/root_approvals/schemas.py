"""Approvals of builds that run as root, as teachers and operators see them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.builder.builds import RootFinding
from mydocker_kit.contracts.values import Text

from ..domain.policy.root_approvals import RootDecision, RootState

Words = Annotated[str, Text(max_length=500, lines=True)]


class RootAsk(BaseModel):
    """Why a build must run as root."""

    model_config = ConfigDict(extra="forbid")

    comment: Words = ""


class RootAnswer(BaseModel):
    """An operator's decision; a refusal and a revocation give a reason."""

    model_config = ConfigDict(extra="forbid")

    decision: RootDecision
    reason: Words = ""


class RootDecisions(BaseModel):
    """State of the approval of one build, and who decided what."""

    build_id: UUID
    state: RootState
    comment: str = ""
    asked_at: datetime | None = None
    asked_by: str | None = None
    reason: str = ""
    """Of the newest decision."""
    decided_at: datetime | None = None
    decided_by: str | None = None


class RootPool(BaseModel):
    """Whether a build that runs as root starts on this pool without an approval."""

    name: str
    title: str
    needs_approval: bool


class BuildRoot(RootDecisions):
    """Why a build runs as root, and where it may."""

    findings: list[RootFinding] | None
    """None: this build is older than the search for reasons."""
    pools: list[RootPool]
    may_start: bool
    """On the pool that was asked about."""
    may_ask: bool


class RootRequest(RootDecisions):
    """A request as operators see it."""

    image_title: str
    build_number: int
    digest: str
    findings: list[RootFinding]
    courses: int
    """Courses that run this build."""
    can: list[RootDecision]
