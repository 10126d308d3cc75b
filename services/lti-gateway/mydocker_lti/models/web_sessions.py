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
    """The one-time hand-over of a verified launch to the browser's application."""

    __tablename__ = "tickets"

    ticket: Mapped[str] = mapped_column(Text, primary_key=True)
    launch_id: Mapped[UUID] = mapped_column(unique=True)
    """Of a launch or of a sign-in."""
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE")
    )
    deployment_id: Mapped[str | None] = mapped_column(Text)
    provider: Mapped[str | None] = mapped_column(Text)
    """Who vouched for the person where no platform did."""
    provider_session: Mapped[str | None] = mapped_column(Text)
    provider_subject: Mapped[str | None] = mapped_column(Text)
    user_id: Mapped[UUID]
    landing: Mapped[dict[str, Any]]
    locale: Mapped[str | None] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    cookie: Mapped[str] = mapped_column(Text)
    """Name of the cookie that must come with the ticket."""
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class WebSession(Base):
    """A person signed in with one browser."""

    __tablename__ = "web_sessions"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    """The platform it came from; none after a sign-in or an operator's link."""
    deployment_id: Mapped[str | None] = mapped_column(Text)
    provider: Mapped[str | None] = mapped_column(Text)
    """Where the person stays signed in when this ends."""
    provider_session: Mapped[str | None] = mapped_column(Text, index=True)
    """Digest of what the provider names its session by; when it ends that, this ends."""
    provider_subject: Mapped[str | None] = mapped_column(Text, index=True)
    """Digest of the person's id there."""
    landing: Mapped[dict[str, Any]]
    locale: Mapped[str | None] = mapped_column(Text)
    started_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    end_number: Mapped[int | None] = mapped_column(BigInteger, index=True)
    """Rises with every ending; api follows them."""
    browser: Mapped[UUID] = mapped_column(index=True, server_default=text("gen_random_uuid()"))
    """Shared by all visits of one browser, as far as its cookies tell: one person at a time."""


class EntryLink(Base):
    """A link that a command printed for an operator; it opens the dashboard once."""

    __tablename__ = "entry_links"

    secret: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class RefreshToken(Base):
    """One link in a web session's chain of refresh tokens; each is used once."""

    __tablename__ = "refresh_tokens"

    token: Mapped[str] = mapped_column(Text, primary_key=True)
    web_session_id: Mapped[UUID] = mapped_column(
        ForeignKey(WebSession.id, ondelete="CASCADE"), index=True
    )
    issued_at: Mapped[datetime]
    spent_at: Mapped[datetime | None]
