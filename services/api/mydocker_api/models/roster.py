"""Members of a Context by the platform's list (NRPS), and scores sent to it (AGS)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.scores import ScoreState

from ..domain.people.rosters import RosterState
from .base import Base, closed
from .context import Context


class Roster(Base):
    """State of the last read of a Context's members."""

    __tablename__ = "rosters"

    context_id: Mapped[UUID] = mapped_column(
        ForeignKey(Context.id, ondelete="CASCADE"), primary_key=True
    )
    tried_at: Mapped[datetime | None]
    """Set by the reader before it reads: it claims the list."""
    fetched_at: Mapped[datetime | None]
    """When the platform sent the entries."""
    state: Mapped[RosterState] = mapped_column(closed(RosterState))


class RosterEntry(Base):
    """An active member; no User as long as nobody came with this subject."""

    __tablename__ = "roster_entries"

    context_id: Mapped[UUID] = mapped_column(
        ForeignKey(Context.id, ondelete="CASCADE"), primary_key=True
    )
    subject: Mapped[str] = mapped_column(primary_key=True)
    role: Mapped[ContextRole] = mapped_column(closed(ContextRole))
    name: Mapped[str | None]
    email: Mapped[str | None]


class SentScore(Base):
    """A score an editor sent for one person of a Course; the gateway brings it to the platform."""

    __tablename__ = "sent_scores"
    __table_args__ = (
        Index(None, "course_id", "user_id", "sent_at"),
        Index("ix_sent_scores_queued", "looked_at", postgresql_where=text("state = 'queued'")),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    course_id: Mapped[UUID] = mapped_column(ForeignKey("api.courses.id", ondelete="CASCADE"))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    resource_link_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.resource_links.id", ondelete="CASCADE")
    )
    subject: Mapped[str]
    """The person's id on the platform."""
    given: Mapped[float | None]
    """None: the work is completed, nothing is graded."""
    comment: Mapped[str | None]
    sent_by: Mapped[UUID]
    sent_at: Mapped[datetime]
    heard: Mapped[bool]
    """The gateway has confirmed it."""
    state: Mapped[ScoreState] = mapped_column(closed(ScoreState))
    reason: Mapped[str | None]
    looked_at: Mapped[datetime]
