"""Webhooks and deliveries as their owners see them."""

from mydocker_kit.contracts.events import ChangeKind
from mydocker_kit.etags import etag_of
from mydocker_kit.outgoing.addresses import origin

from ..models import DeliveryState, User, Webhook, WebhookDelivery
from .schemas import DeliveryShown, WebhookDraft, WebhookOfPerson, WebhookShown


def version_of(row: Webhook) -> str:
    """The entity tag of what an edit replaces."""
    kinds = [ChangeKind(kind) for kind in row.kinds]
    enabled = row.disabled_at is None
    return etag_of(
        WebhookDraft.model_construct(name=row.name, url=row.url, kinds=kinds, enabled=enabled)
    )


def shown(row: Webhook, waiting: int) -> WebhookShown:
    """A webhook without its secret; `waiting` deliveries are due or tried again."""
    return WebhookShown(
        id=row.id,
        name=row.name,
        url=row.url,
        kinds=[ChangeKind(kind) for kind in row.kinds],
        enabled=row.disabled_at is None,
        etag=version_of(row),
        created_at=row.created_at,
        disabled_because=row.disabled_because,
        disabled_at=row.disabled_at,
        failing_since=row.failing_since,
        waiting=waiting,
    )


def of_person(row: Webhook, owner: User, inactive: bool, waiting: int) -> WebhookOfPerson:
    """A webhook as operators see it."""
    return WebhookOfPerson(
        id=row.id,
        name=row.name,
        origin=origin(row.url) or "",
        kinds=[ChangeKind(kind) for kind in row.kinds],
        enabled=row.disabled_at is None,
        created_at=row.created_at,
        disabled_because=row.disabled_because,
        disabled_at=row.disabled_at,
        failing_since=row.failing_since,
        waiting=waiting,
        owner_id=owner.id,
        owner_name=owner.shown_name,
        owner_is_inactive=inactive,
    )


def delivery_shown(row: WebhookDelivery) -> DeliveryShown:
    """One entry of the delivery log."""
    waits = row.state is DeliveryState.WAITING
    return DeliveryShown(
        id=row.id,
        kind=row.kind,
        subject_id=row.subject_id,
        message=row.message,
        state=row.state,
        attempts=row.attempts,
        created_at=row.created_at,
        tried_at=row.tried_at,
        next_try_at=row.next_try_at if waits else None,
        status=row.status,
        excerpt=row.excerpt,
        error=row.error,
        took_ms=row.took_ms,
    )
