"""Identities of a person elsewhere, requests to link two of our accounts, and SSH public keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base


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
    """When it was last used to sign in."""


class AccountLink(Base):
    """A link request: one browser proved two identities; the person accepts or declines."""

    __tablename__ = "account_links"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    """Who asked."""
    web_session_id: Mapped[UUID]
    """The web session that asked; only it may answer."""
    issuer: Mapped[str]
    subject: Mapped[str]
    """The second identity."""
    name: Mapped[str | None]
    other_id: Mapped[UUID | None]
    """The account of the second identity then; empty for an unknown one."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    joined_at: Mapped[datetime | None]


class SshKey(Base):
    """An SSH public key; only its fingerprint is stored."""

    __tablename__ = "ssh_keys"
    __table_args__ = (UniqueConstraint("user_id", "fingerprint"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(ForeignKey("api.users.id", ondelete="CASCADE"))
    title: Mapped[str]
    algorithm: Mapped[str]
    fingerprint: Mapped[str]
    created_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
