"""Stops environments of other people, with a message to them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.events import EventKind
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.errors import NotFound
from mydocker_kit.observability.logging import get_logger

from ...contexts.supervision import supervised_among, supervision
from ...domain.policy import NotTeachingHere, Person
from ...feed import announce
from ...models import Course
from ...orchestration.status_cache import StatusCache
from ...orchestration.stop_requests import alive_environments, request_stop
from .schemas import StopOthers, StoppedOthers

log = get_logger()


async def stop_others(
    db: AsyncSession, statuses: StatusCache, person: Person, course_id: UUID, body: StopOthers
) -> StoppedOthers:
    """Request stops: teachers for people they teach, operators for anybody."""
    course = await db.get(Course, course_id)
    if course is None:
        raise NotFound(f"course {course_id}")
    seen = await supervision(db, person, course)
    if not seen.sees_page and not seen.stops_everywhere:
        raise NotFound(f"course {course_id}")
    if not seen.stops_everywhere and not seen.owns:
        seen.check_teaches()
    running = await alive_environments(db, statuses, course_id)
    taught_here = await supervised_among(db, course_id, seen, [row.user_id for row in running])
    selected = [row for row in running if body.people is None or row.user_id in body.people]
    if not seen.stops_everywhere:
        if body.people is not None and any(row.user_id not in taught_here for row in selected):
            raise NotTeachingHere
        selected = [row for row in selected if row.user_id in taught_here]
    for row in selected:
        taught = row.user_id in taught_here
        reason = ReasonCode.STOPPED_BY_EDITOR if taught else ReasonCode.STOPPED_BY_OPERATOR
        request_stop(row, reason, body.words.strip())
    if selected:
        # The notification at commit also wakes the delivery.
        await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
    log.info(
        "environments.stop_requested",
        course=course_id,
        by=person.id,
        count=len(selected),
        as_operator=sum(row.user_id not in taught_here for row in selected),
    )
    return StoppedOthers(stopped=len(selected))
