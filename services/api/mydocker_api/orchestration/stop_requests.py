"""Requests that running Environments stop."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import ReasonCode
from mydocker_kit.logging import get_logger

from ..domain.environments.lifecycle import is_alive
from ..domain.statuses import Wanted
from ..models import Environment
from . import queries
from .specs import wish_of
from .status_cache import LiveEnvironments

log = get_logger()


async def stop_all(
    db: AsyncSession, live: LiveEnvironments, course_id: UUID, spared: UUID | None
) -> None:
    """Want every Environment of the Course stopped, but that of the person `spared`."""
    for row in await alive_of(db, live, course_id):
        if row.user_id != spared:
            want_stopped(row, ReasonCode.STOPPED_BY_EDITOR)


async def alive_of(db: AsyncSession, live: LiveEnvironments, course_id: UUID) -> list[Environment]:
    """Environments of the Course that run or are on their way, locked."""
    rows = await queries.running_wishes(db, course_id)
    return [row for row in rows if is_alive(wish_of(row), live.get(row.id))]


def want_stopped(row: Environment, reason: ReasonCode, words: str = "") -> None:
    """Write the wish that this attempt ends; `words` are for its owner to read."""
    row.wanted, row.stop_reason, row.stop_words = Wanted.STOPPED, reason, words
    row.revision += 1
    log.info("environment.stop_wanted", id=row.id, attempt=row.attempt, reason=reason)
