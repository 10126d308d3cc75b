"""Binding an LMS activity to a Course."""

from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.gateway.launches import Landing, LandingKind
from mydocker_kit.errors import Forbidden, NotFound
from mydocker_kit.observability.logging import get_logger

from ..domain.courses.placements import PlacementOrigin
from ..domain.policy import Person, PlacedElsewhere, is_editor, may_bind
from ..metrics import PLACEMENTS
from ..models import ResourceLink
from ..rights.courses import visible_course
from . import queries

log = get_logger()


async def bind(
    db: AsyncSession, person: Person, link_id: UUID, course_id: UUID, now: datetime
) -> Landing:
    """Make the activity open this Course, which the person must be allowed to place there."""
    link = await db.get(ResourceLink, link_id, with_for_update=True)
    if link is None:
        raise NotFound(f"resource link {link_id}")
    if not may_bind([await queries.role_in(db, person.id, link.context_id)]):
        raise Forbidden("only a teacher of this course space may choose")
    course, known = await visible_course(db, person, course_id)
    if not is_editor(known.relation) and link.context_id not in known.contexts:
        raise PlacedElsewhere
    link.assign_course(course.id, PlacementOrigin.BINDING, now, person.id)
    log.info("resource_link.placed", id=link.id, course=course.id, origin=link.placement_origin)
    PLACEMENTS.labels(PlacementOrigin.BINDING).inc()
    return Landing(
        kind=LandingKind.WINDOW,
        course_id=course.id,
        context_id=link.context_id,
        resource_link_id=link.id,
    )
