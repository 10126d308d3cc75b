"""Courses with hundreds of sessions: read in pages, and quick for everybody who needs none."""

from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import insert
from tests.api.campus import DATABASES, Campus, Person, a_session

from mydocker_api.models import CourseSession
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.postgres.db import transaction

HOUR = timedelta(hours=1)


async def plan_many(campus: Campus, course: str, number: int) -> None:
    """One a day, half of them over."""
    begin = utc_now() - timedelta(days=number // 2) + HOUR
    rows = [
        {
            "id": uuid4(),
            "course_id": UUID(course),
            "title": f"TP {day}",
            "students": 10 + day % 7,
            "starts_at": begin + timedelta(days=day),
            "ends_at": begin + timedelta(days=day) + HOUR,
            "block_before_start": True,
            "automatic_stop": True,
        }
        for day in range(number)
    ]
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(insert(CourseSession), rows)


async def pages(person: Person, course: str, size: int) -> list[dict[str, Any]]:
    sessions: list[dict[str, Any]] = []
    number = 1
    while True:
        params = {"page": number, "page_size": size}
        page = await person.get(f"/api/courses/{course}/sessions", params=params)
        sessions += page["items"]
        if len(sessions) >= page["total"]:
            return sessions
        number += 1


def without_etag(session: dict[str, Any]) -> dict[str, Any]:
    """As shown where nobody edits it."""
    own = ("etag", "capacity", "capacity_reason", "extra_minutes", "extra_people")
    return {name: value for name, value in session.items() if name not in own}


async def test_the_next_come_first_and_past_ones_last(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await plan_many(campus, course, 30)
    running = await teacher.post(f"/api/courses/{course}/sessions", a_session(-HOUR, 2 * HOUR))
    sessions = await pages(teacher, course, 7)
    assert len({session["id"] for session in sessions}) == 31
    assert sessions[0]["id"] == running["id"]
    states = [session["state"] for session in sessions]
    assert states == ["running", *["upcoming"] * 15, *["over"] * 15]
    coming = [session["starts_at"] for session in sessions[1:16]]
    past = [session["starts_at"] for session in sessions[16:]]
    assert coming == sorted(coming)
    assert past == sorted(past, reverse=True)


async def test_a_course_says_what_is_planned_and_holds_no_list(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    empty = (await teacher.get(f"/api/courses/{course}"))["sessions"]
    assert empty == {"total": 0, "next": None, "most_students": 0, "last_students": None}
    await plan_many(campus, course, 300)
    answer = await teacher.http.get(f"/api/courses/{course}")
    assert len(answer.content) < 8_000
    planned = answer.json()["sessions"]
    first = without_etag((await pages(teacher, course, 200))[0])
    assert planned["next"] == first
    assert (planned["total"], planned["most_students"]) == (300, 16)
    assert planned["last_students"] == 10 + 299 % 7
    summary = (await teacher.get("/api/courses"))["items"][0]
    assert (summary["sessions"], summary["next_session"]) == (300, first)


async def test_the_longest_running_session_is_the_next(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    for lasts in (2 * HOUR, 4 * HOUR, 3 * HOUR):
        await teacher.post(f"/api/courses/{course}/sessions", a_session(-HOUR, lasts))
    planned = (await teacher.get(f"/api/courses/{course}"))["sessions"]["next"]
    summary = (await teacher.get("/api/courses"))["items"][0]["next_session"]
    window = await teacher.get(f"/api/courses/{course}/window")
    assert planned["id"] == summary["id"] == window["session"]["id"]
    ends = [session["ends_at"] for session in await pages(teacher, course, 10)]
    assert planned["ends_at"] == max(ends)


@pytest.mark.parametrize("early", [False, True])
async def test_a_window_before_hundreds_of_sessions(campus: Campus, early: bool) -> None:
    """Whether a start is possible is decided by few of them."""
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    await plan_many(campus, course, 300)
    if early:  # far away, but it lets people start before it begins
        slot = a_session(timedelta(days=400), HOUR, block_before_start=False)
        later = await teacher.post(f"/api/courses/{course}/sessions", slot)
    ada = await campus.student(course)
    window = await ada.get(f"/api/courses/{course}/window")
    first = (await pages(teacher, course, 200))[0]
    assert window["session"]["id"] == first["id"]
    if not early:
        assert window["opens_at"] == first["starts_at"]
        start = f"/api/courses/{course}/environment/start"
        assert await ada.refused("POST", start) == (409, "session_not_open")
        return
    assert window["state"] == "not_started"
    started = await ada.post(f"/api/courses/{course}/environment/start")
    assert started["ends_at"] == later["ends_at"]


async def test_the_last_session_is_over(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    for starts_in in (-30 * HOUR, -20 * HOUR):
        await teacher.post(f"/api/courses/{course}/sessions", a_session(starts_in, HOUR))
    ada = await campus.student(course)
    window = await ada.get(f"/api/courses/{course}/window")
    assert window["state"] == "closed"
    shown = without_etag((await pages(teacher, course, 10))[0])
    assert window["session"] == shown | {"extra_minutes": 0}


async def test_who_may_read_the_list(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    student = await campus.student(course)
    elsewhere = DATABASES.model_copy(update={"context_id": "elsewhere"})
    stranger = await campus.launch("stranger", ContextRole.TEACHER, link="own", context=elsewhere)
    path = f"/api/courses/{course}/sessions"
    colleague = await campus.launch("colleague", ContextRole.TEACHER, course=course)
    await colleague.get(path)
    for person in (student, stranger):
        assert (await person.refused("GET", path))[0] in (403, 404)
    assert (await teacher.refused("GET", f"/api/courses/{uuid4()}/sessions"))[0] == 404
