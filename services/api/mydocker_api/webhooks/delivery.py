"""The delivery loop of the leader: what is due is sent, and its outcome written down.

Each webhook has a few deliveries in flight, one while it fails; each subject of a webhook has one,
its oldest. So a receiver that answers slowly or never uses only its own share, and order holds.
"""

import asyncio
import json
from collections import Counter
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.events import LoggedChange
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup
from mydocker_kit.vault import Vault

from ..domain.webhooks import retries
from ..metrics import WEBHOOK_ATTEMPTS
from ..models import DeliveryState, DisabledBecause, Webhook, WebhookDelivery
from . import queries
from .fan_out import audience_now, disable
from .sender import Message, Outcome, Sender
from .service import TEST_KIND

log = get_logger()
EVERY = 1.0
"""Seconds between looks at what has become due; a wakeup looks earlier."""
AT_ONCE = 4
"""Deliveries in flight to one webhook; one while it fails."""


class Deliveries:
    """The loop's step and what is in flight in this process."""

    def __init__(
        self, sessions: Sessions, vault: Vault, sender: Sender, clock: Clock, wakeup: Wakeup
    ) -> None:
        self._sessions, self._vault, self._sender = sessions, vault, sender
        self._clock, self._wakeup = clock, wakeup
        self._in_flight: dict[UUID, asyncio.Task[bool]] = {}
        self._busy: Counter[UUID] = Counter()

    async def step(self) -> None:
        """Start what is due and has room; tasks go on after the step."""
        async with transaction(self._sessions) as db:
            due = await queries.due(db, self._clock(), list(self._in_flight), AT_ONCE)
        for delivery in due:
            room = 1 if delivery.is_failing else AT_ONCE
            if self._busy[delivery.webhook_id] < room:
                self._start(delivery)

    async def aclose(self) -> None:
        """Cut what is in flight; another leader sends it again under the same id."""
        tasks = list(self._in_flight.values())
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks)
        await self._sender.aclose()

    def _start(self, due: queries.Due) -> None:
        self._busy[due.webhook_id] += 1
        task = asyncio.ensure_future(self._deliver(due.id))
        self._in_flight[due.id] = task

        def ended(task: asyncio.Future[bool]) -> None:
            del self._in_flight[due.id]
            self._busy[due.webhook_id] -= 1
            if not task.cancelled() and task.result():
                self._wakeup.set()  # there is room again

        task.add_done_callback(ended)

    async def _deliver(self, id: UUID) -> bool:
        """Whether the delivery went on; False when nothing was written."""
        try:
            message = await self._message(id)
            if message is not None:
                outcome = await self._sender.send(message, int(self._clock().timestamp()))
                async with transaction(self._sessions) as db:
                    await settle(db, id, outcome, self._clock())
        except Exception:  # a later step tries again
            log.exception("webhook.delivery_broken", delivery=id)
            return False
        return True

    async def _message(self, id: UUID) -> Message | None:
        """What to send; None when it is not to be sent any more."""
        async with transaction(self._sessions) as db:
            row = await queries.delivery_and_webhook(db, id)
            if row is None or row[0].state is not DeliveryState.WAITING:
                return None
            delivery, webhook = row
            if not await _is_visible(db, delivery, webhook):
                delivery.state, delivery.error = DeliveryState.DROPPED, "not_visible"
                delivery.settled_at = self._clock()
                return None
            return Message(
                id=str(delivery.id),
                url=webhook.url,
                secrets=_secrets(self._vault, webhook, self._clock()),
                body=json.dumps(delivery.message, separators=(",", ":")).encode(),
            )


async def settle(db: AsyncSession, id: UUID, outcome: Outcome, now: datetime) -> None:
    """Write an outcome down: delivered, tried again later, or given up."""
    row = await queries.delivery_and_webhook(db, id, lock=True)
    if row is None or row[0].state is not DeliveryState.WAITING:
        return  # removed or disabled meanwhile
    delivery, webhook = row
    delivery.attempts += 1
    delivery.tried_at, delivery.took_ms = now, outcome.took_ms
    delivery.status, delivery.excerpt, delivery.error = (
        outcome.status,
        outcome.excerpt,
        outcome.error,
    )
    if outcome.is_accepted:
        delivery.state, delivery.settled_at = DeliveryState.DELIVERED, now
        webhook.failing_since = None
    else:
        await _note_failure(db, delivery, webhook, outcome, now)
    result = "accepted" if outcome.is_accepted else outcome.error or "refused"
    WEBHOOK_ATTEMPTS.labels(result).inc()
    log.info(
        "webhook.tried",
        webhook=webhook.id,
        delivery=id,
        result=result,
        status=outcome.status,
        attempts=delivery.attempts,
        took_ms=outcome.took_ms,
    )


async def _note_failure(
    db: AsyncSession,
    delivery: WebhookDelivery,
    webhook: Webhook,
    outcome: Outcome,
    now: datetime,
) -> None:
    webhook.failing_since = webhook.failing_since or now
    following = retries.next_try(delivery.due_since, delivery.attempts, now, outcome.retry_after)
    if following is None:
        delivery.state, delivery.settled_at = DeliveryState.FAILED, now
    else:
        delivery.next_try_at = following
    await db.flush()  # before `disable` drops what still waits
    if outcome.status == retries.GONE:
        await disable(db, webhook, DisabledBecause.GONE, now)
    elif retries.is_lost(webhook.failing_since, now):
        await disable(db, webhook, DisabledBecause.FAILING, now)


async def _is_visible(db: AsyncSession, delivery: WebhookDelivery, webhook: Webhook) -> bool:
    """Whether the owner may see this now; rights may have gone since it was queued."""
    audience = await audience_now(db, webhook.owner_id)
    if audience is None or delivery.kind == TEST_KIND:
        return audience is not None
    message = delivery.message
    change = LoggedChange(kind=message["type"], happened_at=message["timestamp"], **message["data"])
    return audience.shown(change) is not None


def _secrets(vault: Vault, webhook: Webhook, now: datetime) -> list[str]:
    """The secrets that sign now, the current one first."""
    sealed = [webhook.sealed_secret]
    if webhook.sealed_former_secret and webhook.former_until and now < webhook.former_until:
        sealed.append(webhook.sealed_former_secret)
    return [vault.open(text) for text in sealed]
