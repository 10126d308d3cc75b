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
    """A sign-in on its way to a provider and back; its id becomes the sign-in's id."""

    __tablename__ = "sign_in_states"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text, unique=True)
    nonce: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    """Digest of the cookie: an answer brought to another browser goes nowhere."""
    provider: Mapped[str] = mapped_column(Text)
    verifier: Mapped[str | None] = mapped_column(Text)
    """What proves to an OpenID provider that the code is ours (PKCE); sealed."""
    path: Mapped[str | None] = mapped_column(Text)
    """Where in our own pages the person wanted to go."""
    web_session_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("lti.web_sessions.id", ondelete="CASCADE")
    )
    """Whose further sign-in this shall become; empty when somebody just signs in."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    spent_at: Mapped[datetime | None]


class LinkCode(Base):
    """A code that a signed-in person carries over to another of their accounts."""

    __tablename__ = "link_codes"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    web_session_id: Mapped[UUID] = mapped_column(ForeignKey(WebSession.id, ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
