"""HTTP endpoints of trials; the window of a trial is that of every Course."""

from uuid import UUID

from fastapi import APIRouter

from ..deps import Composed, CurrentPerson, Now
from ..idempotency.route import CreationRoute
from . import service
from .schemas import BuildTrial

router = APIRouter(
    route_class=CreationRoute, prefix="/api/builds/{build_id}/trial", tags=["images"]
)


@router.get("")
async def get_trial(build_id: UUID, person: CurrentPerson, services: Composed) -> BuildTrial:
    """My trial of a Build, if there is one."""
    return await service.show(services, person, build_id)


@router.post("", status_code=202)
async def start_trial(
    build_id: UUID, person: CurrentPerson, services: Composed, now: Now
) -> BuildTrial:
    """Start an Environment of a Build as a student would have it; it ends by itself.

    Its state, ports, credentials, logs and its end are those of the environment of `course_id`.
    """
    return await service.begin(services, person, build_id, now)
