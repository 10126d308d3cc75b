"""Tables of platforms: registrations, deployments, invitations and their audit log."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Text,
    UniqueConstraint,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.gateway.platforms import PlatformState

from .base import Base


class Registration(Base):
    """An LTI registration: a platform by issuer and client id."""

    __tablename__ = "registrations"
    __table_args__ = (UniqueConstraint("issuer", "client_id"),)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    issuer: Mapped[str] = mapped_column(Text)
    client_id: Mapped[str] = mapped_column(Text)
    authorization_url: Mapped[str] = mapped_column(Text)
    token_url: Mapped[str] = mapped_column(Text)
    jwks_url: Mapped[str] = mapped_column(Text)
    origins: Mapped[list[str]] = mapped_column(JSONB)
    """Origins of its pages, which may frame ours."""
    allow_http: Mapped[bool]
    """Only for a platform on loopback; others need https."""
    source: Mapped[str] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    """None while it waits for an operator: launches are refused."""
    disabled_at: Mapped[datetime | None]
    link_key: Mapped[str | None] = mapped_column(Text)
    """Key that signs Course ids in deep links; encrypted, made at the first deep link."""

    @property
    def state(self) -> PlatformState:
        if self.disabled_at is not None:
            return PlatformState.DISABLED
        return PlatformState.PENDING if self.approved_at is None else PlatformState.ACTIVE


class Deployment(Base):
    """An LTI deployment: an installation inside a platform."""

    __tablename__ = "deployments"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True
    )
    deployment_id: Mapped[str] = mapped_column(Text, primary_key=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def was_never_enabled(self) -> bool:
        """Named by a repeated registration and not enabled by an operator yet."""
        return self.disabled_at == self.created_at


class Invitation(Base):
    """An invitation for one dynamic registration; only the digest of its secret is stored."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(Text, unique=True)
    label: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    """Reservation by a registration in progress."""
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Registration.id, ondelete="SET NULL")
    )


class PlatformEvent(Base):
    """Audit log of a platform: who changed what; append-only."""

    __tablename__ = "platform_events"

    number: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE"), index=True
    )
    kind: Mapped[str] = mapped_column(Text)
    actor: Mapped[str] = mapped_column(Text)
    """A person's id, `command`, or `invitation`."""
    facts: Mapped[dict[str, Any]]
    happened_at: Mapped[datetime]
