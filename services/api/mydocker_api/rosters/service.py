"""The people of a Course, put together from launches, the platform's list and what runs."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import Phase

from ..contexts.supervision import running_by_place, supervised_course
from ..domain import policy
from ..domain.environments import lifecycle
from ..domain.policy import Person
from ..models import Environment
from ..orchestration.specs import wish_of
from ..orchestration.status_cache import LiveEnvironments
from ..paging import Paging
from . import queries
from .queries import FoundPerson, Where
from .schemas import Activity, CoursePeople, LastScore, PeopleFilter, PersonOfCourse


async def people(
    db: AsyncSession,
    live: LiveEnvironments,
    person: Person,
    course_id: UUID,
    paging: Paging,
    which: PeopleFilter | None,
) -> CoursePeople:
    """A page of the people of a Course whom the caller teaches now."""
    _, seen = await supervised_course(db, person, course_id)
    where = Where(course_id, seen.contexts, person.id)
    found, total = await queries.people_of_course(db, where, paging, which)
    ids = [one.user_id for one in found if one.user_id and one.entered]
    environments = await queries.environments_of(db, course_id, ids)
    scores = await queries.last_scores(db, where, ids)
    activities = await queries.activities_of(db, where, ids)
    started, everybody = await queries.counts(db, where)
    roster, roster_at = await queries.roster_of(db, seen.contexts)
    _, elsewhere = await running_by_place(db, live, course_id, person, seen)
    return CoursePeople(
        items=[
            _shown(
                one,
                live,
                environments.get(one.user_id) if one.user_id else None,
                scores.get(one.user_id) if one.user_id else None,
                activities[one.user_id] if one.user_id else [],
            )
            for one in found
        ],
        total=total,
        page=paging.page,
        page_size=paging.page_size,
        started=started,
        everybody=everybody,
        roster=roster,
        roster_at=roster_at,
        elsewhere=elsewhere if seen.owns else None,
        can=seen.can(),
    )


def _shown(
    one: FoundPerson,
    live: LiveEnvironments,
    environment: Environment | None,
    score: LastScore | None,
    activities: list[Activity],
) -> PersonOfCourse:
    return PersonOfCourse(
        key=one.key,
        user_id=one.user_id,
        name=one.name,
        email=one.email,
        role=one.role,
        listed=one.listed,
        came=one.came,
        environment=_phase(environment, live),
        started_at=environment.asked_at if environment and environment.attempt else None,
        score=score,
        activities=activities,
        can=policy.person_of_course_can(activities=len(activities)),
    )


def _phase(row: Environment | None, live: LiveEnvironments) -> Phase | None:
    return lifecycle.phase(wish_of(row), live.get(row.id)) if row else None
