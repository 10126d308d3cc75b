"""Who may do what: the only place that knows.

In short: teachers of any context make Courses and Images; an owner edits; everybody else enters a
Course that is `ready`, once a launch of the LMS has brought them to it.
"""

from .audience import Audience
from .courses import (
    CourseCan,
    NotTeachingHere,
    PeopleCan,
    PersonOfCourseCan,
    Relation,
    Supervision,
    course_can,
    is_editor,
    may_bind,
    may_enter,
    may_view,
    person_of_course_can,
    relation,
)
from .images import ImageCan, image_can
from .people import (
    MAY_ENTER,
    MAY_SEE_DASHBOARD,
    MAY_TEACH,
    AccountState,
    BuildApproval,
    BuildNotApproved,
    MayDo,
    OperatorsOnly,
    Person,
    PersonCan,
    UserDisabled,
    build_approval,
    may_do,
    may_prepare_images,
    must_operate,
    person_can,
)

__all__ = [
    "MAY_ENTER",
    "MAY_SEE_DASHBOARD",
    "MAY_TEACH",
    "AccountState",
    "Audience",
    "BuildApproval",
    "BuildNotApproved",
    "CourseCan",
    "ImageCan",
    "MayDo",
    "NotTeachingHere",
    "OperatorsOnly",
    "PeopleCan",
    "Person",
    "PersonCan",
    "PersonOfCourseCan",
    "Relation",
    "Supervision",
    "UserDisabled",
    "build_approval",
    "course_can",
    "image_can",
    "is_editor",
    "may_bind",
    "may_do",
    "may_enter",
    "may_prepare_images",
    "may_view",
    "must_operate",
    "person_can",
    "person_of_course_can",
    "relation",
]
