"""Tables of launches: OIDC login states and deep linking requests."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    ForeignKey,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from .base import Base
from .platforms import Registration


class LoginState(Base):
    """State of a login between initiation and response; its id becomes the Launch's id."""

    __tablename__ = "login_states"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text, unique=True)
    nonce: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    """Digest of the cookie that binds the login to its browser."""
    registration_id: Mapped[UUID] = mapped_column(ForeignKey(Registration.id, ondelete="CASCADE"))
    target_link_uri: Mapped[str] = mapped_column(Text)
    login_hint: Mapped[str] = mapped_column(Text)
    message_hint: Mapped[str | None] = mapped_column(Text)
    storage_target: Mapped[str | None] = mapped_column(Text)
    """`lti_storage_target`: frame of the platform's page that stores the secret."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    spent_at: Mapped[datetime | None]


class ContentRequest(Base):
    """An open deep linking request; its id is the launch's."""

    __tablename__ = "content_requests"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(ForeignKey(Registration.id, ondelete="CASCADE"))
    deployment_id: Mapped[str] = mapped_column(Text)
    user_id: Mapped[UUID]
    return_url: Mapped[str] = mapped_column(Text)
    data: Mapped[str | None] = mapped_column(Text)
    accepts_multiple: Mapped[bool]
    accepts_line_item: Mapped[bool]
    locale: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    answered_at: Mapped[datetime | None]
