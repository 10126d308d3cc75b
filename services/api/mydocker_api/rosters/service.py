"""The people of a Course, put together from launches, the platform's list and what runs."""

from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.contracts.environments import Phase
from mydocker_kit.errors import NotFound

from ..domain import lifecycle, policy
from ..domain.policy import CourseCan, Person
from ..models import Course, Environment, SentScore
from ..paging import Paging
from ..running.live import LiveEnvironments
from ..running.orders import wish_of
from . import queries
from .queries import FoundPerson
from .schemas import CoursePeople, LastScore, PeopleFilter, PersonCanHere, PersonOfCourse


async def course_whose_people(db: AsyncSession, person: Person, course_id: UUID) -> Course:
    """The Course, for those who may see its people; for others it does not exist."""
    course = await db.get(Course, course_id)
    if course is not None:
        relation = policy.relation(person, course.owner_id, is_member=False)
        rights = policy.course_can(relation, course.status, has_build=False, running=0)
        if CourseCan.SEE_PEOPLE in rights:
            return course
    raise NotFound(f"course {course_id}")


async def people(
    db: AsyncSession,
    live: LiveEnvironments,
    person: Person,
    course_id: UUID,
    paging: Paging,
    which: PeopleFilter | None,
) -> CoursePeople:
    """A page of the people of a Course."""
    await course_whose_people(db, person, course_id)
    found, total = await queries.people_of_course(db, course_id, paging, which)
    ids = [one.user_id for one in found if one.user_id]
    environments = await queries.environments_of(db, course_id, ids)
    scores = await queries.last_scores(db, course_id, ids)
    started, everybody = await queries.counts(db, course_id)
    roster, roster_at = await queries.roster_of_course(db, course_id)
    return CoursePeople(
        items=[
            _shown(
                one,
                live,
                environments.get(one.user_id) if one.user_id else None,
                scores.get(one.user_id) if one.user_id else None,
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
    )


def _shown(
    one: FoundPerson,
    live: LiveEnvironments,
    environment: Environment | None,
    score: SentScore | None,
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
        score=score_shown(score) if score else None,
        can=[PersonCanHere.SEND_SCORE] if one.user_id else [],
    )


def _phase(row: Environment | None, live: LiveEnvironments) -> Phase | None:
    return lifecycle.phase(wish_of(row), live.get(row.id)) if row else None


def score_shown(row: SentScore) -> LastScore:
    """A score as editors read it."""
    return LastScore(
        id=row.id,
        given=row.given,
        comment=row.comment,
        sent_at=row.sent_at,
        state=row.state,
        reason=row.reason,
    )
