"""What operators read of an environment."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from pydantic import BaseModel

from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, Resources, SwarmStep


class EnvironmentFilter(StrEnum):
    """Which environments a list shows."""

    ALIVE = "alive"
    """Queued, starting, ready or stopping: what uses or waits for room."""
    WAITING = "waiting"
    """Queued or starting."""
    READY = "ready"
    FAILED = "failed"
    STOPPED = "stopped"


class CourseOfEnvironment(BaseModel):
    """The Course of an environment."""

    id: UUID
    title: str


class OwnerOfEnvironment(BaseModel):
    """The person whose environment it is."""

    id: UUID
    name: str


class EnvironmentEntry(BaseModel):
    """One environment in the list of all."""

    id: UUID
    course: CourseOfEnvironment
    owner: OwnerOfEnvironment
    username: str
    """Name in the container and at the SSH bastion."""
    phase: Phase
    step: SwarmStep | None
    """While starting."""
    since: datetime
    """When this phase began."""
    asked_at: datetime
    ready_at: datetime | None
    ends_at: datetime | None
    node: str | None
    pool: str
    resources: Resources | None
    """Reserved for this attempt; None before the first start."""
    reason: Reason | None
    restarts: int


class EnvironmentDetail(EnvironmentEntry):
    """What support needs to find out why a start failed."""

    attempt: int
    image: str
    """By digest, as it was started."""
    last_logs: str
    """Of a failed attempt: the last lines of its container, at most 8 KiB."""
