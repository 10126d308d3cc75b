"""A person, known by issuer and subject; never by e-mail."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from ..base import Base

CATALOGUE_ISSUER = "urn:mydocker:catalogue"
"""Issuer of the account that owns the catalogue's Images: no person, and nobody signs in as it."""


class User(Base):
    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("issuer", "subject"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    issuer: Mapped[str]
    subject: Mapped[str]
    """One of the person's identities, the one their name comes from; the table has all."""
    name: Mapped[str | None]
    email: Mapped[str | None]
    locale: Mapped[str | None]
    pseudonym: Mapped[str]
    """Shown when the LMS gives no name."""
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    operator_since: Mapped[datetime | None]
    """Made by a command or by another operator; never by what an LMS says."""
    may_build_since: Mapped[datetime | None]
    """An operator's approval, once per person, whatever the LMS says."""
    build_asked_at: Mapped[datetime | None]
    """When the person asked for it; empty once answered."""
    disabled_at: Mapped[datetime | None]
    disabled_reason: Mapped[str | None]
    """For operators to read."""
    shut_out_at: Mapped[datetime | None]
    """When the gateway had ended the web sessions of this disabled person."""
    signed_out_at: Mapped[datetime | None]
    """Web sessions begun before it must end: an identity was unlinked, or the account merged."""
    joined_to_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id"), index=True)
    """The account that this one was merged into; rows that stay here were set aside."""

    service_owner_id: Mapped[UUID | None] = mapped_column(ForeignKey("api.users.id"), index=True)
    """The operator who answers for this service account; None: a person."""
    may_prepare_since: Mapped[datetime | None]
    """Of a service account: it creates Courses and Images as teachers do."""

    @property
    def shown_name(self) -> str:
        return self.name or self.pseudonym
