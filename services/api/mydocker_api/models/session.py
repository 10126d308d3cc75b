"""A planned slot of a Course."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.courses.opening import Slot
from .base import Base


class CourseSession(Base):
    __tablename__ = "course_sessions"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", "ends_after_start"),
        Index(None, "course_id", "starts_at"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    title: Mapped[str]
    students: Mapped[int]
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    block_before_start: Mapped[bool]
    automatic_stop: Mapped[bool]

    @property
    def slot(self) -> Slot:
        """The session as rules see it."""
        return Slot(
            self.id, self.starts_at, self.ends_at, self.block_before_start, self.automatic_stop
        )
