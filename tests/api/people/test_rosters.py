"""NR-07 through api: the platform's list takes rights away, never work, and gives none."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from tests.api.campus import DATABASES, Campus, Person, a_session
from tests.api.environments.windows import ready
from tests.support.waiting import until

from mydocker_api.domain.people.rosters import Held, RosterState, Withdrawn, together, withdrawals
from mydocker_api.models import Enrolment, Environment, Roster, User
from mydocker_api.rosters.schedule import due_contexts
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole, LandingKind
from mydocker_kit.contracts.gateway.rosters import Member
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.postgres.db import transaction

NOW = datetime.fromisoformat("2026-11-23T14:00:00+00:00")
TEACHER, STUDENT, NONE = ContextRole.TEACHER, ContextRole.STUDENT, ContextRole.NONE


def member(subject: str, role: ContextRole = STUDENT, **facts: Any) -> Member:
    return Member(subject=subject, role=role, **facts)


async def listed(campus: Campus, teacher: Person, course: str, *members: Member) -> Any:
    """The platform lists these; the teacher asks to look, as if nobody had lately."""
    campus.gateway.rosters[DATABASES.context_id] = list(members)
    campus.gateway.roster_at = utc_now()
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(Roster).values(tried_at=None))
    return await teacher.post(f"/api/courses/{course}/people/sync")


def held(subject: str, role: ContextRole, *, ago: float = 1, was_listed: bool = True) -> Held:
    refreshed_at = NOW - timedelta(hours=ago)
    return Held(UUID(int=int(subject)), subject, role, refreshed_at, was_listed)


def test_a_list_takes_and_lowers_and_never_gives() -> None:
    roles = {"1": TEACHER, "2": STUDENT, "3": TEACHER}
    enrolled = [held("1", TEACHER), held("2", TEACHER), held("3", STUDENT), held("4", STUDENT)]
    assert withdrawals(enrolled, roles, NOW) == [
        Withdrawn(UUID(int=2), STUDENT),
        Withdrawn(UUID(int=4), NONE),
    ]


def test_an_empty_list_and_a_newer_launch_change_nothing() -> None:
    assert withdrawals([held("1", TEACHER)], {}, NOW) == []
    assert withdrawals([held("1", TEACHER, ago=-1)], {"2": STUDENT}, NOW) == []


def test_who_was_never_listed_keeps_the_role_of_a_launch_for_a_day() -> None:
    admin = held("1", TEACHER, ago=23, was_listed=False)
    assert withdrawals([admin], {"2": STUDENT}, NOW) == []
    yesterday = held("1", TEACHER, ago=25, was_listed=False)
    assert withdrawals([yesterday], {"2": STUDENT}, NOW) == [Withdrawn(UUID(int=1), NONE)]
    without_role = held("1", TEACHER, was_listed=False)
    assert withdrawals([without_role], {"1": NONE, "2": STUDENT}, NOW) != []


def test_several_course_spaces_are_as_sure_as_the_least_sure() -> None:
    known, away = RosterState.KNOWN, RosterState.AWAY
    assert together([known, away]) is away
    assert together([known, RosterState.NOT_OFFERED]) is known
    assert together([]) is RosterState.NEVER


async def test_nr_07_who_has_left_loses_access_and_keeps_their_work(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    id = await ready(campus, ada, course)
    await listed(campus, teacher, course, member("ada"), member("bob"), member("grace", TEACHER))
    assert (await ada.get(f"/api/courses/{course}/window"))["state"] == "ready"

    people = await listed(campus, teacher, course, member("bob"), member("grace", TEACHER))
    assert await ada.refused("GET", f"/api/courses/{course}/window") == (404, "not_found")
    assert await ada.refused("POST", f"/api/courses/{course}/environment/start") == (
        404,
        "not_found",
    )
    assert (await bob.get(f"/api/courses/{course}/window"))["state"] == "not_started"
    assert (await ada.get("/api/me"))["contexts"] == []

    async def stopped() -> bool:
        return any(stop.reason is ReasonCode.ACCESS_LOST for stop in campus.orchestrator.stops)

    await until(stopped)
    async with transaction(campus.app.state.sessions) as db:
        row = await db.get_one(Environment, id)
        assert (row.attempt, row.sealed_password != "") == (1, True)
    gone = next(person for person in people["items"] if person["user_id"] == str(ada.id))
    assert (gone["listed"], gone["role"]) == (False, "none")

    again = await campus.student(course)
    assert again.id == ada.id
    assert (await again.get(f"/api/courses/{course}/window"))["state"] in ("stopping", "stopped")


async def test_nr_07_a_lowered_role_is_lowered_and_a_raised_one_waits_for_a_launch(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await campus.student(course)
    other = await campus.launch("kay", TEACHER, course=course)
    assert "create_courses" in (await other.get("/api/me"))["can"]
    await listed(
        campus, teacher, course, member("ada", TEACHER), member("kay"), member("grace", TEACHER)
    )
    assert (await other.get("/api/me"))["can"] == []
    assert (await campus.people["ada"].get("/api/me"))["can"] == []
    await campus.launch("ada", TEACHER, course=course)
    assert "create_courses" in (await campus.people["ada"].get("/api/me"))["can"]


async def test_a_teacher_who_asks_gets_the_list_of_now(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await campus.student(course)
    await listed(campus, teacher, course, member("ada"), member("grace", TEACHER))
    assert campus.gateway.roster_max_ages[-1] == 30


async def test_errors_and_emptiness_withdraw_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    everybody = (member("ada"), member("grace", TEACHER))
    assert (await listed(campus, teacher, course, *everybody))["roster"] == "known"
    assert (await listed(campus, teacher, course))["roster"] == "away"
    campus.gateway.away = True
    people = await listed(campus, teacher, course, member("grace", TEACHER))
    assert (people["roster"], people["roster_at"] is not None) == ("away", True)
    campus.gateway.away = False
    campus.gateway.stale = True
    assert (await listed(campus, teacher, course, *everybody))["roster"] == "away"
    campus.gateway.rosters.clear()
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(Roster).values(tried_at=None))
    people = await teacher.post(f"/api/courses/{course}/people/sync")
    assert people["roster"] == "not_offered"
    assert (await ada.get(f"/api/courses/{course}/window"))["state"] == "not_started"


async def test_who_never_came_is_listed_and_gets_no_account(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    await campus.student(course, "bob")
    async with transaction(campus.app.state.sessions) as db:
        before = await db.scalar(select(func.count()).select_from(User))
    nobody = member("zoe", name="Zoe New", email="ada@example.edu")
    inactive = member("gone", active=False)
    await listed(campus, teacher, course, member("ada"), member("bob"), nobody, inactive)
    path = f"/api/courses/{course}/people"
    people = await teacher.get(path)
    assert (people["total"], people["started"], people["everybody"]) == (3, 1, 3)
    by_subject = {person["name"]: person for person in people["items"]}
    zoe = by_subject["Zoe New"]
    assert (zoe["user_id"], zoe["came"], zoe["listed"], zoe["can"]) == (None, False, True, [])
    assert next(person for person in people["items"] if person["user_id"] == str(ada.id))[
        "environment"
    ] == ("ready")
    waiting = await teacher.get(f"{path}?which=not_started")
    assert {person["came"] for person in waiting["items"]} == {True, False}
    assert (waiting["total"], (await teacher.get(f"{path}?which=started"))["total"]) == (2, 1)
    assert (await teacher.get(f"{path}?search=zoe"))["total"] == 1
    second = await teacher.get(f"{path}?page=2&page_size=2")
    assert (len(second["items"]), second["total"]) == (1, 3)
    async with transaction(campus.app.state.sessions) as db:
        assert await db.scalar(select(func.count()).select_from(User)) == before
    # When she comes she is one person, whatever her e-mail.
    await campus.student(course, "zoe")
    assert (await teacher.get(path))["total"] == 3


async def test_people_of_a_course_are_for_those_who_teach_them(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    elsewhere = DATABASES.model_copy(update={"context_id": "8"})
    stranger = await campus.launch("kay", TEACHER, context=elsewhere)
    for person in (ada, stranger):
        path = f"/api/courses/{course}/people"
        assert await person.refused("GET", path) == (404, "not_found")
        assert await person.refused("POST", f"{path}/sync") == (404, "not_found")
    assert (await teacher.refused("GET", f"/api/courses/{uuid4()}/people"))[0] == 404
    path = f"/api/courses/{course}/people?which=nonsense"
    assert (await teacher.refused("GET", path))[0] == 422


async def test_lists_are_looked_at_daily_and_often_around_sessions(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await campus.student(course)

    async def due(now: datetime) -> int:
        async with transaction(campus.app.state.sessions) as db:
            return len(await due_contexts(db, now))

    now = utc_now()
    assert (await due(now), await due(now)) == (1, 0)
    assert await due(now + timedelta(hours=23)) == 0
    assert await due(now + timedelta(hours=25)) == 1
    begins = timedelta(hours=50)
    await teacher.post(f"/api/courses/{course}/sessions", a_session(begins, timedelta(hours=1)))
    looked = now + timedelta(hours=49, minutes=25)
    assert await due(looked) == 1  # daily
    assert await due(looked + timedelta(minutes=6)) == 0
    assert await due(looked + timedelta(minutes=11)) == 1  # half an hour before
    assert await due(looked + timedelta(minutes=22)) == 1
    await teacher.change_status(course, "archived")
    assert await due(looked + timedelta(days=3)) == 0


async def test_vl_10_a_lower_role_at_the_next_launch_takes_rights_away(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    lowered = await campus.launch("ada", ContextRole.OBSERVER, course=course)
    assert lowered.arrival.landing.kind is LandingKind.UNKNOWN_COURSE
    assert (await lowered.refused("GET", f"/api/courses/{course}/window"))[0] == 404

    async def stopped() -> bool:
        return any(stop.reason is ReasonCode.ACCESS_LOST for stop in campus.orchestrator.stops)

    await until(stopped)
    # A role in one course space says nothing about another.
    elsewhere = DATABASES.model_copy(update={"context_id": "8"})
    await campus.launch("kay", TEACHER, context=DATABASES)
    kay = await campus.launch("kay", STUDENT, context=elsewhere)
    roles = {context["role"] for context in (await kay.get("/api/me"))["contexts"]}
    assert roles == {"teacher", "student"}
    kay = await campus.launch("kay", STUDENT, context=DATABASES)
    assert (await kay.get("/api/me"))["can"] == []


async def test_another_course_space_that_leads_there_keeps_the_way_open(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await campus.student(course)
    elsewhere = DATABASES.model_copy(update={"context_id": "8"})
    ada = await campus.launch("ada", course=course, context=elsewhere)
    await listed(campus, teacher, course, member("ada"), member("grace", TEACHER))
    await listed(campus, teacher, course, member("grace", TEACHER))
    assert (await ada.get(f"/api/courses/{course}/window"))["state"] == "not_started"
    async with transaction(campus.app.state.sessions) as db:
        left = await db.scalars(select(Enrolment).where(Enrolment.user_id == ada.id))
        assert len(left.all()) == 1
