"""Submitted work, and addresses from which files are downloaded."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import Field
from sqlalchemy import BigInteger, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.base import Contract
from mydocker_kit.contracts.orchestrator.work_files import FilePath, SnapshotState

from .base import Base, Json, closed


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
