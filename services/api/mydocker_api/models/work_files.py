"""Submitted work, addresses of downloads, retention and erasure of work folders."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.orchestrator.work_files import FilePath, SnapshotState

from ..domain.statuses import CourseStatus
from .base import Base, Json, closed
from .course import Course


class Submission(Base):
    """A copy of a student's work folder at a moment; the copy is a snapshot of the same id."""

    __tablename__ = "submissions"
    __table_args__ = (
        Index(None, "course_id", "user_id", "submitted_at"),
        Index("ix_submissions_pending", "id", postgresql_where=text("state = 'pending'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    session_id: Mapped[UUID | None]
    """The session that ran then; no foreign key: a deleted session deletes no work."""
    volume: Mapped[str]
    submitted_at: Mapped[datetime]
    state: Mapped[SnapshotState] = mapped_column(closed(SnapshotState))
    files: Mapped[int] = mapped_column(default=0)
    bytes: Mapped[int] = mapped_column(BigInteger, default=0)
    changing: Mapped[int] = mapped_column(default=0)
    """Files that a program wrote while they were copied."""
    problem: Mapped[str | None]
    """The code of the refusal, when it failed."""


class DownloadPart(Contract):
    """Files of one folder or snapshot, in a download."""

    volume: str
    snapshot: UUID | None = None
    paths: tuple[FilePath, ...] = ()
    prefix: Annotated[str, Field(max_length=500)] = ""


class DownloadTicket(Base):
    """An address that downloads files for a minute, without a token or a cookie."""

    __tablename__ = "download_tickets"

    digest: Mapped[str] = mapped_column(primary_key=True)
    """SHA-256 of the secret in the address, in hexadecimal digits."""
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    web_session_id: Mapped[UUID]
    """It is refused once this web session has ended."""
    name: Mapped[str]
    """Of the downloaded file."""
    format: Mapped[str]
    parts: Mapped[tuple[DownloadPart, ...]] = mapped_column(Json(tuple[DownloadPart, ...]))
    expires_at: Mapped[datetime] = mapped_column(index=True)


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
