"""Requested states of Environments; the orchestrator keeps the observed ones."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.orchestrator.environments import (
    Port,
    Profile,
    ReasonCode,
    Resources,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import DEFAULT_POOL

from ..domain.statuses import RequestedState
from .base import Base, Json, closed


class Plan(Contract):
    """What one attempt runs, fixed when it was requested: later edits apply to the next start."""

    image: str
    command: str
    """As the teacher wrote it; the password is inserted only when the spec is sent."""
    ports: tuple[Port, ...]
    resources: Resources
    volumes: tuple[VolumeMount, ...]
    pool: str = DEFAULT_POOL
    ready_within: int = 120
    """Seconds from running until the required ports must have answered."""
    profile: Profile
    root_approved_for: str | None = None
    """Digest of the build that was approved to run as root when this attempt was asked for."""
    priority: Literal[0, 1] = 0
    """1 when a session was running: the start leaves the queue first."""
    lease_minutes: int | None = None
    hard_limit_minutes: int | None = None
    warn_minutes: tuple[int, ...] | None = None
    idle_minutes: int | None = None
    """How long it may go unused; None: for ever."""
    extra_minutes: int = 0
    """Extra time of its owner in the session: lease and hard limit are longer by it."""

    @property
    def whole_lease_minutes(self) -> int | None:
        return None if self.lease_minutes is None else self.lease_minutes + self.extra_minutes

    @property
    def whole_limit_minutes(self) -> int | None:
        limit = self.hard_limit_minutes
        return None if limit is None else limit + self.extra_minutes


class Environment(Base):
    """Requested state: `revision` rises with each change, `confirmed` follows it."""

    __tablename__ = "environments"
    __table_args__ = (
        UniqueConstraint("course_id", "user_id"),
        Index(None, "asked_at", "id"),
        Index("ix_environments_unheard", "id", postgresql_where=text("confirmed < revision")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    work_of_id: Mapped[UUID | None]
    """Whose id names the work volume, when the Environment came from an account that was joined."""
    username: Mapped[str] = mapped_column(unique=True)
    """Also the SSH login name at the bastion."""
    sealed_password: Mapped[str]
    """The same for all attempts until its owner asks for another one."""
    attempt: Mapped[int] = mapped_column(default=0)
    wanted: Mapped[RequestedState] = mapped_column(
        closed(RequestedState), default=RequestedState.STOPPED
    )
    stop_reason: Mapped[ReasonCode | None] = mapped_column(closed(ReasonCode))
    stop_words: Mapped[str] = mapped_column(server_default="")
    """Message of the teacher or operator who stopped it to its owner."""
    plan: Mapped[Plan | None] = mapped_column(Json(Plan))
    session_id: Mapped[UUID | None]
    """No foreign key: when a session is deleted, the end is computed again and this changes."""
    ends_at: Mapped[datetime | None]
    lease_ends_at: Mapped[datetime | None]
    """Where renewals moved the end of this attempt's lease."""
    idle_stops_at: Mapped[datetime | None]
    """When this attempt stops because nobody uses it; None: it was not warned of."""
    asked_at: Mapped[datetime]
    revision: Mapped[int] = mapped_column(default=0)
    confirmed: Mapped[int] = mapped_column(default=0)
    refusal: Mapped[str | None]
    """The orchestrator's message when it refused this attempt for good."""
    reference: Mapped[str | None]
    """Of a refusal: what the person reads to support."""


class EnvironmentUse(Base):
    """When an Environment was used last; apart from its row, which people wait for."""

    __tablename__ = "environment_uses"

    environment_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.environments.id", ondelete="CASCADE"), primary_key=True
    )
    used_at: Mapped[datetime]


class CourseRun(Base):
    """One time that somebody used a Course: their Environment was ready."""

    __tablename__ = "course_runs"
    __table_args__ = (
        Index(None, "course_id", "began_at", "environment_id"),
        Index(None, "began_at"),
    )

    environment_id: Mapped[UUID] = mapped_column(primary_key=True)
    """No foreign key: an Environment may be forgotten before its traces."""
    began_at: Mapped[datetime] = mapped_column(primary_key=True)
    ended_at: Mapped[datetime | None]
    """None: it goes on."""
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )


class AccessTicket(Base):
    """A used ticket, stored until it would have expired: tickets work once."""

    __tablename__ = "access_tickets"

    jti: Mapped[UUID] = mapped_column(primary_key=True)
    expires_at: Mapped[datetime] = mapped_column(index=True)
