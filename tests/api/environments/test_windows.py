"""A class that waits asks for its windows all the time: cheap, and never older than the tables."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, event, update
from tests.api.campus import Campus, a_session
from tests.api.environments.windows import ready

from mydocker_api.models import Course, CourseSession, Environment, Membership, User
from mydocker_api.models.base import Base
from mydocker_api.models.seen import SeenCourse, SeenEnvironment, SeenSession, SeenUser, columns_of
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction


@contextmanager
def asked_about(campus: Campus, *ids: str) -> Iterator[list[str]]:
    """What the api asks its database meanwhile about these; what its loops do is left out."""
    said: list[str] = []
    engine = campus.app.state.sessions.kw["bind"].sync_engine

    def note(record: Any) -> None:
        if set(ids) & {str(id) for id in record.args}:
            said.append(record.query)

    def checkout(connection: Any, entry: Any, _: Any) -> None:
        entry.driver_connection.add_query_logger(note)

    def checkin(connection: Any, entry: Any) -> None:
        entry.driver_connection.remove_query_logger(note)

    event.listen(engine, "checkout", checkout)
    event.listen(engine, "checkin", checkin)
    try:
        yield said
    finally:
        event.remove(engine, "checkout", checkout)
        event.remove(engine, "checkin", checkin)


async def write(campus: Campus, statement: Any) -> None:
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(statement)


async def test_a_window_is_one_question_to_the_database(campus: Campus) -> None:
    course = await campus.course(await campus.teacher())
    ada = await campus.student(course)
    await ada.post(f"/api/courses/{course}/environment/start")
    with asked_about(campus, str(ada.id), course) as said:
        await ada.get(f"/api/courses/{course}/window")
    assert len(said) == 1, said


async def test_rights_count_at_the_next_window(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    path = f"/api/courses/{course}/window"
    known, joined = update(User).where(User.id == ada.id), Membership.user_id == ada.id
    assert (await ada.get(path))["state"] == "not_started"

    await write(campus, known.values(disabled_at=utc_now()))
    assert await ada.refused("GET", path) == (403, "user_disabled")
    await write(campus, known.values(disabled_at=None, joined_to_id=teacher.id))
    assert await ada.refused("GET", path) == (401, "unauthenticated")
    await write(campus, known.values(joined_to_id=None))
    await write(campus, update(Course).values(status="draft"))
    assert await ada.refused("GET", path) == (404, "not_found")
    assert "edit_course" in (await teacher.get(path))["can"]
    await write(campus, update(Course).values(status="ready"))
    await write(campus, delete(Membership).where(joined))
    assert await ada.refused("GET", path) == (404, "not_found")
    nowhere = "/api/courses/00000000-0000-4000-8000-000000000000/window"
    assert await ada.refused("GET", nowhere) == (404, "not_found")
    await write(campus, delete(User).where(User.id == ada.id))
    assert await ada.refused("GET", path) == (401, "unauthenticated")


async def test_the_window_shows_the_session_that_the_course_shows(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    hour = timedelta(hours=1)
    for starts_in in (3 * hour, -3 * hour, hour):
        planned = a_session(starts_in, hour, title=f"Séance « {starts_in} »")
        await teacher.post(f"/api/courses/{course}/sessions", planned)
    sessions = (await teacher.get(f"/api/courses/{course}/sessions"))["items"]
    assert len(sessions) == 3
    shown = await ada.get(f"/api/courses/{course}/window")
    # Nobody edits or plans a session from the window, or sees there what others were granted.
    names = ("etag", "capacity", "capacity_reason", "extra_people")
    for_teachers = {name: sessions[0][name] for name in names}
    assert {**shown["session"], **for_teachers} == sessions[0]
    assert shown["opens_at"] == sessions[0]["starts_at"]
    await write(campus, delete(CourseSession))
    assert (await ada.get(f"/api/courses/{course}/window"))["session"] is None


@pytest.mark.parametrize(
    ("table", "value"), [(User, SeenUser), (Course, SeenCourse), (Environment, SeenEnvironment)]
)
def test_a_seen_value_begins_with_the_key(table: type[Base], value: type[Any]) -> None:
    assert columns_of(table, value)[0].key == "id"


def test_a_seen_session_is_made_of_columns() -> None:
    assert set(SeenSession.model_fields) <= set(CourseSession.__table__.c.keys())


async def test_the_quick_answer_is_the_one_that_the_description_promises(campus: Campus) -> None:
    """Written in capitals, the same address is answered by the endpoint itself."""
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    quick = await ada.http.get(f"/api/courses/{course}/window")
    described = await ada.http.get(f"/api/courses/{course.upper()}/window")
    assert quick.json() | {"now": ""} == described.json() | {"now": ""}
    assert quick.headers["content-type"] == described.headers["content-type"]
    nowhere = "0" * 8 + "-0000-4000-8000-" + "0" * 12
    for headers in ({}, {"Authorization": "Bearer forged"}):
        for path in (course, nowhere):
            asked = await ada.http.get(f"/api/courses/{path}/window", headers=headers)
            again = await ada.http.get(f"/api/courses/{{{path}}}/window", headers=headers)
            assert asked.status_code == again.status_code
            if asked.is_error:
                assert asked.json()["code"] == again.json()["code"]
                assert asked.json()["request_id"] == asked.headers["X-Request-Id"]
    metrics = (await ada.http.get("/metrics")).text
    assert 'route="/api/courses/{course_id}/window"' in metrics
