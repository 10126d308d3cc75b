"""What a teacher prepares, plans and publishes, and who joined it."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.orchestrator.environments import Port, Profile
from mydocker_kit.contracts.values import Instant, Text

from ..domain.environments.resources import RequestedResources
from ..domain.statuses import CourseStatus
from .base import Base, Json, closed

WarnMinute = Annotated[int, Field(ge=1, le=1440)]
PortNumber = Annotated[int, Field(ge=1, le=65535)]


class Lease(Contract):
    """How long an Environment runs unless its owner extends it, and how they are warned."""

    minutes: Annotated[int, Field(ge=1, le=525_600)] | None = None
    """From when it is ready; None: no lease."""
    hard_limit_minutes: Annotated[int, Field(ge=1, le=525_600)] | None = None
    """No renewal goes beyond it; None: no limit."""
    warn_minutes: Annotated[tuple[WarnMinute, ...], Field(max_length=5)] | None = None
    """Before any end; None: as the platform does."""
    idle_minutes: Annotated[int, Field(ge=5, le=525_600)] | None = None
    """How long an Environment may go unused; it stops after a warning. None: as the pool says."""
    notify: bool = True
    """Ask to show the browser's notification."""
    sound: bool = True


class WindowLink(Contract):
    """A link in the student's window; `url` may hold placeholders (`domain.courses.links`)."""

    title: Annotated[str, Text(min_length=1, max_length=80)]
    url: Annotated[str, Text(min_length=1, max_length=1000)]


class WindowOptions(Contract):
    """What the student's window shows besides name and password."""

    hidden_ports: Annotated[tuple[PortNumber, ...], Field(max_length=16)] = ()
    """Ports without a card; they stay reachable, by a link for example."""
    links: Annotated[tuple[WindowLink, ...], Field(max_length=20)] = ()


class SubmissionRules(Contract):
    """Whether and until when students may submit their work folder."""

    allowed: bool = False
    until: Instant | None = None
    """None: as long as students may enter the Course."""
    in_sessions: bool = False
    """Only while a session runs."""


class Course(Base):
    __tablename__ = "courses"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id"), index=True)
    title: Mapped[str]
    description: Mapped[str]
    status: Mapped[CourseStatus] = mapped_column(closed(CourseStatus))
    image_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.images.id"), index=True)
    build_id: Mapped[UUID | None]
    build_number: Mapped[int | None]
    image_reference: Mapped[str | None]
    """By digest, kept when saved: a start asks nobody what to run."""
    external_image: Mapped[str | None]
    """Instead of a Build: an image that others publish, as its editor named it."""
    ports: Mapped[tuple[Port, ...]] = mapped_column(Json(tuple[Port, ...]))
    command: Mapped[str]
    profile: Mapped[Profile] = mapped_column(closed(Profile))
    cpu: Mapped[float | None]
    memory_mib: Mapped[int | None]
    pool: Mapped[str | None]
    """None: the default one."""
    gpu: Mapped[int | None]
    save_work: Mapped[bool]
    work_path: Mapped[str]
    submissions: Mapped[SubmissionRules] = mapped_column(Json(SubmissionRules), server_default="{}")
    folder_mib: Mapped[int | None]
    """The size of each work folder; None: the pool's default."""
    show_username: Mapped[bool]
    show_password: Mapped[bool]
    window_options: Mapped[WindowOptions] = mapped_column(Json(WindowOptions), server_default="{}")
    lease: Mapped[Lease] = mapped_column(Json(Lease), server_default="{}")
    max_environments: Mapped[int | None]
    """How many students' Environments may run at once."""
    is_trial: Mapped[bool] = mapped_column(default=False, server_default="false")
    """The platform made it so that its owner tries one Build; no list of Courses has it."""
    created_at: Mapped[datetime]
    archived_at: Mapped[datetime | None]
    """When it got this status, while it has it."""
    updated_at: Mapped[datetime]
    updated_by: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id", ondelete="SET NULL"))
    """Who edited it last: several people may."""

    @property
    def requested_resources(self) -> RequestedResources:
        lease = self.lease
        return RequestedResources(
            self.cpu,
            self.memory_mib,
            self.gpu,
            lease.minutes,
            lease.hard_limit_minutes,
            self.folder_mib,
            lease.idle_minutes,
        )

    @property
    def has_build(self) -> bool:
        return self.image_reference is not None


class Membership(Base):
    """A User who joined a Course: a launch of the LMS brought them to it."""

    __tablename__ = "memberships"

    course_id: Mapped[UUID] = mapped_column(
        ForeignKey(Course.id, ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    joined_at: Mapped[datetime]
