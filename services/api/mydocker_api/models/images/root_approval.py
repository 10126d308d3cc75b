"""Approvals of builds that run as root, one row for each digest that somebody asked for."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.builder.builds import RootFinding

from ...domain.policy.root_approvals import RootState
from ..base import Base, Json, closed
from .image import Build


class RootApproval(Base):
    __tablename__ = "root_approvals"
    __table_args__ = (Index("ix_root_approvals_state_asked_at", "state", "asked_at"),)

    build_id: Mapped[UUID] = mapped_column(
        ForeignKey(Build.id, ondelete="CASCADE"), primary_key=True
    )
    digest: Mapped[str] = mapped_column(index=True)
    """`sha256:…` of the published image: what the approval is for."""
    state: Mapped[RootState] = mapped_column(closed(RootState))
    findings: Mapped[tuple[RootFinding, ...]] = mapped_column(Json(tuple[RootFinding, ...]))
    """Why the image runs as root, as its build found."""
    asked_by_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id"))
    asked_at: Mapped[datetime]
    comment: Mapped[str]
    """Why the teacher needs it."""
    decided_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id"))
    decided_at: Mapped[datetime | None]
    reason: Mapped[str]
    """The operator's comment on an approval or a refusal."""
    revoked_by_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id"))
    revoked_at: Mapped[datetime | None]
    revoke_reason: Mapped[str]
