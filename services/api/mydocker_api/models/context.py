"""Course spaces of the LMS, roles in them, their activities, and answered launches."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.gateway.launches import Arrival, ContextRole

from ..domain.courses.placements import PlacementOrigin
from .base import Base, Json, closed


class Context(Base):
    __tablename__ = "contexts"
    __table_args__ = (UniqueConstraint("registration_id", "deployment_id", "context_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID]
    deployment_id: Mapped[str]
    context_id: Mapped[str]
    title: Mapped[str | None]
    label: Mapped[str | None]
    created_at: Mapped[datetime]


class Enrolment(Base):
    """A User's role in a Context, by the last launch; no row means no role."""

    __tablename__ = "enrolments"

    context_id: Mapped[UUID] = mapped_column(
        ForeignKey(Context.id, ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    role: Mapped[ContextRole] = mapped_column(closed(ContextRole))
    refreshed_at: Mapped[datetime]
    subject: Mapped[str | None]
    """The person's id on this platform."""
    issuer: Mapped[str | None]
    """The identity that gave the role: it goes when that is unlinked."""
    listed_at: Mapped[datetime | None]
    """When the platform's list last named them."""


class ResourceLink(Base):
    """An LMS activity. With a Course it is a placement, and says what created that."""

    __tablename__ = "resource_links"
    __table_args__ = (UniqueConstraint("context_id", "link_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    context_id: Mapped[UUID] = mapped_column(ForeignKey(Context.id, ondelete="CASCADE"))
    link_id: Mapped[str]
    """The platform's own id of the activity."""
    title: Mapped[str | None]
    course_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("api.courses.id", ondelete="SET NULL"), index=True
    )
    placement_origin: Mapped[PlacementOrigin | None] = mapped_column(closed(PlacementOrigin))
    placed_at: Mapped[datetime | None]
    placed_by: Mapped[UUID | None]
    """Who bound it by hand; empty for deep links."""

    def assign_course(
        self, course_id: UUID, origin: PlacementOrigin, now: datetime, by: UUID | None = None
    ) -> None:
        """Make the activity open this Course; the same placement again changes nothing."""
        if (self.course_id, self.placement_origin) == (course_id, origin):
            return
        self.course_id, self.placement_origin = course_id, origin
        self.placed_at, self.placed_by = now, by

    created_at: Mapped[datetime]


class ActivityEntry(Base):
    """A person entered a Course by an LMS activity: its scores go to that activity's column."""

    __tablename__ = "activity_entries"

    resource_link_id: Mapped[UUID] = mapped_column(
        ForeignKey(ResourceLink.id, ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.courses.id", ondelete="CASCADE"), index=True
    )
    """What the activity opened for them last; bound anew, it no longer counts for the old one."""
    entered_at: Mapped[datetime]
    """The last time."""


class LaunchRecord(Base):
    """The answer to a launch, so that a repeated launch gets the same answer."""

    __tablename__ = "launches"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    arrival: Mapped[Arrival] = mapped_column(Json(Arrival))
    received_at: Mapped[datetime] = mapped_column(index=True)
