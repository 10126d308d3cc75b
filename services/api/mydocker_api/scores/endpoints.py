"""Sending a score for a person of a Course."""

from contextlib import suppress
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends

from mydocker_kit.errors import ProblemError
from mydocker_kit.postgres.db import transaction

from ..deps import Composed, CurrentPerson, Now, SessionsOf
from ..rosters.schemas import LastScore
from . import service
from .schemas import ScoreDraft
from .service import ScoreDelivery

router = APIRouter(
    prefix="/api/courses/{course_id}/people/{user_id}",
    tags=["courses"],
)


async def _delivery(services: Composed) -> ScoreDelivery:
    return ScoreDelivery.of(services)


@router.put("/score", status_code=202)
async def send_score(
    course_id: UUID,
    user_id: UUID,
    body: ScoreDraft,
    person: CurrentPerson,
    sessions: SessionsOf,
    delivery: Annotated[ScoreDelivery, Depends(_delivery)],
    now: Now,
) -> LastScore:
    """Send a score, or that the work is done, to the gradebook; `state` says how far it came."""
    async with transaction(sessions) as db:
        score = await service.store(db, person, course_id, user_id, body, now)
    with suppress(ProblemError):  # the loop delivers it later
        await delivery.deliver(score)
    async with transaction(sessions) as db:
        return await service.score_of(db, score)
