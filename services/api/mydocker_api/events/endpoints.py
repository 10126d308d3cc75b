"""Server-sent events for the browser: each names what changed, and the browser refetches it."""

from collections.abc import AsyncIterator

from fastapi import APIRouter
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.events import EventKind

from ..deps import CurrentPerson, Ended, Events, Now, SessionsOf, StreamSlot, Token
from . import service

router = APIRouter(prefix="/api", tags=["events"])


@router.get("/events", response_class=EventSourceResponse, dependencies=[StreamSlot])
async def stream_events(
    person: CurrentPerson, token: Token, sessions: SessionsOf, feed: Events, ended: Ended, now: Now
) -> AsyncIterator[ServerSentEvent]:
    """What changed for me. Ends with my access token, and with my web session."""
    life = (token.expires_at - now).total_seconds()

    def is_over() -> bool:
        return ended.is_over(token.web_session_id)

    async for event in service.changes_for(sessions, feed, person, life, is_over):
        if event is None:
            yield ServerSentEvent(comment="still here")
        else:
            yield ServerSentEvent(id=str(event.id), event=event.kind, data=event)
    if reason := ended.reason(token.web_session_id):
        # The last event tells the page why, so that it does not reconnect.
        yield ServerSentEvent(event=EventKind.SESSION_ENDED, data={"reason": reason.value})
