"""The change log as a stream: from a number on, what somebody may see at that moment."""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection
from uuid import UUID

from mydocker_kit.contracts.events import ChangeKind, LoggedChange
from mydocker_kit.errors import ProblemError
from mydocker_kit.postgres.db import Sessions, transaction

from ..change_log import ChangeLog, bounds
from ..courses.audiences import audience_of

SILENCE = 1.0
"""Seconds without a change after which the caller's right to the stream is looked at again."""
KEEP_ALIVE = 10
"""Silences after which a comment shows that the connection is alive."""


class ChangesForgotten(ProblemError):
    """The log is kept for a week, and cannot continue from a number that it does not have."""

    status, code, title = 410, "changes_forgotten", "The change log does not go back that far"


async def first_number(sessions: Sessions, asked: int | None) -> int:
    """The number after which to begin; without one asked for, the newest."""
    async with transaction(sessions) as db:
        oldest, newest = await bounds(db)
    if asked is None:
        return newest
    if not oldest - 1 <= asked <= newest:
        raise ChangesForgotten(oldest=oldest, newest=newest)
    return asked


async def changes_after(
    log: ChangeLog,
    sessions: Sessions,
    user_id: UUID,
    kinds: Collection[ChangeKind],
    after: int,
    check: Callable[[], Awaitable[object]],
) -> AsyncIterator[LoggedChange | ProblemError | None]:
    """Changes of these kinds that this person may see now, for ever; None to keep alive.

    `check` raises once the caller may listen no longer: the refusal is the last value.
    """
    silences = 0
    yield None
    async for batch in log.follow(after, SILENCE):
        try:
            await check()
        except ProblemError as refusal:
            yield refusal
            return
        silences = 0 if batch else silences + 1
        if silences and silences % KEEP_ALIVE == 0:
            yield None
        for change in await _shown(sessions, user_id, batch):
            if change.kind in kinds:
                yield change


async def _shown(
    sessions: Sessions, user_id: UUID, batch: list[LoggedChange]
) -> list[LoggedChange]:
    if not batch:
        return []
    async with transaction(sessions) as db:
        audience = await audience_of(db, user_id)
    if audience is None:
        return []
    return [shown for change in batch if (shown := audience.shown(change))]
