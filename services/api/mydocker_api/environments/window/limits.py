"""Limits of living Environments: per person and per Course."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Conflict
from mydocker_kit.problems import ProblemSubject

from ...composition.services import Services
from ...domain.environments.lifecycle import is_alive
from ...orchestration import queries
from ...orchestration.specs import request_of
from .admission import Admission


class PersonLimitReached(Conflict):
    """The person runs as many as allowed; the problem names their courses."""

    code = "person_limit_reached"
    title = "You run as many environments as you may"

    def __init__(self, limit: int, running: list[tuple[UUID, str]]) -> None:
        super().__init__(count=limit)
        self.subjects = [
            ProblemSubject(kind="course", id=course_id, title=title) for course_id, title in running
        ]


class CourseLimitReached(Conflict):
    """As many people run this Course as it allows."""

    code = "course_limit_reached"
    title = "As many people work in this course as it allows"


async def check_limits(db: AsyncSession, services: Services, admission: Admission) -> None:
    """Raise when another start would exceed a limit; the counts are locked until the commit."""
    services.limits.starts.check(admission.person.id)
    await _check_person(db, services, admission)
    limit = admission.course.max_environments or services.settings.environments_per_course
    if limit and not admission.is_editor:
        await _check_course(db, services, admission, limit)


async def _check_person(db: AsyncSession, services: Services, admission: Admission) -> None:
    limit = services.settings.environments_per_person
    if not limit:
        return
    await queries.lock_person_count(db, admission.person.id)
    running = [
        (row.course_id, title)
        for row, title in await queries.requests_of(db, admission.person.id)
        if row.course_id != admission.course.id
        and is_alive(request_of(row), services.statuses.get(row.id))
    ]
    if len(running) >= limit:
        raise PersonLimitReached(limit, running)


async def _check_course(
    db: AsyncSession, services: Services, admission: Admission, limit: int
) -> None:
    await queries.lock_course_count(db, admission.course.id)
    requests = await queries.running_requests(db, admission.course.id)
    others = [
        row
        for row in requests
        if row.user_id != admission.person.id
        and is_alive(request_of(row), services.statuses.get(row.id))
    ]
    if len(others) >= limit:
        raise CourseLimitReached(count=limit)
