"""Queue of scores from api: idempotent, with strictly increasing timestamps.

https://www.imsglobal.org/spec/lti-ags/v2p0#score-publish-service
"""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.scores import Score, ScoreState, ScoreStatus
from mydocker_kit.errors import Conflict, NotFound

from ..models import LineItem, QueuedScore
from . import service_claims

SECOND = timedelta(seconds=1)


class GradesNotOffered(Conflict):
    """The newest launch of this resource link offers no score service."""

    code, title = "grades_not_offered", "The platform takes no scores for this link"


class ScoreIdTaken(Conflict):
    """The id is in use by a different score."""

    code, title = "score_id_taken", "Another score has this id"


class ScoreUnknown(NotFound):
    """No score has this id: never queued, or deleted by retention."""

    code, title = "score_unknown", "No such score"


async def queue_score(db: AsyncSession, id: UUID, score: Score, now: datetime) -> ScoreStatus:
    """Queue the score. Idempotent; `ScoreIdTaken` if the id has another score."""
    known = await db.get(QueuedScore, id)
    if known is None:
        known = await _new_score(db, id, score, now)
    elif Score.model_validate(known.said) != score:
        raise ScoreIdTaken
    return status_of(known)


async def score_status(db: AsyncSession, id: UUID) -> ScoreStatus:
    score = await db.get(QueuedScore, id)
    if score is None:
        raise ScoreUnknown
    status = status_of(score)
    if score.settled_at is not None:
        return status
    item = await db.get_one(LineItem, score.line_item_id)
    return status.model_copy(update={"reason": item.failure})


def status_of(score: QueuedScore) -> ScoreStatus:
    return ScoreStatus(
        id=score.id,
        state=ScoreState(score.state),
        reason=score.reason,
        attempts=score.attempts,
        settled_at=score.settled_at,
    )


async def _new_score(db: AsyncSession, id: UUID, score: Score, now: datetime) -> QueuedScore:
    offer = await service_claims.link_offer(db, score.context, score.resource_link_id)
    if offer is None or not offer.takes_scores:
        raise GradesNotOffered
    item_id = await _locked_line_item(db, score, now)
    known = await db.get(QueuedScore, id)
    if known is not None:  # a concurrent repetition of this call
        return known
    row = QueuedScore(
        id=id,
        line_item_id=item_id,
        subject=score.subject,
        said=score.model_dump(mode="json"),
        stamp=await _stamp(db, item_id, score, now),
        state=ScoreState.QUEUED,
        attempts=0,
        queued_at=now,
    )
    db.add(row)
    await db.flush()
    return row


async def _locked_line_item(db: AsyncSession, score: Score, now: datetime) -> UUID:
    """Id of the line item, created if new; locked, so that timestamps increase."""
    key: dict[str, Any] = {
        **score.context.model_dump(),
        "resource_link_id": score.resource_link_id,
        "resource_id": score.resource_id,
        "tag": score.tag,
    }
    fresh = insert(LineItem).values(id=uuid4(), tries=0, next_try_at=now, **key)
    await db.execute(fresh.on_conflict_do_nothing(constraint="uq_line_items_place"))
    query = select(LineItem.id).filter_by(**key).with_for_update()
    return (await db.scalars(query)).one()


async def _stamp(db: AsyncSession, item_id: UUID, score: Score, now: datetime) -> datetime:
    """The score's time, not in the future, at least a second after the person's last score.

    Moodle refuses a timestamp that is not later than the stored one in whole seconds.
    """
    happened = min(score.at, now).replace(microsecond=0)
    query = select(func.max(QueuedScore.stamp)).where(
        QueuedScore.line_item_id == item_id, QueuedScore.subject == score.subject
    )
    last: datetime | None = await db.scalar(query)
    return happened if last is None else max(happened, last + SECOND)
