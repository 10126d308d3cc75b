"""Ended web sessions for other services: they follow them, and end all of a person's."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.sessions import EndPerson
from mydocker_kit.contracts.values import Serial
from mydocker_kit.dependencies import AnsweringDatabase, Db, Now, calling_service
from mydocker_kit.problems import responses

from ..revocations import Endings, end_person

router = APIRouter(prefix="/internal", tags=["services"], dependencies=[Depends(calling_service)])
_SILENCE = 10.0


async def _endings(request: Request) -> Endings:
    endings: Endings = request.app.state.endings
    return endings


@router.get("/ended-sessions", response_class=EventSourceResponse, dependencies=[AnsweringDatabase])
async def stream_ended_sessions(
    endings: Annotated[Endings, Depends(_endings)], after: Serial = 0
) -> AsyncIterator[ServerSentEvent]:
    """Sessions that ended after number `after`, half a day back at most, then each as it ends."""
    async for batch in endings.follow(after, _SILENCE):
        if not batch:
            yield ServerSentEvent(comment="still here")
        for ended in batch:
            yield ServerSentEvent(
                id=str(ended.number), event="session.ended", raw_data=ended.model_dump_json()
            )


@router.post("/people/{user_id}/end-sessions", status_code=204, responses=responses(401, 422))
async def end_sessions_of(user_id: UUID, body: EndPerson, db: Db, now: Now) -> None:
    """End every web session of this person, wherever they are signed in."""
    await end_person(db, user_id, body.reason, now)
