"""Join links of Courses, and who joined by one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class JoinLink(Base):
    """A code that joins a Course. Renewed and revoked codes stay, to be refused with a reason."""

    __tablename__ = "join_links"
    __table_args__ = (
        Index(
            "uq_join_links_current",
            "course_id",
            unique=True,
            postgresql_where=text("revoked_at IS NULL"),
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.courses.id", ondelete="CASCADE"), index=True
    )
    code: Mapped[str] = mapped_column(unique=True)
    """Eight readable characters (about 40 bits), without the hyphen."""
    created_by: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id", ondelete="SET NULL"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    max_people: Mapped[int | None]
    """How many may join by links of the Course; None: no limit."""
    revoked_at: Mapped[datetime | None]


class CourseJoin(Base):
    """Somebody joined a Course by a link: its editors supervise them, as no course space does."""

    __tablename__ = "course_joins"

    course_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.courses.id", ondelete="CASCADE"), primary_key=True
    )
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    joined_at: Mapped[datetime]
