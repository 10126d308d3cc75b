"""Landing of a launch: the page a person expects after a click in the LMS."""

from dataclasses import dataclass
from uuid import UUID

from mydocker_kit.contracts.gateway.launches import ContextRole, LandingKind, LaunchKind

from ..policy import (
    MAY_ENTER,
    MAY_SEE_DASHBOARD,
    Person,
    Relation,
    ShareRight,
    may_bind,
    may_enter,
    relation,
)
from ..statuses import CourseStatus


@dataclass(frozen=True)
class FoundCourse:
    """The Course a launch leads to."""

    relation: Relation
    status: CourseStatus


def relation_by_launch(
    person: Person, owner_id: UUID, role: ContextRole, share: ShareRight | None = None
) -> Relation:
    """The relation that a launch gives to the Course: the LMS vouches for its members."""
    return relation(person, owner_id, is_member=role in MAY_ENTER, share=share)


def landing_kind(
    kind: LaunchKind,
    role: ContextRole,
    *,
    wants_dashboard: bool,
    names_course: bool,
    course: FoundCourse | None,
    has_link: bool,
) -> LandingKind:
    """The page a launch opens.

    Editors land in the student's window as well: it is what they clicked on, and it holds a link
    to the Course's page. A link that lost its Course may be bound again by a teacher.
    """
    teaches = may_bind([role])
    if kind is LaunchKind.DEEP_LINKING:
        return LandingKind.PICKER if teaches else LandingKind.NOTHING_YET
    if wants_dashboard and role in MAY_SEE_DASHBOARD:
        return LandingKind.DASHBOARD
    if course is not None:
        entered = may_enter(course.relation, course.status)
        return LandingKind.WINDOW if entered else LandingKind.UNKNOWN_COURSE
    if names_course:
        return LandingKind.UNKNOWN_COURSE
    return LandingKind.BIND if teaches and has_link else LandingKind.NOTHING_YET
