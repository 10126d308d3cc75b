"""Which Courses run a Build, and moving them to another Build of the same Image.

A Course runs one Build until somebody says otherwise. A newer Build is offered to the Courses that
run an older one, and an older Build is used again, by the same call.
"""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.clients.builder import BuilderClient
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.errors import Conflict
from mydocker_kit.observability.logging import get_logger

from ..domain.policy import Person
from ..images.builds import check_build_is_usable
from ..models import Course as Row
from ..orchestration.status_cache import StatusCache
from ..rights.courses import editable_course
from ..root_approvals.service import BuildNotPublished
from . import queries
from .schemas import BuildCourse, BuildCourses
from .service import publish_change

log = get_logger()


class CourseOfAnotherImage(Conflict):
    """The Course runs no Build of this Image: its ports and its start are another's."""

    code, title = "course_of_another_image", "This course uses another image"


async def courses_of(
    db: AsyncSession,
    builder: BuilderClient,
    statuses: StatusCache,
    person: Person,
    build_id: UUID,
) -> BuildCourses:
    """The person's Courses that run this Build or another one of its Image."""
    await check_build_is_usable(db, person, build_id)
    build = await builder.get(build_id)
    return await _shown(db, statuses, person, build.image_id)


async def use_build(
    db: AsyncSession,
    builder: BuilderClient,
    statuses: StatusCache,
    person: Person,
    build_id: UUID,
    course_ids: Sequence[UUID],
    now: datetime,
) -> BuildCourses:
    """Let these Courses run this Build from their next start on: all of them, or none."""
    await check_build_is_usable(db, person, build_id)
    build = await builder.get(build_id)
    if build.phase is not BuildPhase.SUCCEEDED:
        raise BuildNotPublished
    for course_id in sorted(set(course_ids)):
        row, _ = await editable_course(db, person, course_id, lock=True)
        if row.image_id != build.image_id:
            raise CourseOfAnotherImage
        if row.build_id == build.id:
            continue
        log.info("course.build_changed", id=row.id, build=build.id, before=row.build_id)
        row.build_id, row.build_number = build.id, build.number
        row.image_reference = build.reference
        row.updated_at, row.updated_by = now, person.id
        await publish_change(db, statuses, row, now)
    return await _shown(db, statuses, person, build.image_id)


async def _shown(
    db: AsyncSession, statuses: StatusCache, person: Person, image_id: UUID
) -> BuildCourses:
    rows, others = await queries.courses_of_image(db, image_id, person.id)
    items = [_course(row, row.build_id, statuses) for row in rows if row.build_id]
    return BuildCourses(items=items, others=others)


def _course(row: Row, build_id: UUID, statuses: StatusCache) -> BuildCourse:
    return BuildCourse(
        course_id=row.id,
        title=row.title,
        status=row.status,
        build_id=build_id,
        build_number=row.build_number or 0,
        running_environments=statuses.running(row.id),
    )
