"""What operators read of a person, and what they say."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict

from mydocker_kit.contracts.values import Text

from ...domain.policy import BuildApproval, PersonCan


class PeopleKind(StrEnum):
    """Which people a list shows."""

    WAITING = "waiting"
    """They asked to build images and nobody has answered."""
    BUILDERS = "builders"
    OPERATORS = "operators"
    DISABLED = "disabled"


class PersonEntry(BaseModel):
    """One person, for operators."""

    id: UUID
    name: str
    email: str | None
    issuer: str
    subject: str
    created_at: datetime
    seen_at: datetime
    operates: bool
    teaches: bool
    """Somewhere, by what the LMS last said."""
    build_approval: BuildApproval
    build_asked_at: datetime | None
    disabled_at: datetime | None
    disabled_reason: str | None
    running_environments: int
    """RequestedState to run now: they stop when the person is disabled."""
    can: list[PersonCan]


class Disabling(BaseModel):
    """Why a person may no longer enter; for the other operators to read."""

    model_config = ConfigDict(extra="forbid")

    reason: Annotated[
        str, Text(min_length=1, max_length=500, lines=True, visible=True, stripped=True)
    ]
