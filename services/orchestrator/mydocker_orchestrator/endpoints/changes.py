"""The stream of status changes that api follows."""

from collections.abc import AsyncIterator

from fastapi import APIRouter, Depends
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.values import Serial
from mydocker_kit.web.dependencies import AnsweringDatabase, calling_service

from ..deps import Feed

router = APIRouter(tags=["changes"], dependencies=[Depends(calling_service)])
_KEEP_ALIVE = 10.0


@router.get("/changes", response_class=EventSourceResponse, dependencies=[AnsweringDatabase])
async def stream_changes(feed: Feed, after: Serial = 0) -> AsyncIterator[ServerSentEvent]:
    """Stream every status with a version above `after`, then each change as it happens."""
    async for batch in feed.follow(after, _KEEP_ALIVE):
        if not batch:
            yield ServerSentEvent(comment="still here")
        for status in batch:
            yield ServerSentEvent(
                id=str(status.version),
                event=EventKind.ENVIRONMENT_CHANGED.value,
                raw_data=status.model_dump_json(),
            )
