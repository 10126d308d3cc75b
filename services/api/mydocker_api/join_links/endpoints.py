"""Join links of Courses, and joining by a code."""

from uuid import UUID

from fastapi import APIRouter

from ..deps import Config, CurrentPerson, Db, Limited, Now
from . import service
from .schemas import JoinByCode, JoinedCourse, JoinLinkDraft, JoinLinkOfCourse

router = APIRouter(prefix="/api", tags=["courses"])


@router.get("/courses/{course_id}/join-link")
async def get_join_link(
    course_id: UUID, person: CurrentPerson, db: Db, settings: Config
) -> JoinLinkOfCourse:
    """The link by which people without an LMS activity join a Course."""
    return await service.show(db, settings, person, course_id)


@router.put("/courses/{course_id}/join-link")
async def put_join_link(
    course_id: UUID,
    body: JoinLinkDraft,
    person: CurrentPerson,
    db: Db,
    settings: Config,
    now: Now,
) -> JoinLinkOfCourse:
    """Make the link, or change until when and for how many it works; the code stays."""
    return await service.put(db, settings, person, course_id, body, now)


@router.post("/courses/{course_id}/join-link/renew")
async def renew_join_link(
    course_id: UUID, person: CurrentPerson, db: Db, settings: Config, now: Now
) -> JoinLinkOfCourse:
    """Replace the code: the old one lets nobody in from now on."""
    return await service.renew(db, settings, person, course_id, now)


@router.delete("/courses/{course_id}/join-link", status_code=204)
async def revoke_join_link(course_id: UUID, person: CurrentPerson, db: Db, now: Now) -> None:
    """Let nobody else in; who has joined stays. Idempotent."""
    await service.revoke(db, person, course_id, now)


@router.post("/join")
async def join_course(
    body: JoinByCode, person: CurrentPerson, db: Db, limits: Limited, now: Now
) -> JoinedCourse:
    """Join the Course of a code; joining again changes nothing. Ten tries a minute."""
    return await service.join(db, limits, person, body.code, now)
