"""Every role × every route about people of a Course placed in two course spaces.

Rights over people come from a role in their course space, now. The routes are read from the API's
description, so that a new one fails here until it says whom it refuses.
"""

from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import update
from tests.api.campus import DATABASES, Campus, Person
from tests.api.environments.windows import ready
from tests.api.http.test_events import kinds, listening

from mydocker_api.models import Enrolment, Roster
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole, LaunchContext
from mydocker_kit.contracts.gateway.rosters import Member
from mydocker_kit.postgres.db import transaction

TEACHER, STUDENT = ContextRole.TEACHER, ContextRole.STUDENT
OTHER = DATABASES.model_copy(update={"context_id": "8", "title": "Networks"})
THIRD = DATABASES.model_copy(update={"context_id": "9", "title": "Logic"})
ROUTES = {
    ("GET", "/api/courses/{course_id}/people"),
    ("POST", "/api/courses/{course_id}/people/sync"),
    ("PUT", "/api/courses/{course_id}/people/{user_id}/score"),
    ("POST", "/api/courses/{course_id}/environments/stop"),
    ("GET", "/api/courses/{course_id}/room"),
    ("GET", "/api/courses/{course_id}/room/people/{user_id}/logs"),
    ("POST", "/api/courses/{course_id}/room/people/{user_id}/ports/{port}/open"),
    ("POST", "/api/courses/{course_id}/room/extend"),
    ("POST", "/api/courses/{course_id}/room/messages"),
    ("POST", "/api/courses/{course_id}/room/restart"),
    ("POST", "/api/courses/{course_id}/room/start"),
}
ABOUT_PEOPLE = ("people", "environments/")
GONE, NOT_HERE = (404, "not_found"), (403, "not_teaching_here")


@dataclass(frozen=True)
class Placed:
    """Grace's Course in her course space and in that of Linus, with one student in each."""

    course: str
    grace: Person
    linus: Person
    ada: Person
    bob: Person


async def placed(campus: Campus) -> Placed:
    grace = await campus.teacher()
    course = await campus.course(grace)
    ada = await campus.student(course)
    linus = await campus.launch("linus", TEACHER, course=course, context=OTHER, link="imported")
    bob = await campus.launch("bob", course=course, context=OTHER, link="imported")
    for student in (ada, bob):
        await ready(campus, student, course)
    return Placed(course, grace, linus, ada, bob)


async def answers(person: Person, course: str, about: Person) -> dict[tuple[str, str], Any]:
    """What each route answers this person about that one: `None` where it lets them."""
    bodies: dict[str, Any] = {
        "score": {"id": str(uuid4()), "given": 42},
        "stop": {"people": [str(about.id)]},
        "start": {"people": [str(about.id)]},
        "restart": {"people": [str(about.id)]},
        "extend": {"people": [str(about.id)], "minutes": 5},
        "messages": {"people": [str(about.id)], "text": "Hello"},
    }
    codes = {}
    for method, path in ROUTES:
        url = path.format(course_id=course, user_id=about.id, port=8888)
        response = await person.http.request(method, url, json=bodies.get(path.split("/")[-1]))
        refused = None if response.is_success else (response.status_code, response.json()["code"])
        codes[method, path] = refused
    return codes


async def names(person: Person, course: str) -> set[str]:
    page = await person.get(f"/api/courses/{course}/people")
    return {row["user_id"] for row in page["items"]}


def listed(campus: Campus, context: LaunchContext, *members: Member) -> None:
    campus.gateway.rosters[context.context_id] = list(members)
    campus.gateway.roster_at = utc_now()


def test_every_route_about_people_of_a_course_is_tried(campus: Campus) -> None:
    described = {
        (method.upper(), path)
        for path, methods in campus.app.openapi()["paths"].items()
        for method in methods
        if path.startswith(
            (
                "/api/courses/{course_id}/people",
                "/api/courses/{course_id}/room",
                "/api/courses/{course_id}/environments/",
            )
        )
    }
    assert described == ROUTES


async def test_teachers_see_the_people_of_their_own_course_space_alone(campus: Campus) -> None:
    there = await placed(campus)
    assert await names(there.grace, there.course) == {str(there.ada.id)}
    assert await names(there.linus, there.course) == {str(there.bob.id)}
    page = await there.grace.get(f"/api/courses/{there.course}/people")
    assert (page["elsewhere"], page["started"], page["everybody"]) == (1, 1, 1)
    colleagues = await there.linus.get(f"/api/courses/{there.course}/people")
    assert (colleagues["elsewhere"], colleagues["can"]) == (None, ["sync", "stop"])
    shown = await there.linus.get(f"/api/courses/{there.course}")
    assert (shown["running_environments"], shown["placed_links"]) == (1, 1)
    for teacher, other in ((there.grace, there.bob), (there.linus, there.ada)):
        assert await teacher.refused(
            "PUT", f"/api/courses/{there.course}/people/{other.id}/score", {"id": str(uuid4())}
        ) == (409, "no_activity_for_score")
        stop = f"/api/courses/{there.course}/environments/stop"
        assert await teacher.refused("POST", stop, {"people": [str(other.id)]}) == NOT_HERE
    # "Everybody" is everybody one teaches.
    assert await there.linus.post(stop, {}) == {"stopped": 1}
    assert (await there.ada.get(f"/api/courses/{there.course}/window"))["state"] == "ready"
    operator = await campus.operator()
    assert await operator.post(stop, {}) == {"stopped": 1}


@pytest.mark.parametrize(
    ("who", "refusal", "also_reads"),
    [
        ("student", GONE, False),
        ("teacher of another course space", GONE, False),
        ("owner who is a student here now", NOT_HERE, True),
        ("owner without a role here", NOT_HERE, True),
        ("teacher whose role the list has ended", GONE, False),
        ("operator", GONE, False),
    ],
)
async def test_who_does_not_teach_here_now_is_refused_everywhere(
    campus: Campus, who: str, refusal: tuple[int, str], also_reads: bool
) -> None:
    there = await placed(campus)
    about = there.bob
    match who:
        case "student":
            caller = there.ada
        case "teacher of another course space":
            caller = await campus.launch("kay", TEACHER, context=THIRD, link="x")
        case "owner who is a student here now":
            caller = await campus.launch("grace", STUDENT, course=there.course)
            about = there.ada
        case "owner without a role here":
            # Her own course space is gone: only that of Linus is left.
            await campus.launch("grace", ContextRole.NONE, link="from-dashboard", keep=True)
            caller = there.grace
        case "teacher whose role the list has ended":
            async with listening(there.linus) as heard:
                listed(campus, OTHER, Member(subject="bob", role=STUDENT))
                async with transaction(campus.app.state.sessions) as db:
                    await db.execute(update(Roster).values(tried_at=None))
                    from_long_ago = utc_now().replace(year=2020)
                    await db.execute(update(Enrolment).values(refreshed_at=from_long_ago))
                sync = f"/api/courses/{there.course}/people/sync"
                assert await there.linus.refused("POST", sync) == GONE
                assert "role.changed" in await kinds(heard, 1)
            caller = there.linus
        case _:
            caller = await campus.operator()
    codes = await answers(caller, there.course, about)
    reads = ("GET", "/api/courses/{course_id}/people")
    stops = ("POST", "/api/courses/{course_id}/environments/stop")
    if also_reads:
        assert codes.pop(reads) is None
        page = await caller.get(reads[1].format(course_id=there.course))
        assert (page["items"], page["total"], page["everybody"], page["can"]) == ([], 0, 0, [])
        assert page["elsewhere"] == 2
        assert codes.pop(("GET", "/api/courses/{course_id}/room")) is None
        room = await caller.get(f"/api/courses/{there.course}/room")
        assert (room["people"], room["total"], room["elsewhere"]) == ([], 0, 2)
    if who == "operator":
        assert codes.pop(stops) is None
    assert set(codes.values()) == {refusal}, codes
    assert campus.gateway.scores == {}


async def test_a_changed_role_is_announced_to_its_person_alone(campus: Campus) -> None:
    there = await placed(campus)
    async with listening(there.grace) as to_grace, listening(there.bob) as to_bob:
        await campus.launch("grace", STUDENT, course=there.course, keep=True)
        assert "role.changed" in await kinds(to_grace, 1)
    assert to_bob == []
