"""A person's own activities."""

from fastapi import APIRouter

from ...deps import CurrentPerson, Db, Now, Statuses
from . import service
from .schemas import MyActivities

router = APIRouter(prefix="/api/activities", tags=["environments"])


@router.get("")
async def get_activities(
    person: CurrentPerson, db: Db, statuses: Statuses, now: Now
) -> MyActivities:
    """Courses I may open, their coming sessions, and what runs for me now."""
    return await service.activities(db, statuses, person, now)
