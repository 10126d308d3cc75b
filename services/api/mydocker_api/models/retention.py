"""How long work folders are kept: what was decided about a Course, and each erased folder."""

from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from ..domain.statuses import CourseStatus
from .base import Base, closed
from .course import Course


class CourseRetention(Base):
    """What was decided and announced about the work folders of a Course."""

    __tablename__ = "course_retentions"

    course_id: Mapped[UUID] = mapped_column(
        ForeignKey(Course.id, ondelete="CASCADE"), primary_key=True
    )
    noticed_at: Mapped[datetime | None]
    """Since when people read that the folders will be erased."""
    keep_until: Mapped[datetime | None]
    """Until when a teacher or an operator postponed it."""
    deleted_at: Mapped[datetime | None]
    """When the owner deleted the Course; it can be undone for a while."""
    deleted_by: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id", ondelete="SET NULL"))
    status_before: Mapped[CourseStatus | None] = mapped_column(closed(CourseStatus))
    """Of the Course, when it was deleted."""


class ErasureCause(StrEnum):
    """Why a folder is erased."""

    RETENTION = "retention"
    COURSE_DELETED = "course_deleted"
    PERSON = "person"
    """Its owner asked for the erasure of their data."""
    ORPHAN = "orphan"
    """It belonged to nobody, and an operator decided it."""


class FolderErasure(Base):
    """A folder that is to be erased, or was: the record that outlives it.

    No foreign keys: neither the Course nor the person need exist any more.
    """

    __tablename__ = "folder_erasures"
    __table_args__ = (
        Index(None, "volume"),
        Index(
            "uq_folder_erasures_pending",
            "volume",
            text("coalesce(node_id, '')"),
            unique=True,
            postgresql_where=text("erased_at IS NULL"),
        ),
        Index(None, "asked_at", "id"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    volume: Mapped[str]
    node_id: Mapped[str | None]
    """The copy on this machine; None: where the volume is recorded."""
    cause: Mapped[ErasureCause] = mapped_column(closed(ErasureCause))
    course_id: Mapped[UUID | None] = mapped_column(index=True)
    course_title: Mapped[str] = mapped_column(server_default="")
    user_id: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
    """None: the retention."""
    tries: Mapped[int] = mapped_column(server_default="0")
    tried_at: Mapped[datetime | None]
    retry_at: Mapped[datetime | None]
    """No try before it; None: at once."""
    problem: Mapped[str | None]
    """The code of the last refusal."""
    erased_at: Mapped[datetime | None]
