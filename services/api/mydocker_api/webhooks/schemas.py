"""Webhooks, as their owners see them."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from mydocker_kit.contracts.events import ChangeKind
from mydocker_kit.contracts.values import Opaque, Text

from ..models import DeliveryState, DisabledBecause


class WebhookDraft(BaseModel):
    """A webhook to make, or what it becomes."""

    model_config = ConfigDict(extra="forbid")

    name: Annotated[str, Text(min_length=1, max_length=80, visible=True)]
    """What it is for."""
    url: Annotated[str, Opaque(min_length=1, max_length=2000)]
    """`https`, on the open internet or named by an operator."""
    kinds: Annotated[list[ChangeKind], Field(min_length=1, max_length=len(ChangeKind))]
    enabled: bool = True
    """Disabling drops what waits; enabling begins with the next change."""


class WebhookShown(BaseModel):
    """A webhook without its secret."""

    id: UUID
    name: str
    url: str
    kinds: list[ChangeKind]
    enabled: bool
    etag: str
    """The version that an edit names in `If-Match`."""
    created_at: datetime
    disabled_because: DisabledBecause | None
    disabled_at: datetime | None
    failing_since: datetime | None
    """First failed attempt after the last accepted one."""
    waiting: int
    """Deliveries that wait or are tried again."""


class WebhookOfPerson(BaseModel):
    """A webhook as operators see it: whose it is, where it goes, whether it works."""

    id: UUID
    name: str
    origin: str
    """Scheme and host of its address; the rest of the address may be a secret."""
    kinds: list[ChangeKind]
    enabled: bool
    created_at: datetime
    disabled_because: DisabledBecause | None
    disabled_at: datetime | None
    failing_since: datetime | None
    """First failed attempt after the last accepted one."""
    waiting: int
    """Deliveries that wait or are tried again."""
    owner_id: UUID
    owner_name: str
    owner_is_inactive: bool
    """Nothing is sent: the owner is disabled, or no operator answers for the service account."""


class WebhookMade(WebhookShown):
    """A webhook and its new secret, which is in this answer and in no other."""

    secret: str
    """`whsec_` and base64; it verifies `webhook-signature`."""


class DeliveryShown(BaseModel):
    """One message, and how its last attempt ended."""

    id: UUID
    """Its `webhook-id`."""
    kind: str
    subject_id: UUID
    message: dict[str, Any]
    """The body, as it is sent."""
    state: DeliveryState
    attempts: int
    created_at: datetime
    tried_at: datetime | None
    next_try_at: datetime | None
    """While it waits."""
    status: int | None
    """HTTP status of the last answer."""
    excerpt: str | None
    """Start of the last answer's body, at most 500 characters."""
    error: str | None
    """Why there was no answer (`timeout`, `unreachable`, `address_private`), or why it was dropped
    (`not_visible`, `webhook_disabled`)."""
    took_ms: int | None
