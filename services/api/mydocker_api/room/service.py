"""Stopping what the students of a Course run, with words to them."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import ReasonCode
from mydocker_kit.contracts.events import EventKind
from mydocker_kit.errors import NotFound
from mydocker_kit.logging import get_logger

from ..domain.policy import Person
from ..feed import announce
from ..models import Course
from ..running.live import LiveEnvironments
from ..running.schedule import alive_of, want_stopped
from .schemas import StopOthers, StoppedOthers

log = get_logger()


async def stop_others(
    db: AsyncSession, live: LiveEnvironments, person: Person, course_id: UUID, body: StopOthers
) -> StoppedOthers:
    """Want these Environments stopped; for its editor and for operators."""
    course = await db.get(Course, course_id)
    if course is None or (course.owner_id != person.id and not person.operates):
        raise NotFound(f"course {course_id}")
    edits = course.owner_id == person.id
    reason = ReasonCode.STOPPED_BY_EDITOR if edits else ReasonCode.STOPPED_BY_OPERATOR
    meant = [
        row
        for row in await alive_of(db, live, course_id)
        if body.people is None or row.user_id in body.people
    ]
    for row in meant:
        want_stopped(row, reason, body.words.strip())
    if meant:
        # Its ring at commit also makes the delivery say the stops on at once.
        await announce(db, EventKind.COURSE_CHANGED, course.id, course.id, course.owner_id)
    log.info("environments.stopped_for", course=course_id, by=person.id, count=len(meant))
    return StoppedOthers(stopped=len(meant))
