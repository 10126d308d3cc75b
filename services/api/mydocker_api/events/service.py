"""The change stream of a person, filtered by what they may see."""

import asyncio
from collections.abc import AsyncIterator, Callable

from mydocker_kit.contracts.events import ChangeEvent, EventKind
from mydocker_kit.postgres.db import Sessions, transaction

from ..courses import queries as courses
from ..domain.policy import Audience, Person
from ..feed import Feed
from ..metrics import STREAMS

SILENCE = 10.0
"""Seconds after which a comment shows that the connection is alive."""


async def changes_for(
    sessions: Sessions, feed: Feed, person: Person, life: float, is_over: Callable[[], bool]
) -> AsyncIterator[ChangeEvent | None]:
    """Changes this person may see, for `life` seconds or until it `is_over`.

    Yields None after `SILENCE` seconds without a change. No database connection is held while
    waiting.
    """
    deadline = asyncio.get_running_loop().time() + life
    audience: Audience | None = None

    def visible(event: ChangeEvent) -> ChangeEvent | None:
        if audience is None:  # not loaded yet: filtered again below
            return event
        audience.learn(event)
        return audience.visible(event)

    # The hub filters before it wakes a reader: waking thousands of streams for a change that few
    # of them show would take a whole processor while a class starts.
    async with feed.hub.subscribe(lambda event: is_over() or visible(event) is not None) as changes:
        audience = await _audience(sessions, person)
        with STREAMS.track_inprogress():
            yield None
            while not is_over() and (left := deadline - asyncio.get_running_loop().time()) > 0:
                try:
                    event = await asyncio.wait_for(changes.get(), min(SILENCE, left))
                except TimeoutError:
                    yield None
                    continue
                if (shown := visible(event)) is None:
                    continue
                if shown.kind is EventKind.ROLE_CHANGED:  # other changes are visible from now on
                    audience = await _audience(sessions, person)
                yield shown


async def _audience(sessions: Sessions, person: Person) -> Audience:
    async with transaction(sessions) as db:
        overseen, joined = await courses.audience(db, person.id)
    return Audience(person.id, overseen, joined, person.operates)
