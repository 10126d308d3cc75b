"""A planned slot of a Course, and extra time in it."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.courses.extra_time import ExtraTime
from ..domain.courses.opening import Slot
from ..domain.statuses import CapacityState
from .base import Base, closed


class CourseSession(Base):
    __tablename__ = "course_sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        Index(None, "course_id", "starts_at"),
        Index(None, "ends_at"),
        Index(None, "starts_at", "id"),
        Index(
            "ix_course_sessions_time",
            text("tstzrange(starts_at, ends_at)"),
            postgresql_using="gist",
        ),
        Index(
            "ix_course_sessions_requested",
            "starts_at",
            "id",
            postgresql_where=text("capacity = 'requested'"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    title: Mapped[str]
    students: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    block_before_start: Mapped[bool]
    automatic_stop: Mapped[bool]
    capacity: Mapped[CapacityState] = mapped_column(
        closed(CapacityState), server_default=CapacityState.RESERVED.value
    )
    capacity_reason: Mapped[str] = mapped_column(server_default="")
    """What the operator says who refused room."""

    @property
    def slot(self) -> Slot:
        """The session as rules see it."""
        return Slot(
            self.id, self.starts_at, self.ends_at, self.block_before_start, self.automatic_stop
        )


class ExtraTimeGrant(Base):
    """Extra time of one person or everybody, in one session or all of a Course."""

    __tablename__ = "extra_time_grants"
    __table_args__ = (
        Index(
            "uq_extra_time_grants_of",
            "course_id",
            "session_id",
            "user_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
        ),
        CheckConstraint("(minutes > 0) <> (percent > 0)", "minutes_or_percent"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("api.course_sessions.id", ondelete="CASCADE"), index=True
    )
    user_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    minutes: Mapped[int]
    percent: Mapped[int]
    granted_by: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    granted_at: Mapped[datetime]

    @property
    def value(self) -> ExtraTime:
        """The grant as rules see it."""
        return ExtraTime(self.session_id, self.user_id, self.minutes, self.percent)
