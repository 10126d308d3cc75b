"""The relation of a person to one Course, and the Course for those who may change it."""

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.ext.asyncio import AsyncSession

from mydocker_kit.errors import Forbidden, NotFound

from ..domain import policy
from ..domain.policy import Person, Relation
from ..models import Course
from . import queries


@dataclass(frozen=True)
class Standing:
    """A person's relation to a Course, and the course spaces of it where they teach."""

    relation: Relation
    contexts: frozenset[UUID]


async def standing(db: AsyncSession, person: Person, course: Course) -> Standing:
    """How the person is related to the Course, apart from having joined it."""
    contexts = await queries.taught_contexts(db, person.id, course.id)
    share = await queries.share_of_course(db, person.id, course.id)
    relation = policy.relation(
        person, course.owner_id, is_member=False, is_colleague=bool(contexts), share=share
    )
    return Standing(relation, contexts)


async def visible_course(
    db: AsyncSession, person: Person, course_id: UUID
) -> tuple[Course, Standing]:
    """A Course whose settings the person may read; for others it does not exist."""
    course = await db.get(Course, course_id)
    if course is not None and not course.is_trial:
        known = await standing(db, person, course)
        if policy.may_view(known.relation):
            return course, known
    raise NotFound(f"course {course_id}")


async def editable_course(
    db: AsyncSession, person: Person, course_id: UUID, *, lock: bool = False
) -> tuple[Course, Standing]:
    """A Course that the person may change.

    Raises `Forbidden` for those who may only read it; for others it does not exist.
    """
    if lock:
        await db.get(Course, course_id, with_for_update=True)
    course, known = await visible_course(db, person, course_id)
    if not policy.is_editor(known.relation):
        raise Forbidden(f"course {course_id} may be read, not changed")
    return course, known
