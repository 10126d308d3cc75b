"""What people may do with a Course, and about the people of a Course."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.launches import ContextRole
from mydocker_kit.errors import Forbidden

from ..statuses import CourseStatus
from .people import MAY_TEACH, Person


class CourseCan(StrEnum):
    """What this person may do with this Course."""

    EDIT = "edit"
    PUBLISH = "publish"
    START = "start"
    DELETE = "delete"
    SEE_PEOPLE = "see_people"


class PeopleCan(StrEnum):
    """What this person may do about the people of a Course whom they see."""

    SYNC = "sync"
    STOP = "stop"
    """End what they run."""


class PersonOfCourseCan(StrEnum):
    """What this person may do about one of them."""

    SEND_SCORE = "send_score"


class Relation(StrEnum):
    """Relation of a person to a Course, closest first."""

    OWNER = "owner"
    COLLEAGUE = "colleague"
    """Teaches in a context where the Course is placed."""
    MEMBER = "member"
    STRANGER = "stranger"


_EDITOR = [
    CourseCan.EDIT,
    CourseCan.PUBLISH,
    CourseCan.START,
    CourseCan.DELETE,
    CourseCan.SEE_PEOPLE,
]


class NotTeachingHere(Forbidden):
    """Owning a Course gives no right over people of course spaces where one teaches nobody."""

    code = "not_teaching_here"
    title = "You do not teach in the course space of these people"


@dataclass(frozen=True)
class Supervision:
    """Whose people of a Course somebody sees: those of course spaces where they teach now.

    The right belongs to the pair (Course, Context) and to the role of this moment. Owning the
    Course gives its recipe and its sessions; of people elsewhere it shows a number, never a name,
    a grade or an environment.
    """

    owns: bool
    contexts: frozenset[UUID]
    """Where the Course is placed and the person teaches."""
    operates: bool = False

    @property
    def sees_page(self) -> bool:
        """May open the page of the Course's people; it may hold nothing but a number."""
        return self.owns or bool(self.contexts)

    @property
    def stops_everywhere(self) -> bool:
        """Operators stop anybody's environments; the log records it."""
        return self.operates

    def can(self) -> list[PeopleCan]:
        return [PeopleCan.SYNC, PeopleCan.STOP] if self.contexts else []

    def check_teaches(self) -> None:
        """Raise `NotTeachingHere` for those who merely own the Course."""
        if not self.contexts:
            raise NotTeachingHere


def person_of_course_can(*, activities: int) -> list[PersonOfCourseCan]:
    """What may be done about one person, whom one teaches in the space of `activities`."""
    return [PersonOfCourseCan.SEND_SCORE] if activities else []


def relation(
    person: Person, owner_id: UUID, *, is_member: bool, is_colleague: bool = False
) -> Relation:
    """Relation of the person to a Course of `owner_id`."""
    if person.id == owner_id:
        return Relation.OWNER
    if is_colleague:
        return Relation.COLLEAGUE
    return Relation.MEMBER if is_member else Relation.STRANGER


def is_editor(relation: Relation) -> bool:
    return relation is Relation.OWNER


def may_view(relation: Relation) -> bool:
    """May read the Course as its editors see it."""
    return relation in (Relation.OWNER, Relation.COLLEAGUE)


def may_enter(relation: Relation, status: CourseStatus) -> bool:
    """May see the student's window: a draft its editors only, an archived Course nobody."""
    match status:
        case CourseStatus.ARCHIVED:
            return False
        case CourseStatus.READY:
            return relation is not Relation.STRANGER
        case _:
            return is_editor(relation)


def course_can(
    relation: Relation, status: CourseStatus, *, has_build: bool, running: int
) -> list[CourseCan]:
    """What the person may do with the Course now."""
    if not is_editor(relation):
        rights = [CourseCan.START] if has_build and may_enter(relation, status) else []
        return [*rights, CourseCan.SEE_PEOPLE] if relation is Relation.COLLEAGUE else rights
    refused = set()
    if status is not CourseStatus.READY:
        refused.add(CourseCan.PUBLISH)
    if status is CourseStatus.ARCHIVED or not has_build:
        refused.add(CourseCan.START)
    if running:
        refused.add(CourseCan.DELETE)
    return [right for right in _EDITOR if right not in refused]


def may_bind(roles: Iterable[ContextRole]) -> bool:
    """May choose the Course of an LMS activity, with these roles in its context."""
    return bool(set(roles) & MAY_TEACH)
