"""What editors and operators do about what others run."""

from uuid import UUID

from fastapi import APIRouter

from ...deps import CurrentPerson, Db, Statuses
from ...idempotency.route import CreationRoute
from . import service
from .schemas import StopOthers, StoppedOthers

router = APIRouter(
    route_class=CreationRoute,
    prefix="/api/courses/{course_id}/environments",
    tags=["room"],
)


@router.post("/stop", status_code=202)
async def stop_environments(
    course_id: UUID, body: StopOthers, person: CurrentPerson, db: Db, statuses: Statuses
) -> StoppedOthers:
    """Stop one, some or all environments of a Course, with words to their owners."""
    return await service.stop_others(db, statuses, person, course_id, body)
