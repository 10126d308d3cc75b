"""Who may do what, and where a launch leads."""

from dataclasses import replace
from uuid import UUID, uuid4

import pytest
from tests.api.rules.makers import a_person

from mydocker_api.domain.courses.landing import FoundCourse, landing_kind, relation_by_launch
from mydocker_api.domain.policy import (
    Audience,
    CourseCan,
    ImageCan,
    ImageRelation,
    MayDo,
    NotTeachingHere,
    PeopleCan,
    PersonOfCourseCan,
    Relation,
    ShareRight,
    Supervision,
    course_can,
    image_can,
    image_relation,
    may_do,
    may_enter,
    may_publish_in,
    person_of_course_can,
    relation,
)
from mydocker_api.domain.statuses import CourseStatus
from mydocker_kit.contracts.events import ChangeEvent, EventKind
from mydocker_kit.contracts.gateway.launches import ContextRole, LandingKind, LaunchKind


def test_teachers_make_courses_and_images_and_nobody_else_does() -> None:
    for role in ContextRole:
        allowed = may_do(a_person(role))
        assert (MayDo.CREATE_COURSES in allowed) == (role is ContextRole.TEACHER)
        assert MayDo.BUILD_IMAGES not in allowed
    assert may_do(a_person()) == []
    assert may_do(replace(a_person(), may_build=True)) == [MayDo.BUILD_IMAGES]
    assert may_do(replace(a_person(), operates=True)) == [MayDo.BUILD_IMAGES, MayDo.OPERATE]


@pytest.mark.parametrize(
    ("status", "who"),
    [
        (CourseStatus.DRAFT, {Relation.OWNER, Relation.EDITOR}),
        (
            CourseStatus.TEST,
            {Relation.OWNER, Relation.EDITOR, Relation.VIEWER, Relation.TESTER},
        ),
        (CourseStatus.READY, set(Relation) - {Relation.STRANGER}),
        (CourseStatus.ARCHIVED, set()),
    ],
)
def test_who_enters_a_course(status: CourseStatus, who: set[Relation]) -> None:
    assert {relation for relation in Relation if may_enter(relation, status)} == who


def test_an_owner_may_publish_what_is_ready_and_delete_what_is_quiet() -> None:
    quiet = course_can(Relation.OWNER, CourseStatus.READY, has_build=True, running=0)
    assert quiet == list(CourseCan)
    busy = course_can(Relation.OWNER, CourseStatus.DRAFT, has_build=False, running=3)
    assert busy == [CourseCan.EDIT, CourseCan.SEE_PEOPLE, CourseCan.SHARE]
    others = course_can(Relation.MEMBER, CourseStatus.READY, has_build=True, running=0)
    assert others == [CourseCan.START]


def test_an_image_in_use_cannot_be_deleted_nor_touched_by_others() -> None:
    owner = replace(a_person(ContextRole.TEACHER), may_build=True)
    mine = image_relation(owner, owner.id)
    assert image_can(owner, mine, used_by=1) == [ImageCan.EDIT, ImageCan.BUILD, ImageCan.SHARE]
    assert ImageCan.DELETE in image_can(owner, mine, used_by=0)
    assert image_can(owner, image_relation(owner, uuid4()), used_by=0) == []
    assert image_can(owner, ImageRelation.EDITOR, used_by=0) == [ImageCan.EDIT, ImageCan.BUILD]
    waiting = a_person(ContextRole.TEACHER)
    assert ImageCan.BUILD not in image_can(waiting, ImageRelation.OWNER, used_by=0)


def test_the_closest_relation_counts() -> None:
    person = a_person()
    assert relation(person, person.id, is_member=True) is Relation.OWNER
    assert relation(person, uuid4(), is_member=True, is_colleague=True) is Relation.COLLEAGUE
    assert relation(person, uuid4(), is_member=True) is Relation.MEMBER
    assert relation(person, uuid4(), is_member=False) is Relation.STRANGER
    by_share = {ShareRight.EDIT: "editor", ShareRight.VIEW: "viewer", ShareRight.TEST: "tester"}
    for right, expected in by_share.items():
        assert relation(person, uuid4(), is_member=True, share=right) == expected
    both = relation(person, uuid4(), is_member=False, is_colleague=True, share=ShareRight.TEST)
    assert both is Relation.VIEWER, "reads as a colleague, tries as a tester"


def test_a_colleague_places_a_course_again_only_where_it_is() -> None:
    ready = CourseStatus.READY
    for near in (True, False):
        assert may_publish_in(Relation.EDITOR, ready, is_placed_here=near)
        assert may_publish_in(Relation.COLLEAGUE, ready, is_placed_here=near) is near
        assert not may_publish_in(Relation.TESTER, ready, is_placed_here=near)
    assert not may_publish_in(Relation.OWNER, CourseStatus.TEST, is_placed_here=True)


def test_a_right_to_see_changes_nothing() -> None:
    for status in CourseStatus:
        rights = course_can(Relation.VIEWER, status, has_build=True, running=0)
        assert set(rights) <= {CourseCan.START}


def test_people_hear_of_what_is_theirs() -> None:
    me, other, owned, joined = uuid4(), uuid4(), uuid4(), uuid4()
    audience = Audience(me, {owned}, {joined})
    operating = replace(audience, operates=True)

    def event(kind: EventKind, course: UUID | None, owner: UUID | None) -> ChangeEvent:
        return ChangeEvent(
            id=1, kind=kind, subject_id=course or uuid4(), course_id=course, owner_id=owner
        )

    environment = EventKind.ENVIRONMENT_CHANGED
    assert audience.visible(event(environment, joined, me)) is not None
    assert audience.visible(event(environment, joined, other)) is None
    assert audience.visible(event(EventKind.COURSE_CHANGED, joined, other)) is not None
    assert audience.visible(event(EventKind.BUILD_CHANGED, None, other)) is None
    for own_alone in (EventKind.PERSON_CHANGED, EventKind.ROLE_CHANGED):
        assert audience.visible(event(own_alone, None, me)) is not None
        assert audience.visible(event(own_alone, None, other)) is None
    assert operating.visible(event(EventKind.PERSON_CHANGED, None, other)) is not None
    assert operating.visible(event(EventKind.ROLE_CHANGED, None, other)) is None
    assert operating.visible(event(EventKind.SESSION_ENDED, None, None)) is None
    new = event(EventKind.COURSE_CHANGED, uuid4(), me)
    audience.learn(new)
    assert new.subject_id in audience.overseen


def test_of_environments_of_others_one_hears_that_something_changed_and_never_whose() -> None:
    me, other, course = uuid4(), uuid4(), uuid4()
    audience = Audience(me, {course}, set())

    def environment(kind: EventKind) -> ChangeEvent:
        return ChangeEvent(id=7, kind=kind, subject_id=uuid4(), course_id=course, owner_id=other)

    heard = audience.visible(environment(EventKind.ENVIRONMENT_CHANGED))
    assert heard == ChangeEvent(
        id=7, kind=EventKind.COURSE_CHANGED, subject_id=course, course_id=course
    )
    assert audience.visible(environment(EventKind.ENVIRONMENT_ENDING)) is None


def test_owning_a_course_gives_no_right_over_people_of_other_course_spaces() -> None:
    owner = Supervision(owns=True, contexts=frozenset())
    assert (owner.sees_page, owner.can()) == (True, [])
    with pytest.raises(NotTeachingHere):
        owner.check_teaches()
    teacher = Supervision(owns=False, contexts=frozenset({uuid4()}))
    assert (teacher.sees_page, teacher.can()) == (True, list(PeopleCan))
    teacher.check_teaches()
    operator = Supervision(owns=False, contexts=frozenset(), operates=True)
    assert (operator.sees_page, operator.stops_everywhere, operator.can()) == (False, True, [])
    assert person_of_course_can(activities=0, entered=False) == []
    assert person_of_course_can(activities=2, entered=False) == [PersonOfCourseCan.SEND_SCORE]
    assert person_of_course_can(activities=0, entered=True) == [PersonOfCourseCan.EXTRA_TIME]
    colleague = course_can(Relation.COLLEAGUE, CourseStatus.DRAFT, has_build=True, running=0)
    assert colleague == [CourseCan.SEE_PEOPLE]


def landing(
    role: ContextRole,
    kind: LaunchKind = LaunchKind.RESOURCE_LINK,
    *,
    dashboard: bool = False,
    names: bool = False,
    course: FoundCourse | None = None,
    link: bool = True,
) -> LandingKind:
    return landing_kind(
        kind, role, wants_dashboard=dashboard, names_course=names, course=course, has_link=link
    )


def test_where_launches_lead() -> None:
    member = FoundCourse(Relation.MEMBER, CourseStatus.READY)
    draft = FoundCourse(Relation.MEMBER, CourseStatus.DRAFT)
    own_draft = FoundCourse(Relation.OWNER, CourseStatus.DRAFT)
    teacher, student = ContextRole.TEACHER, ContextRole.STUDENT
    assert landing(student, course=member) is LandingKind.WINDOW
    assert landing(teacher, course=own_draft) is LandingKind.WINDOW
    assert landing(student, course=draft) is LandingKind.UNKNOWN_COURSE
    assert landing(student, names=True) is LandingKind.UNKNOWN_COURSE
    assert landing(teacher, names=True) is LandingKind.UNKNOWN_COURSE
    assert landing(teacher) is LandingKind.BIND
    assert landing(teacher, link=False) is LandingKind.NOTHING_YET
    assert landing(student) is LandingKind.NOTHING_YET
    assert landing(teacher, dashboard=True) is LandingKind.DASHBOARD
    assert landing(student, dashboard=True) is LandingKind.NOTHING_YET
    assert landing(teacher, LaunchKind.DEEP_LINKING) is LandingKind.PICKER
    assert landing(student, LaunchKind.DEEP_LINKING) is LandingKind.NOTHING_YET


@pytest.mark.parametrize("role", [ContextRole.OBSERVER, ContextRole.NONE])
def test_observers_and_those_without_a_role_get_no_environment(role: ContextRole) -> None:
    assert relation_by_launch(a_person(role), uuid4(), role) is Relation.STRANGER
