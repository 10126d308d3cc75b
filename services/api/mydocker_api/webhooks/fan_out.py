"""Makes the deliveries of changes: one for each webhook whose owner may see the change."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import LoggedChange
from mydocker_kit.observability.logging import get_logger

from ..courses.audiences import audience_of
from ..domain.policy import Audience
from ..metrics import WEBHOOKS_DISABLED
from ..models import DeliveryState, DisabledBecause, Webhook, WebhookDelivery
from . import queries

log = get_logger()
MOST_WAITING = 10_000
"""Deliveries that wait for one webhook; beyond, it is disabled."""


async def fan_out(db: AsyncSession, changes: Sequence[LoggedChange], now: datetime) -> None:
    """Queue these changes, in their order, for every webhook that takes them."""
    of_owners: defaultdict[UUID, list[Webhook]] = defaultdict(list)
    for webhook in await queries.enabled_webhooks(db, {change.kind for change in changes}):
        of_owners[webhook.owner_id].append(webhook)
    for owner_id, webhooks in of_owners.items():
        audience = await audience_now(db, owner_id)
        seen = [shown for change in changes if audience and (shown := audience.shown(change))]
        for webhook in webhooks:
            wanted = [change for change in seen if change.kind in webhook.kinds]
            db.add_all(delivery_of(webhook, change, now) for change in wanted)
            await db.flush()  # the order of numbers is that of the changes
    await _end_overflowing(db, [hook for hooks in of_owners.values() for hook in hooks], now)


async def audience_now(db: AsyncSession, owner_id: UUID) -> Audience | None:
    """What the owner of a webhook may see now; None: the owner is inactive, nothing is sent."""
    if await queries.is_inactive(db, owner_id):
        return None
    return await audience_of(db, owner_id)


def delivery_of(webhook: Webhook, change: LoggedChange, now: datetime) -> WebhookDelivery:
    """A new delivery of this change."""
    return new_delivery(webhook, change.kind, change.id, message_of(change), now)


def new_delivery(
    webhook: Webhook, kind: str, subject_id: UUID, message: dict[str, Any], now: datetime
) -> WebhookDelivery:
    """A delivery that is due at once."""
    return WebhookDelivery(
        id=uuid4(),
        webhook_id=webhook.id,
        kind=kind,
        subject_id=subject_id,
        message=message,
        state=DeliveryState.WAITING,
        attempts=0,
        created_at=now,
        due_since=now,
        next_try_at=now,
    )


def message_of(change: LoggedChange) -> dict[str, Any]:
    """The body: `type`, `timestamp` and `data`, as Standard Webhooks lays them out."""
    data = change.model_dump(mode="json", exclude={"kind", "happened_at"}, exclude_none=True)
    return {"type": change.kind, "timestamp": change.happened_at.isoformat(), "data": data}


async def disable(
    db: AsyncSession, webhook: Webhook, because: DisabledBecause, now: datetime
) -> None:
    """Send nothing more to this webhook; what waits is dropped."""
    webhook.disabled_because, webhook.disabled_at = because, now
    await queries.drop_waiting(db, webhook.id, "webhook_disabled", now)
    WEBHOOKS_DISABLED.labels(because).inc()
    log.warning("webhook.disabled", webhook=webhook.id, owner=webhook.owner_id, because=because)


async def _end_overflowing(db: AsyncSession, webhooks: Sequence[Webhook], now: datetime) -> None:
    failing = {webhook.id: webhook for webhook in webhooks if webhook.failing_since}
    if not failing:
        return
    for webhook_id, count in (await queries.waiting_counts(db, failing)).items():
        if count > MOST_WAITING:
            await disable(db, failing[webhook_id], DisabledBecause.OVERFLOW, now)
