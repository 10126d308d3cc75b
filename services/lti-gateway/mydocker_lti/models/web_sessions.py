"""Tables of web sessions: tickets, sessions, refresh tokens and entry links."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Sequence,
    Text,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .platforms import Registration

END_NUMBERS = Sequence("web_session_ends", metadata=Base.metadata, schema="lti")


class Ticket(Base):
    """Passes a verified launch or sign-in to the application in the browser, once."""

    __tablename__ = "tickets"

    ticket: Mapped[str] = mapped_column(Text, primary_key=True)
    launch_id: Mapped[UUID] = mapped_column(unique=True)
    """Id of the launch or sign-in."""
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE")
    )
    deployment_id: Mapped[str | None] = mapped_column(Text)
    provider: Mapped[str | None] = mapped_column(Text)
    """The provider of a sign-in without a platform."""
    provider_session: Mapped[str | None] = mapped_column(Text)
    provider_subject: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[UUID]
    landing: Mapped[dict[str, Any]]
    locale: Mapped[str | None] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    cookie: Mapped[str] = mapped_column(Text)
    """Name of the cookie that the request must carry."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """A person's session in a browser."""

    __tablename__ = "web_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    """The platform of the launch; None after a sign-in or an entry link."""
    deployment_id: Mapped[str | None] = mapped_column(Text)
    provider: Mapped[str | None] = mapped_column(Text)
    """The provider that authenticated the person."""
    provider_session: Mapped[str | None] = mapped_column(Text, index=True)
    """Digest of the provider's session id; a back-channel logout finds it."""
    provider_subject: Mapped[str | None] = mapped_column(Text, index=True)
    """Digest of the person's subject at the provider."""
    landing: Mapped[dict[str, Any]]
    locale: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    end_number: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """Position in the revocation feed."""
    browser: Mapped[UUID] = mapped_column(index=True, server_default=text("gen_random_uuid()"))
    """Shared by all sessions of a browser, as far as cookies show; only one person has some."""


class EntryLink(Base):
    """A one-time link from `mydocker admin`; it opens the dashboard."""

    __tablename__ = "entry_links"

    secret: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class RefreshToken(Base):
    """A refresh token of a web session; each is used once."""

    __tablename__ = "refresh_tokens"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    web_session_id: Mapped[UUID] = mapped_column(
        ForeignKey(WebSession.id, ondelete="CASCADE"), index=True
    )
    issued_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
