"""Table of refused entries."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    Index,
    Text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Refusal(Base):
    """A refused entry; operators find it by the reference on the person's page."""

    __tablename__ = "refusals"
    __table_args__ = (Index("ix_refusals_reason", "reason", "refused_at"),)

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    registration_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    claims: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """Redacted claims (`domain/redaction.py`)."""
    refused_at: Mapped[datetime] = mapped_column(index=True)
