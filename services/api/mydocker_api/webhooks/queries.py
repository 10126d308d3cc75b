"""Questions about webhooks and their deliveries."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from sqlalchemy import and_, delete, exists, func, or_, select, update
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from mydocker_kit.paging import Paging, Slice
from mydocker_kit.postgres.keyset import Key, order_of, read_slice

from ..models import DeliveryState, User, Webhook, WebhookDelivery

_WAITING = WebhookDelivery.state == DeliveryState.WAITING


@dataclass(frozen=True)
class Due:
    """A delivery that may be sent now."""

    id: UUID
    webhook_id: UUID
    is_failing: bool
    """Whether the last attempt of its webhook failed."""


async def webhooks_of(db: AsyncSession, owner_id: UUID) -> list[Webhook]:
    """A person's webhooks, oldest first."""
    query = select(Webhook).where(Webhook.owner_id == owner_id)
    return list(await db.scalars(query.order_by(Webhook.created_at, Webhook.id)))


class WebhookSort(StrEnum):
    """Order of the list of everybody's webhooks."""

    NEWEST = "-created_at"
    OLDEST = "created_at"
    NAME = "name"
    NAME_BACKWARDS = "-name"


_answers = aliased(User)
_IS_INACTIVE = or_(
    User.disabled_at.is_not(None),
    User.joined_to_id.is_not(None),
    and_(
        User.service_owner_id.is_not(None),
        ~exists().where(
            _answers.id == User.service_owner_id,
            _answers.operator_since.is_not(None),
            _answers.disabled_at.is_(None),
        ),
    ),
)
"""Owners to whom nothing is sent: disabled, merged, or a service account nobody answers for."""


async def webhooks_of_everybody(db: AsyncSession, paging: Paging, sort: WebhookSort) -> Slice:
    """A page of all webhooks, each with its owner and whether the owner is inactive.

    `search` looks at the names of webhook and owner.
    """
    query = select(Webhook, User, _IS_INACTIVE).join(User, User.id == Webhook.owner_id)
    if paging.search:
        names = (Webhook.name, User.name, User.pseudonym, User.email)
        query = query.where(
            or_(*(name.icontains(paging.search, autoescape=True) for name in names))
        )
    return await read_slice(db, query, order_of(sort, Webhook, Key(Webhook.id)), paging)


async def is_inactive(db: AsyncSession, owner_id: UUID) -> bool:
    """Whether nothing is sent to this owner now."""
    return await db.scalar(select(_IS_INACTIVE).where(User.id == owner_id)) is not False


async def enabled_webhooks(db: AsyncSession, kinds: Iterable[str]) -> list[Webhook]:
    """Enabled webhooks that take any of these kinds."""
    query = select(Webhook).where(
        Webhook.disabled_at.is_(None), Webhook.kinds.overlap(sorted(kinds))
    )
    return list(await db.scalars(query.order_by(Webhook.id)))


async def waiting_counts(db: AsyncSession, webhook_ids: Collection[UUID]) -> dict[UUID, int]:
    """How many deliveries of each webhook wait; webhooks with none are left out."""
    query = select(WebhookDelivery.webhook_id, func.count()).where(
        WebhookDelivery.webhook_id.in_(webhook_ids), _WAITING
    )
    rows = await db.execute(query.group_by(WebhookDelivery.webhook_id))
    return {row[0]: row[1] for row in rows}


async def due(
    db: AsyncSession, now: datetime, in_flight: Collection[UUID], per_webhook: int
) -> list[Due]:
    """Up to `per_webhook` deliveries of each webhook: of each subject the oldest, once it is due.

    What is in flight is still the oldest of its subject: nothing of that subject is due behind it.
    """
    heads = (
        select(WebhookDelivery.id, WebhookDelivery.webhook_id, WebhookDelivery.next_try_at)
        .ext(distinct_on(WebhookDelivery.webhook_id, WebhookDelivery.subject_id))
        .where(_WAITING)
        .order_by(WebhookDelivery.webhook_id, WebhookDelivery.subject_id, WebhookDelivery.number)
        .subquery()
    )
    rank = func.row_number().over(partition_by=heads.c.webhook_id, order_by=heads.c.next_try_at)
    ready = (
        select(heads.c.id, heads.c.webhook_id, rank.label("rank"))
        .where(heads.c.next_try_at <= now, heads.c.id.not_in(in_flight))
        .subquery()
    )
    query = (
        select(ready.c.id, ready.c.webhook_id, Webhook.failing_since.is_not(None))
        .join(Webhook, Webhook.id == ready.c.webhook_id)
        .where(ready.c.rank <= per_webhook)
        .order_by(ready.c.rank)
    )
    return [Due(*row) for row in await db.execute(query)]


async def delivery_and_webhook(
    db: AsyncSession, delivery_id: UUID, *, lock: bool = False
) -> tuple[WebhookDelivery, Webhook] | None:
    """A delivery with its webhook; locked until the transaction ends where asked for."""
    query = (
        select(WebhookDelivery, Webhook)
        .join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
        .where(WebhookDelivery.id == delivery_id)
    )
    row = (await db.execute(query.with_for_update() if lock else query)).one_or_none()
    return (row[0], row[1]) if row else None


async def drop_waiting(db: AsyncSession, webhook_id: UUID, why: str, now: datetime) -> None:
    """Settle every delivery that waits: it is never sent."""
    waiting = update(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id, _WAITING)
    await db.execute(waiting.values(state=DeliveryState.DROPPED, settled_at=now, error=why))


class DeliverySort(StrEnum):
    """Order of the delivery log."""

    NEWEST = "-created_at"
    OLDEST = "created_at"


async def deliveries(
    db: AsyncSession, webhook_id: UUID, paging: Paging, sort: DeliverySort
) -> Slice:
    """A page of a webhook's deliveries; `search` looks at their kinds."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook_id)
    if paging.search:
        query = query.where(WebhookDelivery.kind.icontains(paging.search, autoescape=True))
    keys = [Key(WebhookDelivery.number, sort is DeliverySort.NEWEST)]  # numbered as created
    return await read_slice(db, query, keys, paging)


async def delete_settled(db: AsyncSession, before: datetime) -> int:
    """Delete deliveries that were settled before this moment; how many there were."""
    old = delete(WebhookDelivery).where(WebhookDelivery.settled_at < before)
    return len((await db.execute(old.returning(WebhookDelivery.id))).all())
