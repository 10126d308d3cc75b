"""Tables of sign-ins without an LMS: login states and account link codes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .web_sessions import WebSession


class SignInState(Base):
    """State of a sign-in between start and callback; its id becomes the sign-in's id."""

    __tablename__ = "sign_in_states"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text, unique=True)
    nonce: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    """Digest of the cookie that binds the sign-in to its browser."""
    provider: Mapped[str] = mapped_column(Text)
    verifier: Mapped[str | None] = mapped_column(Text)
    """PKCE code verifier; encrypted."""
    path: Mapped[str | None] = mapped_column(Text)
    """Path in our application to open afterwards."""
    web_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("lti.web_sessions.id", ondelete="CASCADE")
    )
    """Web session whose account the identity is linked to; None for a plain sign-in."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    spent_at: Mapped[datetime | None]


class LinkCode(Base):
    """A tab code: opens the account of its web session in a new tab."""

    __tablename__ = "link_codes"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    web_session_id: Mapped[UUID] = mapped_column(ForeignKey(WebSession.id, ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
