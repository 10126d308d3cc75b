"""A planned slot of a Course."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

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
