"""What a teacher reads of a class at work, and asks to be done."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.orchestrator.environments import (
    Phase,
    Port,
    Reason,
    Resources,
    SwarmStep,
)
from mydocker_kit.contracts.values import Text

from ...domain.environments.room import Attention, RoomCan
from ...domain.people.rosters import RosterState
from ...sessions.schemas import CourseSession

MOST_PEOPLE = 1000
"""Rows of one room; of a larger class the rest is counted in `total`."""
Who = Annotated[list[UUID], Field(min_length=1, max_length=MOST_PEOPLE)]
Words = Annotated[str, Text(min_length=1, max_length=500, lines=True, visible=True)]


class Usage(BaseModel):
    """What an environment uses now."""

    cpu: float | None
    """Cores; None at the first reading."""
    memory_mib: float
    measured_at: datetime


class RoomPerson(BaseModel):
    """One student of the class, and what runs for them."""

    key: str
    """Tells the rows apart; means nothing else."""
    user_id: UUID | None
    """None: listed by the LMS and never came here."""
    name: str | None
    role: ContextRole
    came: bool
    phase: Phase | None
    """None: never started."""
    step: SwarmStep | None
    """While starting."""
    step_number: int
    """1 to 8; 0 when it is not starting."""
    since: datetime | None
    """When this phase began."""
    asked_at: datetime | None
    ready_at: datetime | None
    ends_at: datetime | None
    node: str | None
    resources: Resources | None
    """Reserved for this attempt."""
    usage: Usage | None
    """While its container runs on a machine that can be asked."""
    reason: Reason | None
    restarts: int
    extra_minutes: int
    """Extra time in the session of the room."""
    attention: Attention | None
    """Why this student needs help."""
    ports: list[Port]
    """That a browser opens, while it is ready."""
    can: list[RoomCan]


class LiveRoom(BaseModel):
    """A class at work."""

    session: CourseSession | None
    """The running session, else the next one, else the last one."""
    now: datetime
    """The server's clock: durations count against it."""
    people: list[RoomPerson]
    """By name."""
    total: int
    """More than `people` when the class is larger than a room shows."""
    usual_seconds: float | None
    """Median of the last starts of this Course."""
    roster: RosterState
    roster_at: datetime | None
    elsewhere: int | None
    """Environments that run for people the caller does not teach; None unless they own it."""


class StartOthers(BaseModel):
    """Whose environments to start."""

    model_config = ConfigDict(extra="forbid")

    people: Who | None = None
    """Users; None: every student of the class who came and has none running."""


class RestartOthers(BaseModel):
    """Whose environments to replace by fresh ones."""

    model_config = ConfigDict(extra="forbid")

    people: Who


class ExtendOthers(BaseModel):
    """Whose environments run longer, and by how much."""

    model_config = ConfigDict(extra="forbid")

    people: Who | None = None
    """Users; None: everybody whose environment is ready and has an end."""
    minutes: Annotated[int, Field(ge=1, le=1440)]


class MessageToOthers(BaseModel):
    """What is said to whom; it stands in their windows for two hours."""

    model_config = ConfigDict(extra="forbid")

    people: Who | None = None
    """Users; None: everybody of the class who came."""
    text: Words


class NotDone(BaseModel):
    """One student for whom it could not be done."""

    user_id: UUID
    code: str
    """Of the problem that the student would have been answered."""


class DoneForOthers(BaseModel):
    """For how many it was done, and for whom not."""

    done: int
    refused: list[NotDone]


class LogsOfPerson(BaseModel):
    """The last lines of a student's container."""

    text: str
