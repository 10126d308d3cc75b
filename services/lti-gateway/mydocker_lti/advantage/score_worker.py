"""Brings queued scores to gradebooks: at least once, in order, for as long as it takes.

One lane per gradebook column. Whoever holds a lane's lease works along it; so two workers make
one column, and a person's scores never overtake each other.
"""

import asyncio
import random
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import exists, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.rosters import ContextKey
from mydocker_kit.contracts.scores import Score, ScoreState
from mydocker_kit.db import Sessions, transaction
from mydocker_kit.logging import get_logger
from mydocker_kit.notify import Bell

from .. import metrics
from ..domain.service_urls import Offer
from ..http_client.client import PlatformAway
from ..models import LineItem, QueuedScore, Registration
from . import service_claims as offers
from .ags import Gradebooks, Outcome, Work

log = get_logger()
EVERY = 5.0
AT_ONCE = 8
BATCH = 20
PATIENCE = 120
"""Seconds for all calls that one score needs."""
LEASE = timedelta(minutes=3)
"""Longer than our patience: nobody takes over from somebody who still works."""
FIRST_PAUSE, LONGEST_PAUSE = 5.0, 300.0
_NOTHING = Offer(None, None, None, frozenset())


@dataclass(frozen=True)
class _Turn:
    """The right to work along one lane."""

    item_id: UUID
    lease: UUID


class Deliveries:
    """The loop; as many replicas as there are may run it."""

    def __init__(self, sessions: Sessions, gradebooks: Gradebooks, clock: Clock) -> None:
        self._sessions, self._gradebooks, self._clock = sessions, gradebooks, clock
        self.bell = Bell()

    async def step(self) -> None:
        """Work along every lane that is due, until none is."""
        while turns := await self._take_turns():
            await asyncio.gather(*(self._work(turn) for turn in turns))
        await self._measure()

    async def _take_turns(self) -> list[_Turn]:
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
            .limit(AT_ONCE)
            .with_for_update(of=LineItem, skip_locked=True)
        )
        async with transaction(self._sessions) as db:
            ids = (await db.scalars(due)).all()
            if ids:
                mine = update(LineItem).where(LineItem.id.in_(ids))
                await db.execute(mine.values(lease=lease, leased_until=now + LEASE))
        return [_Turn(id, lease) for id in ids]

    async def _work(self, turn: _Turn) -> None:
        """Score after score; what fails keeps its place and the lane rests."""
        failure = None
        try:
            for _ in range(BATCH):
                work = await self._next(turn)
                if work is None:
                    break
                async with asyncio.timeout(PATIENCE):
                    outcome = await self._gradebooks.deliver(work, self._clock())
                await self._settle(work, outcome)
        except (PlatformAway, TimeoutError) as error:
            failure = str(error) or "too slow"
        except Exception:  # one lane's trouble stays its own
            log.exception("scores.lane_failed", line_item=str(turn.item_id))
            failure = "a fault on our side"
        await self._end(turn, failure)

    async def _next(self, turn: _Turn) -> Work | None:
        """The oldest score of the lane while the lease is ours, and the lease anew."""
        now = self._clock()
        async with transaction(self._sessions) as db:
            item = await _held(db, turn)
            if item is None:
                return None
            item.leased_until = now + LEASE
            query = select(QueuedScore).where(
                QueuedScore.line_item_id == item.id, QueuedScore.settled_at.is_(None)
            )
            row = await db.scalar(query.order_by(QueuedScore.number).limit(1))
            if row is None:
                return None
            row.attempts += 1
            return await _work_of(db, item, row)

    async def _settle(self, work: Work, outcome: Outcome) -> None:
        score = work.row.id
        settled = update(QueuedScore).where(
            QueuedScore.id == score, QueuedScore.settled_at.is_(None)
        )
        said = {"state": outcome.state, "reason": outcome.reason, "settled_at": self._clock()}
        async with transaction(self._sessions) as db:
            await db.execute(settled.values(**said))
            await db.execute(
                update(LineItem).where(LineItem.id == work.item.id).values(tries=0, failure=None)
            )
        metrics.SCORES.labels(outcome.state).inc()
        log.info(f"score.{outcome.state}", score=str(score), reason=outcome.reason)

    async def _end(self, turn: _Turn, failure: str | None) -> None:
        async with transaction(self._sessions) as db:
            item = await _held(db, turn)
            if item is None:
                return
            item.lease = item.leased_until = None
            if failure is not None:
                item.tries, item.failure = item.tries + 1, failure
                item.next_try_at = self._clock() + _pause(item.tries)
                metrics.SCORE_RETRIES.inc()
                log.warning(
                    "scores.put_off", line_item=str(item.id), tries=item.tries, error=failure
                )

    async def _measure(self) -> None:
        query = select(func.count(), func.min(QueuedScore.queued_at)).where(
            QueuedScore.settled_at.is_(None)
        )
        async with transaction(self._sessions) as db:
            count, oldest = (await db.execute(query)).one()
        metrics.SCORES_QUEUED.set(count)
        age = self._clock() - oldest if oldest else timedelta(0)
        metrics.OLDEST_SCORE.set(max(0.0, age.total_seconds()))


def _pause(tries: int) -> timedelta:
    """Five seconds, doubling up to five minutes; jittered, so that lanes do not march in step."""
    longest = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(tries - 1, 10))
    return timedelta(seconds=longest * random.uniform(0.5, 1.0))


async def _held(db: AsyncSession, turn: _Turn) -> LineItem | None:
    """The lane, locked, if its lease is still ours."""
    query = select(LineItem).where(LineItem.id == turn.item_id, LineItem.lease == turn.lease)
    return await db.scalar(query.with_for_update())


async def _work_of(db: AsyncSession, item: LineItem, row: QueuedScore) -> Work:
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
    return Work(
        registration=await db.get_one(Registration, item.registration_id),
        offer=await offers.link_offer(db, context, item.resource_link_id) or _NOTHING,
        item=item,
        row=row,
        score=Score.model_validate(row.said),
        is_graded=bool(await db.scalar(select(graded))),
        is_newest=not await db.scalar(select(later)),
    )
