"""Tables of our signing keys and of the platforms' key sets."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class SigningKey(Base):
    """A signing key of ours; the private key is encrypted."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    private_key: Mapped[str] = mapped_column(Text)
    public_key: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    active_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """From then on the key neither signs nor is published."""


class PlatformKeySet(Base):
    """Result of the last fetch of a platform's key set; the keys are in memory only."""

    __tablename__ = "platform_key_sets"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("lti.registrations.id", ondelete="CASCADE"), primary_key=True
    )
    kids: Mapped[list[str]] = mapped_column(JSONB)
    fetched_at: Mapped[datetime | None]
    tried_at: Mapped[datetime]
    failure: Mapped[str | None] = mapped_column(Text)
