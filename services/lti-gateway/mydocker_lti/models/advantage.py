"""Tables of LTI Advantage: offered services, rosters, line items and queued scores."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base

_REGISTRATION = "lti.registrations.id"


class ServiceOffer(Base):
    """Services from the newest launch of a resource link; an empty id for a launch without link."""

    __tablename__ = "service_offers"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey(_REGISTRATION, ondelete="CASCADE"), primary_key=True
    )
    deployment_id: Mapped[str] = mapped_column(Text, primary_key=True)
    context_id: Mapped[str] = mapped_column(Text, primary_key=True)
    resource_link_id: Mapped[str] = mapped_column(Text, primary_key=True)
    roster_url: Mapped[str | None] = mapped_column(Text)
    line_items_url: Mapped[str | None] = mapped_column(Text)
    line_item_url: Mapped[str | None] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(JSONB)
    seen_at: Mapped[datetime]


class Roster(Base):
    """The members of a context, as last fetched."""

    __tablename__ = "rosters"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey(_REGISTRATION, ondelete="CASCADE"), primary_key=True
    )
    deployment_id: Mapped[str] = mapped_column(Text, primary_key=True)
    context_id: Mapped[str] = mapped_column(Text, primary_key=True)
    members: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    differences_url: Mapped[str | None] = mapped_column(Text)
    fetched_at: Mapped[datetime | None] = mapped_column(index=True)
    failed_at: Mapped[datetime | None]
    failure: Mapped[str | None] = mapped_column(Text)


class LineItem(Base):
    """A gradebook column (AGS line item) of a resource link; its scores are sent in order."""

    __tablename__ = "line_items"
    __table_args__ = (
        UniqueConstraint(
            "registration_id",
            "deployment_id",
            "context_id",
            "resource_link_id",
            "resource_id",
            "tag",
            name="uq_line_items_place",
        ),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey(_REGISTRATION, ondelete="CASCADE"))
    deployment_id: Mapped[str] = mapped_column(Text)
    context_id: Mapped[str] = mapped_column(Text)
    resource_link_id: Mapped[str] = mapped_column(Text)
    resource_id: Mapped[str] = mapped_column(Text)
    tag: Mapped[str] = mapped_column(Text)
    url: Mapped[str | None] = mapped_column(Text)
    """Found or created by us; a line item named by a launch takes precedence."""
    gone_url: Mapped[str | None] = mapped_column(Text)
    """The line item that the platform answered with 404."""
    recreated_at: Mapped[datetime | None]
    lease: Mapped[UUID | None]
    """Lease of the worker that creates the line item and sends its scores."""
    leased_until: Mapped[datetime | None]
    tries: Mapped[int]
    next_try_at: Mapped[datetime] = mapped_column(index=True)
    failure: Mapped[str | None] = mapped_column(Text)


class QueuedScore(Base):
    """A score in the queue, and after its delivery until retention deletes it."""

    __tablename__ = "scores"
    __table_args__ = (
        Index(
            "ix_scores_queued",
            "line_item_id",
            "number",
            postgresql_where=text("settled_at IS NULL"),
        ),
        Index("ix_scores_person", "line_item_id", "subject"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(BigInteger, Identity())
    line_item_id: Mapped[UUID] = mapped_column(ForeignKey(LineItem.id, ondelete="CASCADE"))
    subject: Mapped[str] = mapped_column(Text)
    said: Mapped[dict[str, Any]]
    """The score as api sent it."""
    stamp: Mapped[datetime]
    """AGS timestamp in whole seconds, strictly increasing for the scores of a person."""
    state: Mapped[str] = mapped_column(Text)
    reason: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int]
    queued_at: Mapped[datetime]
    settled_at: Mapped[datetime | None] = mapped_column(index=True)
