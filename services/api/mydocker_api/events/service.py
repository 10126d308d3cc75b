"""Which changes a person hears of."""

import asyncio
from collections.abc import AsyncIterator, Callable

from mydocker_kit.contracts.events import ChangeEvent, EventKind
from mydocker_kit.db import Sessions, transaction

from ..courses import queries as courses
from ..domain.policy import Audience, Person
from ..feed import Feed
from ..metrics import STREAMS

SILENCE = 10.0
"""Seconds after which a comment shows that the line is alive."""


async def changes_for(
    sessions: Sessions, feed: Feed, person: Person, life: float, is_over: Callable[[], bool]
) -> AsyncIterator[ChangeEvent | None]:
    """Changes this person may hear of, for `life` seconds or until it `is_over`.

    None when there was none for a while.

    No database connection is held while waiting.
    """
    over = asyncio.get_running_loop().time() + life
    audience: Audience | None = None

    def heard(event: ChangeEvent) -> ChangeEvent | None:
        if audience is None:  # not known yet: looked at once it is
            return event
        audience.learn(event)
        return audience.visible(event)

    # Asked where a change is told: to wake thousands of streams for each, so that all but one
    # find it none of theirs, would take all of a processor while a class starts.
    async with feed.hub.subscribe(lambda event: is_over() or heard(event) is not None) as changes:
        audience = await _audience(sessions, person)
        with STREAMS.track_inprogress():
            yield None
            while not is_over() and (left := over - asyncio.get_running_loop().time()) > 0:
                try:
                    event = await asyncio.wait_for(changes.get(), min(SILENCE, left))
                except TimeoutError:
                    yield None
                    continue
                if (told := heard(event)) is None:
                    continue
                if told.kind is EventKind.ROLE_CHANGED:  # what may be heard is another from now on
                    audience = await _audience(sessions, person)
                yield told


async def _audience(sessions: Sessions, person: Person) -> Audience:
    async with transaction(sessions) as db:
        overseen, joined = await courses.audience(db, person.id)
    return Audience(person.id, overseen, joined, person.operates)
