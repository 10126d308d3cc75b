"""Who may do what: the only place that knows.

In short: teachers of any context make Courses and Images; an owner edits; everybody else enters a
Course that is `ready`, once a launch of the LMS has brought them to it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from mydocker_kit.contracts.events import ChangeEvent, EventKind
from mydocker_kit.contracts.launches import ContextRole
from mydocker_kit.errors import Forbidden

from .statuses import CourseStatus


class MayDo(StrEnum):
    """What a person may do anywhere; a resource's own `can` says more."""

    CREATE_COURSES = "create_courses"
    BUILD_IMAGES = "build_images"
    OPERATE = "operate"


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


class ImageCan(StrEnum):
    """What this person may do with this Image."""

    EDIT = "edit"
    BUILD = "build"
    DELETE = "delete"


@dataclass(frozen=True)
class Person:
    """Who calls, and what rules need to know of them."""

    id: UUID
    name: str
    email: str | None
    locale: str | None
    roles: frozenset[ContextRole]
    """Over all contexts; refreshed by each launch."""
    operates: bool = False
    may_build: bool = False
    """An operator has approved it, once and for everywhere."""
    asks_to_build: bool = False


class Relation(StrEnum):
    """How a person stands to a Course, closest first."""

    OWNER = "owner"
    COLLEAGUE = "colleague"
    """Teaches in a context where the Course is placed."""
    MEMBER = "member"
    STRANGER = "stranger"


MAY_TEACH = frozenset({ContextRole.TEACHER})
MAY_ENTER = frozenset({ContextRole.TEACHER, ContextRole.ASSISTANT, ContextRole.STUDENT})
"""Observers read, they get no environment (docs/lti/conformance.md, VL-15)."""
MAY_SEE_DASHBOARD = frozenset({ContextRole.TEACHER, ContextRole.ASSISTANT})
_EDITOR = [
    CourseCan.EDIT,
    CourseCan.PUBLISH,
    CourseCan.START,
    CourseCan.DELETE,
    CourseCan.SEE_PEOPLE,
]


def may_do(person: Person) -> list[MayDo]:
    """What this person may do anywhere."""
    rights = []
    if person.roles & MAY_TEACH:
        rights.append(MayDo.CREATE_COURSES)
    if person.may_build or person.operates:
        rights.append(MayDo.BUILD_IMAGES)
    if person.operates:
        rights.append(MayDo.OPERATE)
    return rights


def may_prepare_images(person: Person) -> bool:
    """Write and keep Images: harmless until somebody may build them."""
    return bool({MayDo.CREATE_COURSES, MayDo.BUILD_IMAGES} & set(may_do(person)))


class UserDisabled(Forbidden):
    """An operator has disabled this person."""

    code, title = "user_disabled", "Your account is disabled"


class BuildNotApproved(Forbidden):
    """Building runs a teacher's commands on our machines: an operator approves it first."""

    code, title = "build_not_approved", "An operator has to approve that you build images"


class BuildApproval(StrEnum):
    """How a person stands to building images."""

    NONE = "none"
    ASKED = "asked"
    APPROVED = "approved"


class PersonCan(StrEnum):
    """What an operator may decide about a person now."""

    MAKE_OPERATOR = "make_operator"
    UNMAKE_OPERATOR = "unmake_operator"
    APPROVE_BUILD = "approve_build"
    WITHDRAW_BUILD = "withdraw_build"
    DISABLE = "disable"
    ENABLE = "enable"


@dataclass(frozen=True)
class Standing:
    """What a person is beyond their roles."""

    operates: bool
    may_build: bool
    asks_to_build: bool
    disabled: bool


def build_approval(one: Standing | Person) -> BuildApproval:
    """Operators need nobody's approval."""
    if one.may_build or one.operates:
        return BuildApproval.APPROVED
    return BuildApproval.ASKED if one.asks_to_build else BuildApproval.NONE


def person_can(one: Standing, *, is_self: bool) -> list[PersonCan]:
    """What may be decided about this person; that an operator must be left is checked then."""
    if one.disabled:
        return [PersonCan.ENABLE]
    rights = [PersonCan.UNMAKE_OPERATOR if one.operates else PersonCan.MAKE_OPERATOR]
    if not one.may_build and not one.operates:
        rights.append(PersonCan.APPROVE_BUILD)
    if one.may_build or one.asks_to_build:
        rights.append(PersonCan.WITHDRAW_BUILD)
    return rights if is_self else [*rights, PersonCan.DISABLE]


class OperatorsOnly(Forbidden):
    """Only an operator of this platform may do this."""

    code, title = "operators_only", "Only operators may do this"


def must_operate(person: Person) -> None:
    """`OperatorsOnly` unless the person operates this platform."""
    if MayDo.OPERATE not in may_do(person):
        raise OperatorsOnly(f"{person.id} is no operator")


class NotTeachingHere(Forbidden):
    """Owning a Course gives no right over people of course spaces where one teaches nobody."""

    code = "not_teaching_here"
    title = "You do not teach in the course space of these people"


@dataclass(frozen=True)
class Supervision:
    """Whose people of a Course somebody sees: those of course spaces where they teach now.

    The right belongs to the pair (Course, Context) and to the role of this moment. Owning the
    Course gives its recipe and its sessions; of people elsewhere it tells a number, never a name,
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
        """Operators end what runs, whoever's it is; it is written down."""
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
    """How the person stands to a Course of `owner_id`."""
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


def image_can(person: Person, owner_id: UUID, *, used_by: int) -> list[ImageCan]:
    """What the person may do with an Image."""
    if person.id != owner_id:
        return []
    rights = [ImageCan.EDIT]
    if MayDo.BUILD_IMAGES in may_do(person):
        rights.append(ImageCan.BUILD)
    return rights if used_by else [*rights, ImageCan.DELETE]


def may_bind(roles: Iterable[ContextRole]) -> bool:
    """May choose the Course of an LMS activity, with these roles in its context."""
    return bool(set(roles) & MAY_TEACH)


@dataclass
class Audience:
    """Courses whose changes a person may hear of."""

    person_id: UUID
    overseen: set[UUID]
    """Owned, or placed in a course space where the person teaches."""
    joined: set[UUID]
    operates: bool = False

    def heard(self, event: ChangeEvent) -> ChangeEvent | None:
        """The change as this person may hear it; None when it is not for them.

        Own environments, builds and rights as they are. Of others' environments in a Course that
        one oversees, only that something changed there: whose it is, the pages that may show it
        ask. Operators also hear of everybody's rights.
        """
        if event.owner_id == self.person_id:
            return event
        if event.kind in (EventKind.PERSON_CHANGED, EventKind.ROLE_CHANGED):
            return event if event.kind is EventKind.PERSON_CHANGED and self.operates else None
        if event.course_id in self.overseen:
            return _without_person(event)
        is_joined = event.course_id in self.joined
        return event if event.kind is EventKind.COURSE_CHANGED and is_joined else None

    def learn(self, event: ChangeEvent) -> None:
        """A Course of the person's own that is new since they began to listen."""
        if event.kind is EventKind.COURSE_CHANGED and event.owner_id == self.person_id:
            self.overseen.add(event.subject_id)


def _without_person(event: ChangeEvent) -> ChangeEvent | None:
    """A change of somebody's environment as a change of its Course."""
    if event.kind is EventKind.COURSE_CHANGED:
        return event
    if event.kind is not EventKind.ENVIRONMENT_CHANGED or event.course_id is None:
        return None
    return ChangeEvent(
        id=event.id,
        kind=EventKind.COURSE_CHANGED,
        subject_id=event.course_id,
        course_id=event.course_id,
    )
