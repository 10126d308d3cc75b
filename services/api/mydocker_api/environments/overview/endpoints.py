"""Everything that runs, for operators."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page

from ...deps import Db, Operator, Paged, Statuses
from . import service
from .queries import EnvironmentSort
from .schemas import EnvironmentDetail, EnvironmentEntry, EnvironmentFilter

router = APIRouter(prefix="/api/environments", tags=["room"])


@router.get("")
async def list_environments(
    _operator: Operator,
    db: Db,
    statuses: Statuses,
    paging: Paged,
    state: EnvironmentFilter | None = None,
    sort: EnvironmentSort = EnvironmentSort.ALIVE,
) -> Page[EnvironmentEntry]:
    """Environments of all Courses.

    `search` looks in the names of owners, Courses, machines and containers, and for the reference
    of a failed start.
    """
    return await service.environments(db, statuses, paging, state, sort)


@router.get("/{environment_id}")
async def get_environment(
    environment_id: UUID, _operator: Operator, db: Db, statuses: Statuses
) -> EnvironmentDetail:
    """One environment: what was started, where, and why it failed, with its last output."""
    return await service.environment(db, statuses, environment_id)
