"""Answers of creations, kept so that a repeated request gets the same one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base


class IdempotencyKey(Base):
    """A key that a person has used. Rows go when they expire."""

    __tablename__ = "idempotency_keys"

    user_id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    """Digest of the request."""
    claimed_at: Mapped[datetime]
    """When the request began that may store its answer; names the claim."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    answer: Mapped[str | None]
    """Sealed: it may hold a secret that is shown once. None: the request is at work."""
