"""How a person is known elsewhere, and requests to make two of our accounts one."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base


class Identity(Base):
    """One pair (issuer, subject) and whose it is. A person has one per issuer at most."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("issuer", "subject"), UniqueConstraint("user_id", "issuer"))

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    issuer: Mapped[str]
    subject: Mapped[str]
    linked_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    """When somebody last came by it."""


class AccountLink(Base):
    """Somebody proved in one browser to be two identities; what becomes of it, they decide."""

    __tablename__ = "account_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    """Who asked."""
    web_session_id: Mapped[UUID]
    """Where they asked: nobody else may answer."""
    issuer: Mapped[str]
    subject: Mapped[str]
    """The identity proved beside."""
    name: Mapped[str | None]
    other_id: Mapped[UUID | None]
    """Whose account that was then; empty when nobody had come by it yet."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    joined_at: Mapped[datetime | None]
