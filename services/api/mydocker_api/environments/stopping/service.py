"""Stopping what the students of a Course run, with words to them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import ReasonCode
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import NotFound
from mydocker_kit.logging import get_logger

from ...contexts.supervision import came_from, supervision
from ...domain.policy import NotTeachingHere, Person
from ...feed import announce
from ...models import Course
from ...orchestration.status_cache import LiveEnvironments
from ...orchestration.stop_requests import alive_of, want_stopped
from .schemas import StopOthers, StoppedOthers

log = get_logger()


async def stop_others(
    db: AsyncSession, live: LiveEnvironments, person: Person, course_id: UUID, body: StopOthers
) -> StoppedOthers:
    """Want these Environments stopped: of people one teaches; by operators, whoever's."""
    course = await db.get(Course, course_id)
    if course is None:
        raise NotFound(f"course {course_id}")
    seen = await supervision(db, person, course)
    if not seen.sees_page and not seen.stops_everywhere:
        raise NotFound(f"course {course_id}")
    if not seen.stops_everywhere:
        seen.check_teaches()
    alive = await alive_of(db, live, course_id)
    near = await came_from(db, course_id, seen.contexts, [row.user_id for row in alive])
    meant = [row for row in alive if body.people is None or row.user_id in body.people]
    if not seen.stops_everywhere:
        if body.people is not None and any(row.user_id not in near for row in meant):
            raise NotTeachingHere
        meant = [row for row in meant if row.user_id in near]
    for row in meant:
        taught = row.user_id in near
        reason = ReasonCode.STOPPED_BY_EDITOR if taught else ReasonCode.STOPPED_BY_OPERATOR
        want_stopped(row, reason, body.words.strip())
    if meant:
        # Its ring at commit also makes the delivery say the stops on at once.
        await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
    log.info(
        "environments.stopped_for",
        course=course_id,
        by=person.id,
        count=len(meant),
        as_operator=sum(row.user_id not in near for row in meant),
    )
    return StoppedOthers(stopped=len(meant))
