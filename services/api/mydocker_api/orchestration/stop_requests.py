"""Requests that running Environments stop."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.observability.logging import get_logger

from ..domain.environments.lifecycle import is_alive
from ..domain.statuses import RequestedState
from ..models import Environment
from . import queries
from .specs import request_of
from .status_cache import StatusCache

log = get_logger()


async def stop_environments_of(
    db: AsyncSession, statuses: StatusCache, course_id: UUID, spared: Collection[UUID]
) -> None:
    """Request that every Environment of the Course stops, except those of `spared`."""
    for row in await alive_environments(db, statuses, course_id):
        if row.user_id not in spared:
            request_stop(row, ReasonCode.STOPPED_BY_EDITOR)


async def alive_environments(
    db: AsyncSession, statuses: StatusCache, course_id: UUID
) -> list[Environment]:
    """Environments of the Course that run or are on their way, locked."""
    rows = await queries.running_requests(db, course_id)
    return [row for row in rows if is_alive(request_of(row), statuses.get(row.id))]


def request_stop(row: Environment, reason: ReasonCode, words: str = "") -> None:
    """Request that this attempt stops; `words` is a message to its owner."""
    row.wanted, row.stop_reason, row.stop_words = RequestedState.STOPPED, reason, words
    row.revision += 1
    log.info("environment.stop_requested", id=row.id, attempt=row.attempt, reason=reason)
