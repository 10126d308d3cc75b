"""The change log for programs, as server-sent events with numbers to continue from."""

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from fastapi.sse import EventSourceResponse, ServerSentEvent

from mydocker_kit.contracts.events import ChangeKind
from mydocker_kit.contracts.values import Serial
from mydocker_kit.errors import ProblemError

from ..auth.api_tokens import kinds_within
from ..deps import Changes, CurrentPerson, SessionsOf, StreamSlot, Token, access_token
from ..deps import current_person as caller_now
from ..idempotency.route import CreationRoute
from . import service

ENDED = "stream.ended"
"""The last event: the code says why."""
router = APIRouter(
    route_class=CreationRoute,
    prefix="/api",
    tags=["changes"],
)


async def first_number(
    sessions: SessionsOf,
    after: Annotated[Serial | None, Query()] = None,
    last_event_id: Annotated[Serial | None, Header()] = None,
) -> int:
    """`Last-Event-ID`, which clients send when they connect again, else `after`."""
    return await service.first_number(sessions, after if last_event_id is None else last_event_id)


async def kinds_asked(
    token: Token,
    kinds: Annotated[list[ChangeKind] | None, Query(max_length=len(ChangeKind))] = None,
) -> frozenset[ChangeKind]:
    """These kinds; without any, all that the token's scopes cover."""
    return kinds_within(token, kinds or ())


@router.get("/changes", response_class=EventSourceResponse, dependencies=[StreamSlot])
async def stream_changes(
    request: Request,
    person: CurrentPerson,
    kinds: Annotated[frozenset[ChangeKind], Depends(kinds_asked)],
    first: Annotated[int, Depends(first_number)],
    sessions: SessionsOf,
    changes: Changes,
) -> AsyncIterator[ServerSentEvent]:
    """Every change that I may see, numbered, from `Last-Event-ID` or `after` on.

    Without a number it begins with the next change. A token gets the kinds that its scopes cover.
    The log goes back a week (`changes_forgotten`). The last event, `stream.ended`, has the `code`
    of the refusal when the token expires or is revoked.
    """

    async def check() -> None:
        await access_token(request)
        await caller_now(request)

    async for change in service.changes_after(changes, sessions, person.id, kinds, first, check):
        if change is None:
            yield ServerSentEvent(comment="still here")
        elif isinstance(change, ProblemError):
            yield ServerSentEvent(event=ENDED, data={"code": change.code})
        else:
            yield ServerSentEvent(id=str(change.number), event=change.kind, data=change)
