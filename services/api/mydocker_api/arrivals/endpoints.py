"""What only the gateway may tell: who launched what."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.launches import Arrival, CourseItem, Launch
from mydocker_kit.errors import Invalid

from ..deps import Db, FromGateway, Now
from . import service
from .schemas import ItemsWanted

router = APIRouter(prefix="/internal", dependencies=[FromGateway], include_in_schema=False)


@router.put("/launches/{launch_id}")
async def put_launch(launch_id: UUID, body: Launch, db: Db, now: Now) -> Arrival:
    """Take in one verified launch; the same id again gives the same answer."""
    if body.id != launch_id:
        raise Invalid("the launch's id is another one than the path's")
    return await service.arrive(db, body, now)


@router.post("/course-items")
async def course_items(body: ItemsWanted, db: Db) -> list[CourseItem]:
    """What a deep link says about these Courses."""
    return await service.course_items(db, body.user_id, body.course_ids)
