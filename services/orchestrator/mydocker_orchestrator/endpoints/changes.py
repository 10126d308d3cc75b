"""The stream of status changes that api follows."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.values import Serial
from mydocker_kit.dependencies import AnsweringDatabase, calling_service

from ..deps import Feed

router = APIRouter(tags=["changes"], dependencies=[Depends(calling_service)])
_SILENCE = 10.0


@router.get("/changes", response_class=EventSourceResponse, dependencies=[AnsweringDatabase])
async def stream_changes(feed: Feed, after: Serial = 0) -> AsyncIterator[ServerSentEvent]:
    """Every status that changed after number `after`, then each change as it happens."""
    async for batch in feed.follow(after, _SILENCE):
        if not batch:
            yield ServerSentEvent(comment="still here")
        for status in batch:
            yield ServerSentEvent(
                id=str(status.version),
                event=EventKind.ENVIRONMENT_CHANGED.value,
                raw_data=status.model_dump_json(),
            )
