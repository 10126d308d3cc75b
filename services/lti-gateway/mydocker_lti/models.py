"""The gateway's tables. Secrets are digests or sealed; nobody else reads them."""

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Sequence,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from mydocker_kit.contracts.platforms import PlatformState

from .key_models import PlatformKeySet as PlatformKeySet
from .key_models import SigningKey as SigningKey
from .model_base import Base as Base
from .service_models import LineItem as LineItem
from .service_models import QueuedScore as QueuedScore
from .service_models import Roster as Roster
from .service_models import ServiceOffer as ServiceOffer

END_NUMBERS = Sequence("web_session_ends", metadata=Base.metadata, schema="lti")


class Registration(Base):
    """A platform that trusts us: one (issuer, client id)."""

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
    """Where its pages live: they alone may show us in a frame."""
    allow_http: Mapped[bool]
    """For a platform on loopback only; everybody else speaks https."""
    source: Mapped[str] = mapped_column(Text)
    product: Mapped[str | None] = mapped_column(Text)
    created_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    """Empty while it waits for an operator: nobody enters, nobody frames us."""
    disabled_at: Mapped[datetime | None]
    link_key: Mapped[str | None] = mapped_column(Text)
    """Signs the Course ids in our deep links for this platform; sealed, made at the first one."""

    @property
    def state(self) -> PlatformState:
        if self.disabled_at is not None:
            return PlatformState.DISABLED
        return PlatformState.PENDING if self.approved_at is None else PlatformState.ACTIVE


class Deployment(Base):
    """One installation inside a platform."""

    __tablename__ = "deployments"

    registration_id: Mapped[UUID] = mapped_column(
        ForeignKey(Registration.id, ondelete="CASCADE"), primary_key=True
    )
    deployment_id: Mapped[str] = mapped_column(Text, primary_key=True)
    created_at: Mapped[datetime]
    disabled_at: Mapped[datetime | None]

    @property
    def was_never_enabled(self) -> bool:
        """The platform named it when it registered again; no operator has enabled it."""
        return self.disabled_at == self.created_at


class Invitation(Base):
    """An operator's leave for one platform to register itself; only the digest is kept."""

    __tablename__ = "invitations"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    secret: Mapped[str] = mapped_column(Text, unique=True)
    label: Mapped[str] = mapped_column(Text)
    made_by: Mapped[str] = mapped_column(Text)
    created_at: Mapped[datetime] = mapped_column(index=True)
    expires_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    """A registration is under way: nobody else begins one with it."""
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    registration_id: Mapped[UUID | None] = mapped_column(
        ForeignKey(Registration.id, ondelete="SET NULL")
    )


class PlatformEvent(Base):
    """The journal of a platform: who changed what; never rewritten."""

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


class LoginState(Base):
    """A login on its way to the platform and back; its id becomes the Launch's id."""

    __tablename__ = "login_states"

    id: Mapped[UUID] = mapped_column(primary_key=True)
    state: Mapped[str] = mapped_column(Text, unique=True)
    nonce: Mapped[str] = mapped_column(Text)
    browser: Mapped[str] = mapped_column(Text)
    """Digest of the cookie: a token posted in another browser goes nowhere."""
    registration_id: Mapped[UUID] = mapped_column(ForeignKey(Registration.id, ondelete="CASCADE"))
    target_link_uri: Mapped[str] = mapped_column(Text)
    login_hint: Mapped[str] = mapped_column(Text)
    message_hint: Mapped[str | None] = mapped_column(Text)
    storage_target: Mapped[str | None] = mapped_column(Text)
    """The frame of the platform's page that keeps our secret, where no cookie is kept."""
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    spent_at: Mapped[datetime | None]


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


class EntryLink(Base):
    """A link that a command printed for an operator; it opens the dashboard once."""

    __tablename__ = "entry_links"

    secret: Mapped[str] = mapped_column(Text, primary_key=True)
    user_id: Mapped[UUID] = mapped_column(index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]


class LinkCode(Base):
    """A code that a signed-in person carries over to another of their accounts."""

    __tablename__ = "link_codes"

    code: Mapped[str] = mapped_column(Text, primary_key=True)
    web_session_id: Mapped[UUID] = mapped_column(ForeignKey(WebSession.id, ondelete="CASCADE"))
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


class ContentRequest(Base):
    """A deep linking request the platform waits for; its id is the launch's."""

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


class Refusal(Base):
    """An entry that ended on our page; operators find it by the reference the person reads."""

    __tablename__ = "refusals"
    __table_args__ = (Index("ix_refusals_reason", "reason", "refused_at"),)

    reference: Mapped[str] = mapped_column(Text, primary_key=True)
    reason: Mapped[str] = mapped_column(Text)
    registration_id: Mapped[UUID | None]
    facts: Mapped[dict[str, Any]]
    claims: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    """What the platform said, without anything secret or personal."""
    refused_at: Mapped[datetime] = mapped_column(index=True)
