"""What editors and operators do about what others run."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.problems import responses

from ...deps import CurrentPerson, Db, Statuses
from . import service
from .schemas import StopOthers, StoppedOthers

router = APIRouter(
    prefix="/api/courses/{course_id}/environments",
    tags=["room"],
    responses=responses(401, 403, 404, 409, 422, 503),
)


@router.post("/stop", status_code=202)
async def stop_environments(
    course_id: UUID, body: StopOthers, person: CurrentPerson, db: Db, statuses: Statuses
) -> StoppedOthers:
    """Stop one, some or all environments of a Course, with words to their owners."""
    return await service.stop_others(db, statuses, person, course_id, body)
