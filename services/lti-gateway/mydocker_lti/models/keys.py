"""Tables of keys: our own, and what was seen of the platforms'."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ForeignKey, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class SigningKey(Base):
    """One of our own keys; the private half is sealed."""

    __tablename__ = "signing_keys"

    kid: Mapped[str] = mapped_column(Text, primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    private_key: Mapped[str] = mapped_column(Text)
    public_key: Mapped[dict[str, Any]]
    created_at: Mapped[datetime]
    active_from: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    """Neither signs nor is published from then on."""


class PlatformKeySet(Base):
    """What the last look at a platform's key set brought; the keys themselves stay in memory."""

    __tablename__ = "platform_key_sets"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey("lti.registrations.id", ondelete="CASCADE"), primary_key=True
    )
    kids: Mapped[list[str]] = mapped_column(JSONB)
    fetched_at: Mapped[datetime | None]
    tried_at: Mapped[datetime]
    failure: Mapped[str | None] = mapped_column(Text)
