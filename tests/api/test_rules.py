"""The pure rules: opening hours, states, rights, commands, names, labels."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mydocker_api.domain import checks, commands, credentials, labels
from mydocker_api.domain.landing import FoundCourse, landing_kind, relation_by_launch
from mydocker_api.domain.lifecycle import (
    Wish,
    is_alive,
    phase,
    state,
    warn_times,
    warnings_due,
    window_can,
)
from mydocker_api.domain.opening import (
    Door,
    Opening,
    Slot,
    end_of,
    opening,
    shown_slot,
    slot_of_running,
)
from mydocker_api.domain.policy import (
    Audience,
    CourseCan,
    ImageCan,
    MayDo,
    Person,
    Relation,
    course_can,
    image_can,
    may_do,
    may_enter,
    relation,
)
from mydocker_api.domain.statuses import CourseStatus, Wanted, WindowCan, WindowState
from mydocker_api.domain.words import ADJECTIVES, SCIENTISTS
from mydocker_api.images.service import repository_of
from mydocker_kit.contracts.builds import BuildRequest
from mydocker_kit.contracts.environments import (
    Credentials,
    EnvironmentStatus,
    Phase,
    Port,
    PortKind,
    Reason,
    ReasonCode,
)
from mydocker_kit.contracts.events import ChangeEvent, EventKind
from mydocker_kit.contracts.launches import ContextRole, LandingKind, LaunchKind

NOW = datetime(2026, 11, 23, 14, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
OPEN = Opening(Door.OPEN)


def a_slot(
    starts: float, ends: float, *, block: bool = True, stop: bool = True, id: UUID | None = None
) -> Slot:
    """A session from `starts` to `ends`, in hours from now."""
    return Slot(id or uuid4(), NOW + starts * HOUR, NOW + ends * HOUR, block, stop)


def a_person(*roles: ContextRole) -> Person:
    return Person(uuid4(), "Ada", None, None, frozenset(roles))


def a_status(status_phase: Phase, attempt: int = 1, **changes: object) -> EnvironmentStatus:
    values: dict[str, object] = {
        "id": uuid4(),
        "owner_id": uuid4(),
        "course_id": uuid4(),
        "session_id": None,
        "attempt": attempt,
        "version": 1,
        "phase": status_phase,
        "since": NOW,
        "asked_at": NOW,
    }
    return EnvironmentStatus.model_validate(values | changes)


def a_wish(attempt: int = 1, wanted: Wanted = Wanted.RUNNING, **changes: object) -> Wish:
    values: dict[str, object] = {"revision": 1, "asked_at": NOW, **changes}
    return Wish(attempt=attempt, wanted=wanted, **values)  # type: ignore[arg-type]


# --- opening ---


def test_without_sessions_a_course_is_always_open() -> None:
    assert opening([], NOW) == OPEN


def test_a_running_session_opens_and_lends_its_end() -> None:
    running = a_slot(-1, 1)
    found = opening([a_slot(-5, -4), running, a_slot(3, 4)], NOW)
    assert (found.door, found.slot) == (Door.OPEN, running)
    assert end_of(found.slot) == NOW + HOUR


def test_of_two_running_sessions_the_longer_counts() -> None:
    short, long = a_slot(-1, 0.5), a_slot(-1, 2)
    assert opening([long, short], NOW).slot == long


def test_a_coming_session_that_blocks_says_when_it_opens() -> None:
    found = opening([a_slot(5, 6), a_slot(1, 2)], NOW)
    assert (found.door, found.opens_at) == (Door.NOT_YET, NOW + HOUR)


def test_a_coming_session_that_does_not_block_opens_now() -> None:
    early = a_slot(1, 2, block=False)
    assert opening([early], NOW) == Opening(Door.OPEN, slot=early)


def test_after_the_last_session_the_door_is_closed() -> None:
    assert opening([a_slot(-2, -1)], NOW).door is Door.CLOSED


def test_a_session_starts_on_its_first_instant_and_is_over_on_its_last() -> None:
    assert opening([a_slot(0, 1)], NOW).door is Door.OPEN
    assert opening([a_slot(-1, 0)], NOW).door is Door.CLOSED


@pytest.mark.parametrize("slots", [[a_slot(1, 2)], [a_slot(-2, -1)], []])
def test_editors_may_always_start(slots: list[Slot]) -> None:
    assert opening(slots, NOW, is_editor=True) == OPEN


def test_without_automatic_stop_nothing_ends() -> None:
    assert end_of(a_slot(-1, 1, stop=False)) is None
    assert end_of(None) is None


def test_the_running_session_is_shown_else_the_next_else_the_last() -> None:
    over, older, running, coming = a_slot(-2, -1), a_slot(-9, -8), a_slot(-1, 1), a_slot(1, 2)
    assert shown_slot([over, running, coming], NOW) == running
    assert shown_slot([over, a_slot(5, 6), coming], NOW) == coming
    assert shown_slot([older, over], NOW) == over
    assert shown_slot([], NOW) is None


def test_what_runs_keeps_its_session_and_takes_the_running_one_when_that_is_gone() -> None:
    own, running = a_slot(-3, -2), a_slot(-1, 1)
    assert slot_of_running([own, running], own.id, NOW) == own
    assert slot_of_running([running], own.id, NOW) == running
    assert slot_of_running([a_slot(1, 2)], own.id, NOW) is None


@given(st.lists(st.tuples(st.integers(-99, 99), st.integers(1, 50), st.booleans()), max_size=6))
def test_the_door_is_never_both_closed_and_coming(hours: list[tuple[int, int, bool]]) -> None:
    slots = [a_slot(start, start + length, block=block) for start, length, block in hours]
    found = opening(slots, NOW)
    assert (found.opens_at is not None) == (found.door is Door.NOT_YET)
    if found.door is Door.CLOSED:
        assert all(slot.ends_at <= NOW for slot in slots)


# --- states ---


def test_nothing_asked_is_not_started() -> None:
    assert state(phase(None, None), OPEN) is WindowState.NOT_STARTED
    assert not is_alive(None, None)


def test_asked_and_not_heard_yet_is_starting() -> None:
    assert phase(a_wish(), None) is Phase.STARTING
    assert is_alive(a_wish(), None)


def test_news_of_an_older_attempt_say_nothing_of_the_newest() -> None:
    old = a_status(Phase.FAILED, attempt=1)
    assert phase(a_wish(attempt=2), old) is Phase.STARTING
    assert is_alive(a_wish(attempt=2), old)


@pytest.mark.parametrize("news", list(Phase))
def test_a_running_wish_shows_what_the_orchestrator_says(news: Phase) -> None:
    assert phase(a_wish(), a_status(news)) is news
    assert is_alive(a_wish(), a_status(news)) == (
        news in (Phase.QUEUED, Phase.STARTING, Phase.READY)
    )


@pytest.mark.parametrize(
    ("news", "shown"),
    [
        (Phase.READY, Phase.STOPPING),
        (Phase.STARTING, Phase.STOPPING),
        (Phase.STOPPING, Phase.STOPPING),
        (Phase.STOPPED, Phase.STOPPED),
        (Phase.FAILED, Phase.FAILED),
    ],
)
def test_once_a_stop_is_asked_it_is_stopping_until_it_is_gone(news: Phase, shown: Phase) -> None:
    wish = a_wish(wanted=Wanted.STOPPED)
    assert phase(wish, a_status(news)) is shown
    assert not is_alive(wish, a_status(news))


def test_a_start_stopped_before_it_was_heard_is_stopped() -> None:
    assert phase(a_wish(wanted=Wanted.STOPPED), None) is Phase.STOPPED


def test_a_refused_wish_has_failed_and_may_be_tried_again() -> None:
    wish = a_wish(refusal=Reason(code=ReasonCode.ENGINE_REFUSED))
    assert phase(wish, None) is Phase.FAILED
    assert not is_alive(wish, None)


def test_a_closed_door_hides_behind_what_ended_and_shows_what_opens() -> None:
    assert state(Phase.STOPPED, Opening(Door.CLOSED)) is WindowState.STOPPED
    assert state(Phase.STOPPED, Opening(Door.NOT_YET, NOW)) is WindowState.NOT_OPEN_YET
    assert state(Phase.READY, Opening(Door.CLOSED)) is WindowState.READY
    assert state(None, Opening(Door.CLOSED)) is WindowState.CLOSED


@pytest.mark.parametrize("shown", list(WindowState))
def test_no_state_offers_start_and_stop_together(shown: WindowState) -> None:
    rights = window_can(shown, OPEN, startable=True, is_editor=False)
    assert not {WindowCan.START, WindowCan.STOP} <= set(rights)
    assert WindowCan.EDIT_COURSE not in rights


def test_a_closed_door_or_a_missing_image_offers_no_start() -> None:
    closed = Opening(Door.CLOSED)
    assert not window_can(WindowState.STOPPED, closed, startable=True, is_editor=False)
    assert not window_can(WindowState.NOT_STARTED, OPEN, startable=False, is_editor=False)
    rights = window_can(WindowState.READY, closed, startable=True, is_editor=False)
    assert WindowCan.RESTART not in rights
    assert WindowCan.STOP in rights


def test_warnings_ring_once_at_their_moment() -> None:
    end = NOW + 5 * timedelta(minutes=1)
    assert warn_times(end, (300, 60)) == [NOW, NOW + timedelta(minutes=4)]
    assert warn_times(None, (300,)) == []
    second = timedelta(seconds=1)
    assert warnings_due(end, (300, 60), NOW - second, NOW)
    assert not warnings_due(end, (300, 60), NOW, NOW + second)


# --- rights ---


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
        (CourseStatus.DRAFT, {Relation.OWNER}),
        (CourseStatus.TEST, {Relation.OWNER}),
        (CourseStatus.READY, {Relation.OWNER, Relation.COLLEAGUE, Relation.MEMBER}),
        (CourseStatus.ARCHIVED, set()),
    ],
)
def test_who_enters_a_course(status: CourseStatus, who: set[Relation]) -> None:
    assert {one for one in Relation if may_enter(one, status)} == who


def test_an_owner_may_publish_what_is_ready_and_delete_what_is_quiet() -> None:
    quiet = course_can(Relation.OWNER, CourseStatus.READY, has_build=True, running=0)
    assert quiet == list(CourseCan)
    busy = course_can(Relation.OWNER, CourseStatus.DRAFT, has_build=False, running=3)
    assert busy == [CourseCan.EDIT, CourseCan.SEE_PEOPLE]
    others = course_can(Relation.MEMBER, CourseStatus.READY, has_build=True, running=0)
    assert others == [CourseCan.START]


def test_an_image_in_use_cannot_be_deleted_nor_touched_by_others() -> None:
    owner = replace(a_person(ContextRole.TEACHER), may_build=True)
    assert image_can(owner, owner.id, used_by=1) == [ImageCan.EDIT, ImageCan.BUILD]
    assert ImageCan.DELETE in image_can(owner, owner.id, used_by=0)
    assert image_can(owner, uuid4(), used_by=0) == []
    waiting = a_person(ContextRole.TEACHER)
    assert ImageCan.BUILD not in image_can(waiting, waiting.id, used_by=0)


def test_the_closest_relation_counts() -> None:
    person = a_person()
    assert relation(person, person.id, is_member=True) is Relation.OWNER
    assert relation(person, uuid4(), is_member=True, is_colleague=True) is Relation.COLLEAGUE
    assert relation(person, uuid4(), is_member=True) is Relation.MEMBER
    assert relation(person, uuid4(), is_member=False) is Relation.STRANGER


def test_people_hear_of_what_is_theirs() -> None:
    me, other, owned, joined = uuid4(), uuid4(), uuid4(), uuid4()
    audience = Audience(me, {owned}, {joined})

    def event(kind: EventKind, course: UUID | None, owner: UUID | None) -> ChangeEvent:
        return ChangeEvent(
            id=1, kind=kind, subject_id=course or uuid4(), course_id=course, owner_id=owner
        )

    environment = EventKind.ENVIRONMENT_CHANGED
    assert audience.may_hear(event(environment, joined, me))
    assert audience.may_hear(event(environment, owned, other))
    assert not audience.may_hear(event(environment, joined, other))
    assert audience.may_hear(event(EventKind.COURSE_CHANGED, joined, other))
    assert not audience.may_hear(event(EventKind.BUILD_CHANGED, None, other))
    assert audience.may_hear(event(EventKind.PERSON_CHANGED, None, me))
    assert not audience.may_hear(event(EventKind.PERSON_CHANGED, None, other))
    operating = replace(audience, operates=True)
    assert operating.may_hear(event(EventKind.PERSON_CHANGED, None, other))
    assert not operating.may_hear(event(EventKind.SESSION_ENDED, None, None))
    new = event(EventKind.COURSE_CHANGED, uuid4(), me)
    audience.learn(new)
    assert new.subject_id in audience.owned


# --- landings ---


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


# --- commands ---


def test_a_command_is_split_as_a_shell_would() -> None:
    found = commands.arguments("run 'two words' --u={{USERNAME}} {{ PASSWORD }}", "ada", "s c'r")
    assert found == ("run", "two words", "--u=ada", "s c'r")
    assert commands.arguments("", "ada", "x") == ()


@given(st.text(max_size=40), st.text(max_size=40))
def test_a_value_never_becomes_two_arguments(name: str, password: str) -> None:
    assert commands.arguments("{{USERNAME}} {{PASSWORD}}", name, password) == (name, password)


def test_what_cannot_be_read_or_is_unknown_is_named() -> None:
    assert [one.code for one in checks.command_flaws('run "open')] == ["command_unreadable"]
    assert [one.code for one in checks.command_flaws("{{HOME}}")] == ["placeholder_unknown"]
    assert not list(checks.command_flaws("run {{USERNAME}}"))


def test_ports_that_stand_twice_are_named_where_they_stand() -> None:
    port = Port(title="Web", kind=PortKind.WEB, number=80)
    other = Port(title="Web 2", kind=PortKind.WEB, number=80)
    assert [one.field for one in checks.port_flaws([port, other])] == [
        "ports.0.number",
        "ports.1.number",
    ]
    assert not list(checks.port_flaws([port]))


# --- names ---


def test_credentials_are_readable_strong_and_acceptable() -> None:
    assert len(ADJECTIVES) >= 20
    assert len(SCIENTISTS) >= 60
    assert len(set(SCIENTISTS)) == len(SCIENTISTS)
    assert credentials.PASSWORD_BITS >= 80
    longest = f"{max(ADJECTIVES, key=len)}_{max(SCIENTISTS, key=len)}"
    for name in (longest, credentials.new_username()):
        assert Credentials.model_validate({"username": name, "password": "x"})
    assert len({credentials.new_password() for _ in range(100)}) == 100


@given(st.text(max_size=120))
def test_every_title_makes_a_name_the_registry_takes(title: str) -> None:
    name = repository_of(title, uuid4())
    BuildRequest(
        image_id=uuid4(), author_id=uuid4(), number=1, repository=name, dockerfile="FROM a"
    )


def test_labels_are_stable_and_apart() -> None:
    id, other = uuid4(), uuid4()
    made = labels.label(b"key", id, 80)
    assert made == labels.label(b"key", id, 80)
    assert len({made, *(labels.label(*args) for args in _others(id, other))}) == 4
    host = "env.localhost:8000"
    assert labels.label_in(f"{made.upper()}.{host}", host) == made
    for wrong in (host, f"x.{host}", f"{made}.evil.example", f"a.{made}.{host}", ""):
        assert labels.label_in(wrong, host) is None


def _others(id: UUID, other: UUID) -> list[tuple[bytes, UUID, int]]:
    return [(b"key", id, 81), (b"key", other, 80), (b"other", id, 80)]
