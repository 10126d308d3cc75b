"""Extra time: granted by a teacher, seen by the student, respected by every end."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from structlog.testing import capture_logs
from tests.api.campus import DATABASES, Campus, a_session, moment
from tests.api.environments.windows import is_so, ready, window
from tests.support.waiting import until

ELSEWHERE = DATABASES.model_copy(update={"context_id": "8"})
MINUTE = timedelta(minutes=1)


async def a_running_course(campus: Campus, **changes: Any) -> tuple[Any, str, Any]:
    """A teacher, a Course, and its session of an hour that runs."""
    teacher = await campus.teacher()
    course = await campus.course(teacher, **changes)
    draft = a_session(-10 * MINUTE, 60 * MINUTE)
    return teacher, course, await teacher.post(f"/api/courses/{course}/sessions", draft)


async def test_extra_time_moves_the_end_of_what_runs(campus: Campus) -> None:
    teacher, course, session = await a_running_course(campus)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    id, of_bob = await ready(campus, ada, course), await ready(campus, bob, course)
    end = moment(session["ends_at"])
    path = f"/api/courses/{course}/extra-time"
    with capture_logs() as lines:
        granted = await teacher.post(path, {"user_id": str(ada.id), "percent": 25})
    assert (granted["percent"], granted["minutes"], granted["granted_by"]) == (25, None, "Grace")
    [line] = [line for line in lines if line["event"] == "extra_time.granted"]
    assert (line["by"], line["person"]) == (teacher.id, ada.id)

    later = end + 15 * MINUTE
    await until(lambda: is_so(campus.orchestrator.specs[id].ends_at == later))
    assert campus.orchestrator.specs[of_bob].ends_at == end
    shown = await window(ada, course)
    assert moment(shown["ends_at"]) == moment(shown["session"]["ends_at"]) == later
    assert shown["session"]["extra_minutes"] == 15
    assert [moment(at) for at in shown["warn_at"]] == [later - 5 * MINUTE, later - MINUTE]
    assert (await window(bob, course))["session"]["extra_minutes"] == 0
    rows = (await teacher.get(f"/api/courses/{course}/room"))["people"]
    assert {row["user_id"]: row["extra_minutes"] for row in rows} == {
        str(ada.id): 15,
        str(bob.id): 0,
    }
    planned = await teacher.get(f"/api/sessions/{session['id']}")
    assert (planned["extra_minutes"], planned["extra_people"]) == (15, 1)

    await teacher.delete(f"{path}/{granted['id']}")
    await until(lambda: is_so(campus.orchestrator.specs[id].ends_at == end))
    assert (await teacher.get(path))["items"] == []


async def test_extra_time_lets_a_student_start_after_the_session(campus: Campus) -> None:
    teacher, course, session = await a_running_course(campus)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    over = a_session(-30 * MINUTE, 20 * MINUTE)
    await teacher.put(f"/api/sessions/{session['id']}", over)
    start = f"/api/courses/{course}/environment/start"
    assert await ada.refused("POST", start) == (409, "session_over")
    body = {"user_id": str(ada.id), "session_id": session["id"], "minutes": 40}
    await teacher.post(f"/api/courses/{course}/extra-time", body)
    assert (await window(ada, course))["state"] == "not_started"
    await ada.post(start)
    spec = campus.orchestrator.specs[campus.environment(course, ada)]
    assert spec.ends_at == moment(over["ends_at"]) + 40 * MINUTE
    assert await bob.refused("POST", start) == (409, "session_over")
    assert (await window(bob, course))["state"] == "closed"


async def test_lease_and_hard_limit_are_longer_by_the_extra_time(campus: Campus) -> None:
    lease = {"minutes": 30, "hard_limit_minutes": 45}
    teacher, course, _ = await a_running_course(campus, lease=lease)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    path = f"/api/courses/{course}/extra-time"
    id = await ready(campus, ada, course)
    await teacher.post(path, {"minutes": 10})
    await until(lambda: is_so(campus.orchestrator.specs[id].hard_limit_seconds == 55 * 60))
    assert campus.orchestrator.specs[id].lease_seconds == 40 * 60
    of_bob = await ready(campus, bob, course)
    assert campus.orchestrator.specs[of_bob].hard_limit_seconds == 55 * 60
    assert campus.orchestrator.specs[of_bob].attempt == 1


async def test_my_activities_show_the_persons_own_end(campus: Campus) -> None:
    teacher, course, session = await a_running_course(campus)
    other = await campus.course(teacher, title="Another one")
    planned = await teacher.post(
        f"/api/courses/{other}/sessions", a_session(10 * MINUTE, 60 * MINUTE)
    )
    await campus.student(course)
    ada = await campus.launch("ada", course=other, link="activity-2")
    await teacher.post(f"/api/courses/{course}/extra-time", {"minutes": 7})
    shown = (await ada.get("/api/activities"))["sessions"]
    assert [(row["id"], row["extra_minutes"]) for row in shown] == [
        (session["id"], 7),
        (planned["id"], 0),
    ]


async def test_a_second_grant_replaces_the_first(campus: Campus) -> None:
    teacher, course, session = await a_running_course(campus)
    ada = await campus.launch("ada", course=course, name="Ada")
    path = f"/api/courses/{course}/extra-time"
    first = await teacher.post(path, {"user_id": str(ada.id), "minutes": 20})
    second = await teacher.post(path, {"user_id": str(ada.id), "percent": 50})
    assert first["id"] == second["id"]
    [shown] = (await teacher.get(path))["items"]
    assert (shown["minutes"], shown["percent"], shown["user_name"]) == (None, 50, "Ada")
    await teacher.post(path, {"user_id": str(ada.id), "session_id": session["id"], "minutes": 1})
    assert len((await teacher.get(path))["items"]) == 2
    assert (await window(ada, course))["session"]["extra_minutes"] == 1
    assert await teacher.refused("DELETE", f"{path}/{uuid4()}") == (404, "not_found")


async def test_only_who_teaches_a_student_grants_it(campus: Campus) -> None:
    teacher, course, _ = await a_running_course(campus)
    ada = await campus.student(course)
    path = f"/api/courses/{course}/extra-time"
    body = {"user_id": str(ada.id), "minutes": 10}
    assert (await ada.refused("POST", path, body))[0] == 404
    assert (await ada.refused("GET", path))[0] == 404
    stranger = await campus.teacher("mallory", context=ELSEWHERE)
    assert (await stranger.refused("POST", path, body))[0] in (403, 404)
    unknown = {"user_id": str(uuid4()), "minutes": 10}
    assert await teacher.refused("POST", path, unknown) == (403, "not_teaching_here")
    elsewhere = body | {"session_id": str(uuid4())}
    assert await teacher.refused("POST", path, elsewhere) == (404, "not_found")
    assert (await window(ada, course))["session"]["extra_minutes"] == 0
    granted = await teacher.post(path, {"minutes": 3})
    assert (await ada.refused("DELETE", f"{path}/{granted['id']}"))[0] == 404


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"minutes": 5, "percent": 5},
        {"minutes": 0},
        {"minutes": 1441},
        {"minutes": 1.5},
        {"percent": 201},
        {"percent": -1},
        {"minutes": "much"},
        {"minutes": 5, "user_id": "nobody"},
        {"minutes": 5, "reason": "unknown field"},
    ],
)
async def test_bad_values_are_refused(campus: Campus, body: dict[str, Any]) -> None:
    teacher, course, _ = await a_running_course(campus)
    path = f"/api/courses/{course}/extra-time"
    assert await teacher.refused("POST", path, body) == (422, "invalid_request")
