"""Rights to a Course or an Image: the same calls below each."""

from uuid import UUID

from fastapi import APIRouter
from sqlalchemy.ext.asyncio import AsyncSession

from ..deps import Config, CurrentPerson, Db, Now
from ..domain.policy import Person
from ..models import Course, Image
from ..rights.courses import visible_course
from ..rights.images import usable_image
from . import service
from .schemas import ChangedRight, NewShare, Sharing

router = APIRouter(prefix="/api")


async def _course(course_id: UUID, person: Person, db: AsyncSession) -> Course:
    course, _ = await visible_course(db, person, course_id)
    return course


async def _image(image_id: UUID, person: Person, db: AsyncSession) -> Image:
    image, _ = await usable_image(db, person, image_id)
    return image


@router.get("/courses/{course_id}/shares", tags=["courses"])
async def list_course_shares(course_id: UUID, person: CurrentPerson, db: Db) -> Sharing:
    """Who has which right to a Course, and where it comes from."""
    return await service.shown(db, person, await _course(course_id, person, db))


@router.post("/courses/{course_id}/shares", tags=["courses"])
async def share_course(
    course_id: UUID, body: NewShare, person: CurrentPerson, db: Db, now: Now
) -> Sharing:
    """Share a Course with an address of my platform; who never came finds it at their arrival."""
    return await service.give(db, person, await _course(course_id, person, db), body, now)


@router.put("/courses/{course_id}/shares/{share_id}", tags=["courses"])
async def change_course_share(
    course_id: UUID, share_id: UUID, body: ChangedRight, person: CurrentPerson, db: Db
) -> Sharing:
    """Give the same person another right."""
    return await service.change(
        db, person, await _course(course_id, person, db), share_id, body.right
    )


@router.delete("/courses/{course_id}/shares/{share_id}", status_code=204, tags=["courses"])
async def remove_course_share(
    course_id: UUID, share_id: UUID, person: CurrentPerson, db: Db
) -> None:
    """Take a right away, or give up my own; what the person runs of the Course stops."""
    await service.remove(db, person, await _course(course_id, person, db), share_id)


@router.post("/courses/{course_id}/shares/{share_id}/owner", tags=["courses"])
async def hand_over_course(
    course_id: UUID, share_id: UUID, person: CurrentPerson, db: Db, settings: Config, now: Now
) -> Sharing:
    """Make the person of a share the owner; I keep the right to edit."""
    course = await _course(course_id, person, db)
    return await service.hand_over(db, settings, person, course, share_id, now)


@router.get("/images/{image_id}/shares", tags=["images"])
async def list_image_shares(image_id: UUID, person: CurrentPerson, db: Db) -> Sharing:
    """Who has which right to an Image, and where it comes from."""
    return await service.shown(db, person, await _image(image_id, person, db))


@router.post("/images/{image_id}/shares", tags=["images"])
async def share_image(
    image_id: UUID, body: NewShare, person: CurrentPerson, db: Db, now: Now
) -> Sharing:
    """Share an Image with an address of my platform; who never came finds it at their arrival."""
    return await service.give(db, person, await _image(image_id, person, db), body, now)


@router.put("/images/{image_id}/shares/{share_id}", tags=["images"])
async def change_image_share(
    image_id: UUID, share_id: UUID, body: ChangedRight, person: CurrentPerson, db: Db
) -> Sharing:
    """Give the same person another right."""
    return await service.change(
        db, person, await _image(image_id, person, db), share_id, body.right
    )


@router.delete("/images/{image_id}/shares/{share_id}", status_code=204, tags=["images"])
async def remove_image_share(image_id: UUID, share_id: UUID, person: CurrentPerson, db: Db) -> None:
    """Take a right away, or give up my own; Courses that run a build of the Image keep it."""
    await service.remove(db, person, await _image(image_id, person, db), share_id)


@router.post("/images/{image_id}/shares/{share_id}/owner", tags=["images"])
async def hand_over_image(
    image_id: UUID, share_id: UUID, person: CurrentPerson, db: Db, settings: Config, now: Now
) -> Sharing:
    """Make the person of a share the owner; I keep the right to edit."""
    image = await _image(image_id, person, db)
    return await service.hand_over(db, settings, person, image, share_id, now)
