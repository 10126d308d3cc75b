"""Identities of a person elsewhere, requests to link two of our accounts, and SSH public keys."""

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
