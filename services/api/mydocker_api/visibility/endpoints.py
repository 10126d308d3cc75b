"""Images for all teachers: owners ask, operators decide; and who uses an Image."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.base import Page

from ..deps import CurrentPerson, Db, Now, Operator, Paged
from ..domain.policy.visibility import Visibility
from . import service
from .queries import RequestSort
from .schemas import (
    ImageUses,
    ImageVisibility,
    VisibilityAnswer,
    VisibilityAsk,
    VisibilityRequest,
)

router = APIRouter(prefix="/api", tags=["images"])


@router.get("/images/{image_id}/visibility")
async def get_image_visibility(image_id: UUID, person: CurrentPerson, db: Db) -> ImageVisibility:
    """Whether an Image is for all teachers."""
    return await service.shown(db, person, image_id)


@router.put("/images/{image_id}/visibility")
async def ask_for_visibility(
    image_id: UUID, body: VisibilityAsk, person: CurrentPerson, db: Db, now: Now
) -> ImageVisibility:
    """Ask operators to open my Image to all teachers. Idempotent."""
    return await service.ask(db, person, image_id, body, now)


@router.delete("/images/{image_id}/visibility")
async def withdraw_visibility(image_id: UUID, person: CurrentPerson, db: Db) -> ImageVisibility:
    """Make my Image private again. Courses that run a Build of it keep it. Idempotent."""
    return await service.withdraw(db, person, image_id)


@router.get("/images/{image_id}/uses")
async def list_image_uses(image_id: UUID, person: CurrentPerson, db: Db) -> ImageUses:
    """Courses that run a Build of an Image that I may change, at most 50."""
    return await service.uses(db, person, image_id)


@router.get("/image-visibility")
async def list_visibility_requests(
    operator: Operator,
    db: Db,
    paging: Paged,
    state: Visibility | None = None,
    sort: RequestSort = RequestSort.LONGEST_WAITING,
) -> Page[VisibilityRequest]:
    """Requests to open an Image to all teachers; `search` in titles and owners' names."""
    return await service.requests(db, paging, state, sort)


@router.put("/image-visibility/{image_id}")
async def decide_visibility(
    image_id: UUID, body: VisibilityAnswer, operator: Operator, db: Db, now: Now
) -> VisibilityRequest:
    """Approve or refuse; refusing also ends an approval."""
    return await service.decide(db, operator, image_id, body, now)
