"""Binding of LMS activities to Courses."""

from uuid import UUID

from fastapi import APIRouter

from mydocker_kit.contracts.gateway.launches import Landing

from ..deps import CurrentPerson, Db, Now
from . import service
from .schemas import Binding

router = APIRouter(prefix="/api", tags=["courses"])


@router.post("/resource-links/{resource_link_id}/binding")
async def bind_resource_link(
    resource_link_id: UUID, body: Binding, person: CurrentPerson, db: Db, now: Now
) -> Landing:
    """Choose the Course that an LMS activity opens; answers where to go now."""
    return await service.bind(db, person, resource_link_id, body.course_id, now)
