"""How many Environments may be alive at once: of one person, and of one Course."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Conflict
from mydocker_kit.problems import ProblemSubject

from ...composition.services import Services
from ...domain.environments.lifecycle import is_alive
from ...orchestration import queries
from ...orchestration.specs import wish_of
from .admission import Visit


class PersonLimitReached(Conflict):
    """This person runs as many as anybody may; the answer names them."""

    code = "person_limit_reached"
    title = "You run as many environments as you may"

    def __init__(self, limit: int, running: list[tuple[UUID, str]]) -> None:
        super().__init__(count=limit)
        self.subjects = [
            ProblemSubject(kind="course", id=course_id, title=title) for course_id, title in running
        ]


class CourseLimitReached(Conflict):
    """As many people work in this Course as it allows."""

    code = "course_limit_reached"
    title = "As many people work in this course as it allows"


async def check_limits(db: AsyncSession, services: Services, place: Visit) -> None:
    """Raise when one more would be one too many; held until the transaction ends."""
    services.limits.starts.check(place.person.id)
    await _check_person(db, services, place)
    limit = place.course.max_environments or services.settings.environments_per_course
    if limit and not place.is_editor:
        await _check_course(db, services, place, limit)


async def _check_person(db: AsyncSession, services: Services, place: Visit) -> None:
    limit = services.settings.environments_per_person
    if not limit:
        return
    await queries.one_at_a_time(db, place.person.id)
    running = [
        (row.course_id, title)
        for row, title in await queries.wishes_of(db, place.person.id)
        if row.course_id != place.course.id
        and is_alive(wish_of(row), services.statuses.get(row.id))
    ]
    if len(running) >= limit:
        raise PersonLimitReached(limit, running)


async def _check_course(db: AsyncSession, services: Services, place: Visit, limit: int) -> None:
    await queries.one_at_a_time_in(db, place.course.id)
    wishes = await queries.running_wishes(db, place.course.id)
    others = [
        row
        for row in wishes
        if row.user_id != place.person.id and is_alive(wish_of(row), services.statuses.get(row.id))
    ]
    if len(others) >= limit:
        raise CourseLimitReached(count=limit)
