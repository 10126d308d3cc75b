"""Puts together what a person may open, when, and what runs for them now."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import ALIVE

from ...domain.courses.extra_time import own_slots
from ...domain.environments import lifecycle
from ...domain.policy import Person
from ...models import Course, Environment
from ...orchestration.queries import extra_time_of
from ...orchestration.specs import request_of
from ...orchestration.status_cache import StatusCache
from ...sessions.views import shown_to
from . import queries
from .schemas import MyActivities, MyCourse

_MOST = 200
_AHEAD = timedelta(days=60)


async def activities(
    db: AsyncSession, statuses: StatusCache, person: Person, now: datetime
) -> MyActivities:
    """The person's Courses and coming sessions."""
    statuses.check_loaded()
    rows = await queries.courses_of(db, person.id, _MOST)
    titles = {course.id: course.title for course, _ in rows}
    sessions = await queries.coming_sessions(db, list(titles), now, now + _AHEAD, _MOST)
    grants = await extra_time_of(db, list(titles), person.id)
    own = [
        shown_to(session, slot, now, titles[session.course_id])
        for session in sessions
        for slot in own_slots([session.slot], grants[session.course_id], person.id)
        if slot.ends_at > now
    ]
    return MyActivities(
        now=now,
        courses=[_course(course, row, statuses) for course, row in rows],
        sessions=own,
    )


def _course(course: Course, row: Environment | None, statuses: StatusCache) -> MyCourse:
    request = request_of(row) if row else None
    status = statuses.get(row.id) if row else None
    phase, news = lifecycle.phase(request, status), lifecycle.current(request, status)
    is_alive = phase in ALIVE
    return MyCourse(
        id=course.id,
        title=course.title,
        description=course.description,
        phase=phase,
        ends_at=news.ends_at if news and is_alive else None,
        started_at=row.asked_at if row and is_alive else None,
    )
