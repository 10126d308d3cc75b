"""A public key a person opens environments with."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class SshKey(Base):
    """Of the key itself only the fingerprint is kept: it recognises the key and nothing more."""

    __tablename__ = "ssh_keys"
    __table_args__ = (UniqueConstraint("user_id", "fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    title: Mapped[str]
    algorithm: Mapped[str]
    fingerprint: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
