"""Join links: people without an LMS activity join a Course by a code."""

from datetime import timedelta
from typing import Any

import pytest
from tests.api.campus import Campus, Person, a_session, checked
from tests.api.environments.windows import ready, window

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole


async def outsider(campus: Campus, subject: str = "omar") -> Person:
    """Somebody signed in without any course space."""
    return await campus.launch(
        subject, ContextRole.NONE, link=None, context=None, name=subject.title()
    )


async def linked(teacher: Person, course: str, **terms: Any) -> dict[str, Any]:
    path = f"/api/courses/{course}/join-link"
    answer: dict[str, Any] = checked(await teacher.http.put(path, json=terms))["link"]
    return answer


async def test_a_code_joins_and_opens_a_course(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    assert await teacher.get(f"/api/courses/{course}/join-link") == {"link": None, "joined": 0}
    link = await linked(teacher, course)
    assert link["url"].endswith(f"/join/{link['code']}")
    omar = await outsider(campus)
    assert await omar.refused("GET", f"/api/courses/{course}/window") == (404, "not_found")
    typed = link["code"].lower().replace("-", " ")
    joined = await omar.post("/api/join", {"code": typed})
    assert joined == {"course_id": course, "title": "Cryptography"}
    assert await omar.post("/api/join", {"code": link["code"]}) == joined
    assert (await window(omar, course))["state"] == "not_started"
    shown = await teacher.get(f"/api/courses/{course}/join-link")
    assert (shown["joined"], shown["link"]["code"]) == (1, link["code"])


async def test_each_refused_code_has_its_own_reason(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    omar = await outsider(campus)
    assert await omar.refused("POST", "/api/join", {"code": "AAAA-2222"}) == (
        404,
        "join_code_unknown",
    )
    link = await linked(teacher, course, max_people=1)
    await (await outsider(campus, "first")).post("/api/join", {"code": link["code"]})
    body = {"code": link["code"]}
    assert await omar.refused("POST", "/api/join", body) == (409, "join_link_full")
    over = (utc_now() - timedelta(minutes=1)).isoformat()
    await linked(teacher, course, expires_at=over)
    assert await omar.refused("POST", "/api/join", body) == (409, "join_link_expired")
    await linked(teacher, course)
    await teacher.change_status(course, "draft")
    assert await omar.refused("POST", "/api/join", body) == (409, "join_course_closed")
    await teacher.change_status(course, "ready")
    renewed = await teacher.post(f"/api/courses/{course}/join-link/renew")
    assert renewed["link"]["code"] != link["code"]
    assert await omar.refused("POST", "/api/join", body) == (409, "join_link_revoked")
    deleted = await teacher.http.delete(f"/api/courses/{course}/join-link")
    assert deleted.status_code == 204
    body = {"code": renewed["link"]["code"]}
    assert await omar.refused("POST", "/api/join", body) == (409, "join_link_revoked")
    path = f"/api/courses/{course}/join-link/renew"
    assert await teacher.refused("POST", path) == (404, "not_found")


async def test_only_editors_see_and_change_the_link(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    path = f"/api/courses/{course}/join-link"
    ada = await campus.student(course)
    for method in ("GET", "PUT", "DELETE"):
        assert await ada.refused(method, path, {} if method == "PUT" else None) == (
            404,
            "not_found",
        )


async def test_people_who_joined_by_a_link_are_in_the_room_of_the_editor(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    link = await linked(teacher, course)
    omar = await outsider(campus)
    await omar.post("/api/join", {"code": link["code"]})
    await ready(campus, omar, course)
    people = (await teacher.get(f"/api/courses/{course}/room"))["people"]
    assert [(row["name"], row["phase"], row["role"]) for row in people] == [
        ("Omar", "ready", "student")
    ]
    body = {"people": [str(omar.id)]}
    assert (await teacher.post(f"/api/courses/{course}/room/restart", body))["done"] == 1
    assert await teacher.post(f"/api/courses/{course}/environments/stop", body) == {"stopped": 1}


@pytest.fixture
def changes() -> dict[str, Any]:
    return {
        "requests_per_minute": 1_000_000,
        "requests_per_address": 1_000_000,
        "joins_per_minute": 8,
    }


async def test_guessing_codes_is_limited(campus: Campus) -> None:
    omar = await outsider(campus)
    body = {"code": "BBBB-3333"}
    codes = [await omar.refused("POST", "/api/join", body) for _ in range(8)]
    assert codes == [(404, "join_code_unknown")] * 8
    # A machine with other work takes longer than a guess takes to come back: some pass meanwhile.
    later = [await omar.refused("POST", "/api/join", body) for _ in range(4)]
    assert (429, "too_many_joins") in later


async def test_activities_list_courses_sessions_and_what_runs(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    hidden = await campus.course(teacher, title="Hidden", status="draft")
    for starts_in in (timedelta(days=2), timedelta(minutes=-5), timedelta(days=-2)):
        session = a_session(starts_in, timedelta(hours=1))
        await teacher.post(f"/api/courses/{course}/sessions", session)
    omar = await outsider(campus)
    assert (await omar.get("/api/activities"))["courses"] == []
    link = await linked(teacher, course)
    await omar.post("/api/join", {"code": link["code"]})
    await ready(campus, omar, course)
    mine = await omar.get("/api/activities")
    assert [(row["id"], row["phase"]) for row in mine["courses"]] == [(course, "ready")]
    assert hidden not in str(mine)
    assert [session["state"] for session in mine["sessions"]] == ["running", "upcoming"]
    assert {session["course_title"] for session in mine["sessions"]} == {"Cryptography"}
