"""The people of a Course, put together from launches, the platform's list and what runs."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.paging import Paging

from ..contexts.supervision import count_running, supervised_course
from ..domain import policy
from ..domain.environments import lifecycle
from ..domain.policy import Person
from ..models import Environment
from ..orchestration.specs import request_of
from ..orchestration.status_cache import StatusCache
from . import queries
from .queries import FoundPerson, Where
from .schemas import Activity, CoursePeople, LastScore, PeopleFilter, PersonOfCourse


async def people(
    db: AsyncSession,
    statuses: StatusCache,
    person: Person,
    course_id: UUID,
    paging: Paging,
    which: PeopleFilter | None,
    sort: queries.RosterSort,
) -> CoursePeople:
    """A page of the people of a Course whom the caller teaches now."""
    _, seen = await supervised_course(db, person, course_id)
    where = Where(course_id, seen.contexts, person.id, by_link=seen.owns)
    read = await queries.people_of_course(db, where, paging, which, sort)
    rows = [queries.found_person(*row) for row in read.rows]
    ids = [row.user_id for row in rows if row.user_id and row.entered]
    environments = await queries.environments_of(db, course_id, ids)
    scores = await queries.last_scores(db, where, ids)
    activities = await queries.activities_of(db, where, ids)
    started, everybody = await queries.counts(db, where)
    roster, roster_at = await queries.roster_of(db, seen.contexts)
    _, elsewhere = await count_running(db, statuses, course_id, person, seen)
    return CoursePeople(
        items=[
            _shown(
                row,
                statuses,
                environments.get(row.user_id) if row.user_id else None,
                scores.get(row.user_id) if row.user_id else None,
                activities[row.user_id] if row.user_id else [],
            )
            for row in rows
        ],
        **paging.facts(read),
        started=started,
        everybody=everybody,
        roster=roster,
        roster_at=roster_at,
        elsewhere=elsewhere if seen.owns else None,
        can=seen.can(),
    )


def _shown(
    row: FoundPerson,
    statuses: StatusCache,
    environment: Environment | None,
    score: LastScore | None,
    activities: list[Activity],
) -> PersonOfCourse:
    return PersonOfCourse(
        key=row.key,
        user_id=row.user_id,
        name=row.name,
        email=row.email,
        role=row.role,
        listed=row.listed,
        came=row.came,
        environment=_phase(environment, statuses),
        started_at=environment.asked_at if environment and environment.attempt else None,
        score=score,
        activities=activities,
        can=policy.person_of_course_can(activities=len(activities), entered=row.entered),
    )


def _phase(row: Environment | None, statuses: StatusCache) -> Phase | None:
    return lifecycle.phase(request_of(row), statuses.get(row.id)) if row else None
