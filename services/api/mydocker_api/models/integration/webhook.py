"""Webhooks and what is delivered to them."""

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, String, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base, closed


class DeliveryState(StrEnum):
    """Where a delivery is."""

    WAITING = "waiting"
    """Due, in flight, or to be tried again."""
    DELIVERED = "delivered"
    FAILED = "failed"
    """Given up after a day."""
    DROPPED = "dropped"
    """Never to be sent: the owner may not see it any more, or the webhook was disabled."""


class DisabledBecause(StrEnum):
    """Why a webhook is disabled."""

    OWNER = "owner"
    FAILING = "failing"
    """No delivery was accepted for three days."""
    GONE = "gone"
    """The receiver answered 410."""
    OVERFLOW = "overflow"
    """More deliveries waited than are kept."""


class Webhook(Base):
    """An address to which a person has changes sent. Its secrets are sealed."""

    __tablename__ = "webhooks"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID] = mapped_column(
        ForeignKey("api.users.id", ondelete="CASCADE"), index=True
    )
    name: Mapped[str]
    url: Mapped[str]
    kinds: Mapped[list[str]] = mapped_column(ARRAY(String))
    sealed_secret: Mapped[str]
    sealed_former_secret: Mapped[str | None]
    """Signs too until `former_until`, so that receivers change over without a gap."""
    former_until: Mapped[datetime | None]
    created_at: Mapped[datetime]
    disabled_because: Mapped[DisabledBecause | None] = mapped_column(closed(DisabledBecause))
    disabled_at: Mapped[datetime | None]
    failing_since: Mapped[datetime | None]
    """First failed attempt after the last accepted one."""


class WebhookDelivery(Base):
    """One message to one webhook, and how its last attempt ended."""

    __tablename__ = "webhook_deliveries"
    __table_args__ = (
        Index(
            "ix_webhook_deliveries_waiting",
            "webhook_id",
            "subject_id",
            "number",
            postgresql_where=text("state = 'waiting'"),
        ),
        Index("ix_webhook_deliveries_webhook_id", "webhook_id", "number"),
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    """Also the message's `webhook-id`, the same in each attempt."""
    number: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    """Order of the deliveries about one subject."""
    webhook_id: Mapped[UUID] = mapped_column(ForeignKey("api.webhooks.id", ondelete="CASCADE"))
    kind: Mapped[str]
    subject_id: Mapped[UUID]
    message: Mapped[dict[str, Any]]
    state: Mapped[DeliveryState] = mapped_column(closed(DeliveryState))
    attempts: Mapped[int]
    created_at: Mapped[datetime]
    due_since: Mapped[datetime]
    """When it was made, or replayed: it is given up a day later."""
    next_try_at: Mapped[datetime]
    tried_at: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    status: Mapped[int | None]
    """HTTP status of the last answer."""
    excerpt: Mapped[str | None]
    """Start of the last answer's body."""
    error: Mapped[str | None]
    """Why there was no answer, or why it was dropped: a code."""
    took_ms: Mapped[int | None]
