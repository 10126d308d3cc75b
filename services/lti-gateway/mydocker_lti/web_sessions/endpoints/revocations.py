"""Session revocation feed for other services, and revocation of a person's sessions."""

from collections.abc import AsyncIterator
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.gateway.sessions import EndPerson
from mydocker_kit.contracts.values import Serial
from mydocker_kit.web.dependencies import AnsweringDatabase, Db, Now, calling_service

from ..revocations import Revocations, end_sessions_of_person

router = APIRouter(prefix="/internal", tags=["services"], dependencies=[Depends(calling_service)])
_SILENCE = 10.0


async def _revocations(request: Request) -> Revocations:
    endings: Revocations = request.app.state.revocations
    return endings


@router.get("/ended-sessions", response_class=EventSourceResponse, dependencies=[AnsweringDatabase])
async def stream_ended_sessions(
    endings: Annotated[Revocations, Depends(_revocations)], after: Serial = 0
) -> AsyncIterator[ServerSentEvent]:
    """Server-sent events: sessions revoked after number `after` (13 h at most), then new ones."""
    async for batch in endings.follow(after, _SILENCE):
        if not batch:
            yield ServerSentEvent(comment="still here")
        for ended in batch:
            yield ServerSentEvent(
                id=str(ended.number), event="session.ended", raw_data=ended.model_dump_json()
            )


@router.post("/people/{user_id}/end-sessions", status_code=204)
async def end_sessions_of(user_id: UUID, body: EndPerson, db: Db, now: Now) -> None:
    """End all web sessions of this person."""
    await end_sessions_of_person(db, user_id, body.reason, now)
