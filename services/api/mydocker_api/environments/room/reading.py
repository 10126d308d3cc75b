"""Reads of the live room: the class, and the output of one student's environment."""

import asyncio
from contextlib import suppress
from datetime import datetime
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import ALIVE
from mydocker_kit.contracts.orchestrator.usage import EnvironmentUsage
from mydocker_kit.errors import NotFound, ProblemError
from mydocker_kit.ids import environment_id
from mydocker_kit.observability.logging import get_logger

from ...composition.services import Services
from ...contexts.supervision import count_running, supervised_course
from ...domain.courses.extra_time import extra_minutes
from ...domain.courses.opening import shown_slot
from ...domain.policy import Person
from ...models import CourseSession
from ...orchestration.queries import deciding_sessions, extra_time_of
from ...rosters import queries as rosters
from ...rosters.queries import Where
from ...sessions.views import shown
from .schemas import MOST_PEOPLE, LiveRoom, LogsOfPerson
from .service import check_supervised
from .views import room_person

log = get_logger()
USAGE_WITHIN = 3.0
"""Seconds: the class is shown without usage rather than late."""


async def room(
    services: Services, db: AsyncSession, person: Person, course_id: UUID, now: datetime
) -> LiveRoom:
    """The class that this person teaches; raises `StatusUnknown` before the cache is loaded."""
    statuses = services.statuses
    statuses.check_loaded()
    course, seen = await supervised_course(db, person, course_id)
    where = Where(course_id, seen.contexts, person.id, by_link=seen.owns)
    people, total = await rosters.class_of_course(db, where, MOST_PEOPLE)
    ids = [row.user_id for row in people if row.user_id and row.entered]
    environments = await rosters.environments_of(db, course_id, ids)
    usual = statuses.usual_seconds(course_id)
    usage = await _usage(services, course_id)
    session = await _session(db, course_id, now)
    slot = session.slot if session else None
    grants = (await extra_time_of(db, [course_id]))[course_id]
    rows = []
    for member in people:
        row = environments.get(member.user_id) if member.user_id else None
        status = statuses.get(row.id) if row else None
        used = usage.get(row.id) if row else None
        extra = extra_minutes(slot, grants, member.user_id) if slot and member.user_id else 0
        rows.append(room_person(member, row, status, usual, now, used, extra))
    roster, roster_at = await rosters.roster_of(db, seen.contexts)
    _, elsewhere = await count_running(db, statuses, course_id, person, seen)
    return LiveRoom(
        session=shown(session, now, course.title) if session else None,
        now=now,
        people=rows,
        total=total,
        usual_seconds=usual,
        roster=roster,
        roster_at=roster_at,
        elsewhere=elsewhere if seen.owns else None,
    )


async def _usage(services: Services, course_id: UUID) -> dict[UUID, EnvironmentUsage]:
    """By environment; empty while nothing of the Course runs or the orchestrator cannot say."""
    if not services.statuses.running(course_id):
        return {}
    try:
        async with asyncio.timeout(USAGE_WITHIN):
            items = await services.clients.orchestrator.usage()
    except (ProblemError, TimeoutError) as error:
        log.warning("room.usage_unknown", course=course_id, error=error)
        return {}
    return {usage.environment: usage for usage in items}


async def _session(db: AsyncSession, course_id: UUID, now: datetime) -> CourseSession | None:
    sessions = await deciding_sessions(db, course_id, now)
    slot = shown_slot([session.slot for session in sessions], now)
    return next((session for session in sessions if slot and session.id == slot.id), None)


async def logs(services: Services, person: Person, course_id: UUID, user_id: UUID) -> LogsOfPerson:
    """The last output of a student's container, or the stored part of a failed start."""
    services.statuses.check_loaded()
    await check_supervised(services.sessions, person, course_id, [user_id])
    id = environment_id(course_id, user_id)
    log.info("room.logs_read", id=id, course=course_id, by=person.id)
    status = services.statuses.get(id)
    if status is None:
        return LogsOfPerson(text="")
    if status.phase not in ALIVE:
        return LogsOfPerson(text=status.last_logs)
    with suppress(NotFound):
        return LogsOfPerson(text=await services.clients.orchestrator.logs(id))
    return LogsOfPerson(text="")
