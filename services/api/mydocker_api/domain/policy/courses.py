"""What people may do with a Course, and about the people of a Course."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.errors import Forbidden

from ..statuses import CourseStatus
from .people import MAY_TEACH, Person
from .sharing import ShareRight


class CourseCan(StrEnum):
    """What this person may do with this Course."""

    EDIT = "edit"
    PUBLISH = "publish"
    START = "start"
    DELETE = "delete"
    SEE_PEOPLE = "see_people"
    SHARE = "share"
    """Say who else may see or change it, and hand it over."""


class PeopleCan(StrEnum):
    """What this person may do about the people of a Course whom they see."""

    SYNC = "sync"
    STOP = "stop"
    """End what they run."""


class PersonOfCourseCan(StrEnum):
    """What this person may do about one of them."""

    SEND_SCORE = "send_score"
    EXTRA_TIME = "extra_time"


class Relation(StrEnum):
    """Relation of a person to a Course, closest first."""

    OWNER = "owner"
    EDITOR = "editor"
    """The owner shared it with the right to change it."""
    VIEWER = "viewer"
    """The owner shared it with the right to see it."""
    COLLEAGUE = "colleague"
    """Teaches in a context where the Course is placed."""
    TESTER = "tester"
    """Invited to start it while it is in status `test`."""
    MEMBER = "member"
    STRANGER = "stranger"


_EDITOR = [
    CourseCan.EDIT,
    CourseCan.PUBLISH,
    CourseCan.START,
    CourseCan.SEE_PEOPLE,
]
_EDITORS = frozenset({Relation.OWNER, Relation.EDITOR})
_INVITED = _EDITORS | {Relation.VIEWER, Relation.TESTER}


class NotTeachingHere(Forbidden):
    """Owning a Course gives no right over people of course spaces where one teaches nobody."""

    code = "not_teaching_here"
    title = "You do not teach in the course space of these people"


class PlacedElsewhere(Forbidden):
    """Teaching where a Course is placed lets one place it there again, and nowhere else."""

    code = "course_placed_elsewhere"
    title = "Only people who may change this course may place it in another course space"


@dataclass(frozen=True)
class Supervision:
    """Whose people of a Course somebody sees: those of course spaces where they teach now.

    The right belongs to the pair (Course, Context) and to the role of this moment. Owning the
    Course gives its recipe and its sessions; of people elsewhere it shows a number, never a name,
    a grade or an environment.
    """

    owns: bool
    """Or edits it by a share."""
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


def person_of_course_can(*, activities: int, entered: bool) -> list[PersonOfCourseCan]:
    """What may be done about one person, whom one teaches in the space of `activities`."""
    score = [PersonOfCourseCan.SEND_SCORE] if activities else []
    return [*score, PersonOfCourseCan.EXTRA_TIME] if entered else score


def relation(
    person: Person,
    owner_id: UUID,
    *,
    is_member: bool,
    is_colleague: bool = False,
    share: ShareRight | None = None,
) -> Relation:
    """Relation of the person to a Course of `owner_id`, with the right that was shared, if any."""
    if person.id == owner_id:
        return Relation.OWNER
    if share is ShareRight.EDIT:
        return Relation.EDITOR
    if share is ShareRight.VIEW or (share is ShareRight.TEST and is_colleague):
        return Relation.VIEWER
    if is_colleague:
        return Relation.COLLEAGUE
    if share is ShareRight.TEST:
        return Relation.TESTER
    return Relation.MEMBER if is_member else Relation.STRANGER


def is_editor(relation: Relation) -> bool:
    return relation in _EDITORS


def may_view(relation: Relation) -> bool:
    """May read the Course as its editors see it."""
    return relation in _EDITORS | {Relation.VIEWER, Relation.COLLEAGUE}


def may_enter(relation: Relation, status: CourseStatus) -> bool:
    """May see the student's window: a draft its editors, `test` also whom they invited."""
    match status:
        case CourseStatus.ARCHIVED:
            return False
        case CourseStatus.READY:
            return relation is not Relation.STRANGER
        case CourseStatus.TEST:
            return relation in _INVITED
        case _:
            return is_editor(relation)


def rights_that_enter(status: CourseStatus) -> list[ShareRight]:
    """Rights by which a share lets somebody in, in a status in which students may not enter."""
    return list(ShareRight) if status is CourseStatus.TEST else [ShareRight.EDIT]


def course_can(
    relation: Relation,
    status: CourseStatus,
    *,
    has_build: bool,
    running: int,
    teaches_there: bool = False,
) -> list[CourseCan]:
    """What the person may do with the Course now.

    `teaches_there`: teaches in a context where the Course is placed. Such a colleague may place it
    there again (`may_publish_in`), and see the people who came from there.
    """
    teaches_there = teaches_there or relation is Relation.COLLEAGUE
    refused = set()
    if status is not CourseStatus.READY:
        refused.add(CourseCan.PUBLISH)
    if not has_build or not may_enter(relation, status):
        refused.add(CourseCan.START)
    if running:
        refused.add(CourseCan.DELETE)
    return [right for right in _granted(relation, teaches_there) if right not in refused]


def _granted(relation: Relation, teaches_there: bool) -> list[CourseCan]:
    """The rights of a relation, whatever the state of the Course."""
    if relation is Relation.OWNER:
        return list(CourseCan)
    if relation is Relation.EDITOR:
        return _EDITOR
    if teaches_there:
        return [CourseCan.PUBLISH, CourseCan.START, CourseCan.SEE_PEOPLE]
    return [CourseCan.START]


def may_publish_in(relation: Relation, status: CourseStatus, *, is_placed_here: bool) -> bool:
    """May place the Course in a context: editors anywhere, a colleague where it is already."""
    if status is not CourseStatus.READY:
        return False
    return is_editor(relation) or (may_view(relation) and is_placed_here)


def may_bind(roles: Iterable[ContextRole]) -> bool:
    """May choose the Course of an LMS activity, with these roles in its context."""
    return bool(set(roles) & MAY_TEACH)
