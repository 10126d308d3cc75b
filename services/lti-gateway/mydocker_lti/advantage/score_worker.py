"""Delivers queued scores to gradebooks: at least once, in order, with retries and backoff.

A worker leases a line item and sends its scores in order; other workers skip it. So two workers do
not create the same line item twice, and a person's scores are not reordered. A failure ends the
lease and schedules the next try with exponential backoff and jitter; a crash lets the lease expire.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.gateway.rosters import ContextKey
from mydocker_kit.contracts.gateway.scores import Score, ScoreState
from mydocker_kit.observability.logging import get_logger
from mydocker_kit.outgoing.client import RemoteUnavailable
from mydocker_kit.postgres.db import Sessions, transaction
from mydocker_kit.postgres.notify import Wakeup

from .. import metrics
from ..domain.services.service_urls import Offer
from ..models import LineItem, QueuedScore, Registration
from . import service_claims
from .ags import Delivery, Gradebooks, Outcome

log = get_logger()
INTERVAL = 5.0
MAX_CONCURRENT = 8
BATCH = 20
DELIVERY_TIMEOUT = 120
"""Seconds for all calls of one delivery."""
LEASE_TIME = timedelta(minutes=3)
"""Longer than `DELIVERY_TIMEOUT`, so that a lease does not expire during a delivery."""
FIRST_BACKOFF, MAX_BACKOFF = 5.0, 300.0
_NO_SERVICES = Offer(None, None, None, frozenset())


@dataclass(frozen=True)
class _Lease:
    """A lease of a line item."""

    item_id: UUID
    lease: UUID


class ScoreWorker:
    """The delivery loop; all replicas may run it at the same time."""

    def __init__(self, sessions: Sessions, gradebooks: Gradebooks, clock: Clock) -> None:
        self._sessions, self._gradebooks, self._clock = sessions, gradebooks, clock
        self.wakeup = Wakeup()

    async def step(self) -> None:
        """Deliver the scores of all line items that are due, until none is."""
        while leases := await self._lease_line_items():
            await asyncio.gather(*(self._work(lease) for lease in leases))
        await self._update_gauges()

    async def _lease_line_items(self) -> list[_Lease]:
        now, lease = self._clock(), uuid4()
        waiting = exists().where(
            QueuedScore.line_item_id == LineItem.id, QueuedScore.settled_at.is_(None)
        )
        due = (
            select(LineItem.id)
            .join(Registration, Registration.id == LineItem.registration_id)
            .where(
                Registration.disabled_at.is_(None),
                LineItem.next_try_at <= now,
                or_(LineItem.leased_until.is_(None), LineItem.leased_until < now),
                waiting,
            )
            .order_by(LineItem.next_try_at)
            .limit(MAX_CONCURRENT)
            .with_for_update(of=LineItem, skip_locked=True)
        )
        async with transaction(self._sessions) as db:
            ids = (await db.scalars(due)).all()
            if ids:
                leased = update(LineItem).where(LineItem.id.in_(ids))
                await db.execute(leased.values(lease=lease, leased_until=now + LEASE_TIME))
        return [_Lease(id, lease) for id in ids]

    async def _work(self, lease: _Lease) -> None:
        """Deliver a line item's scores in order; a failure schedules a retry."""
        failure = None
        try:
            for _ in range(BATCH):
                delivery = await self._next(lease)
                if delivery is None:
                    break
                async with asyncio.timeout(DELIVERY_TIMEOUT):
                    outcome = await self._gradebooks.deliver(delivery, self._clock())
                await self._settle(delivery, outcome)
        except (RemoteUnavailable, TimeoutError) as error:
            failure = str(error) or "too slow"
        except Exception:  # a failure of one line item must not stop the others
            log.exception("scores.line_item_failed", line_item=str(lease.item_id))
            failure = "a fault on our side"
        await self._end(lease, failure)

    async def _next(self, lease: _Lease) -> Delivery | None:
        """The oldest queued score of the line item; renews the lease, None if it was lost."""
        now = self._clock()
        async with transaction(self._sessions) as db:
            item = await _leased_line_item(db, lease)
            if item is None:
                return None
            item.leased_until = now + LEASE_TIME
            query = select(QueuedScore).where(
                QueuedScore.line_item_id == item.id, QueuedScore.settled_at.is_(None)
            )
            row = await db.scalar(query.order_by(QueuedScore.number).limit(1))
            if row is None:
                return None
            row.attempts += 1
            return await _work_of(db, item, row)

    async def _settle(self, delivery: Delivery, outcome: Outcome) -> None:
        score = delivery.row.id
        settled = update(QueuedScore).where(
            QueuedScore.id == score, QueuedScore.settled_at.is_(None)
        )
        values = {"state": outcome.state, "reason": outcome.reason, "settled_at": self._clock()}
        async with transaction(self._sessions) as db:
            await db.execute(settled.values(**values))
            await db.execute(
                update(LineItem)
                .where(LineItem.id == delivery.item.id)
                .values(tries=0, failure=None)
            )
        metrics.SCORES.labels(outcome.state).inc()
        log.info(f"score.{outcome.state}", score=str(score), reason=outcome.reason)

    async def _end(self, lease: _Lease, failure: str | None) -> None:
        async with transaction(self._sessions) as db:
            item = await _leased_line_item(db, lease)
            if item is None:
                return
            item.lease = item.leased_until = None
            if failure is not None:
                item.tries, item.failure = item.tries + 1, failure
                item.next_try_at = self._clock() + _backoff(item.tries)
                metrics.SCORE_RETRIES.inc()
                log.warning(
                    "scores.retry_scheduled",
                    line_item=str(item.id),
                    tries=item.tries,
                    error=failure,
                )

    async def _update_gauges(self) -> None:
        query = select(func.count(), func.min(QueuedScore.queued_at)).where(
            QueuedScore.settled_at.is_(None)
        )
        async with transaction(self._sessions) as db:
            count, oldest = (await db.execute(query)).one()
        metrics.SCORES_QUEUED.set(count)
        age = self._clock() - oldest if oldest else timedelta(0)
        metrics.OLDEST_SCORE.set(max(0.0, age.total_seconds()))


def _backoff(tries: int) -> timedelta:
    """Exponential backoff from 5 s to 5 min with jitter, so that retries spread out."""
    longest = min(MAX_BACKOFF, FIRST_BACKOFF * 2 ** min(tries - 1, 10))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))


async def _leased_line_item(db: AsyncSession, lease: _Lease) -> LineItem | None:
    """The line item, locked, if the lease is still held."""
    query = select(LineItem).where(LineItem.id == lease.item_id, LineItem.lease == lease.lease)
    return await db.scalar(query.with_for_update())


async def _work_of(db: AsyncSession, item: LineItem, row: QueuedScore) -> Delivery:
    context = ContextKey(
        registration_id=item.registration_id,
        deployment_id=item.deployment_id,
        context_id=item.context_id,
    )
    graded = exists().where(
        QueuedScore.line_item_id == item.id,
        QueuedScore.subject == row.subject,
        QueuedScore.state == ScoreState.DELIVERED,
        QueuedScore.said["grading"].astext == "FullyGraded",
    )
    later = exists().where(
        QueuedScore.line_item_id == item.id,
        QueuedScore.subject == row.subject,
        QueuedScore.number > row.number,
    )
    return Delivery(
        registration=await db.get_one(Registration, item.registration_id),
        offer=await service_claims.link_offer(db, context, item.resource_link_id) or _NO_SERVICES,
        item=item,
        row=row,
        score=Score.model_validate(row.said),
        is_graded=bool(await db.scalar(select(graded))),
        is_newest=not await db.scalar(select(later)),
    )
