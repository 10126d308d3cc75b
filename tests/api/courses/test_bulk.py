"""Courses and sessions created together: all of them, or none."""

from datetime import timedelta
from typing import Any

import pytest
from tests.api.campus import Campus, Person, a_course, a_session

HOUR = timedelta(hours=1)


async def titles(person: Person) -> list[str]:
    listed = await person.get("/api/courses?sort=title")
    return [course["title"] for course in listed["items"]]


async def refused(person: Person, path: str, items: Any) -> tuple[str, list[tuple[str, str]]]:
    answer = await person.http.post(path, json={"items": items})
    assert answer.status_code == 422, answer.text
    body = answer.json()
    return body["code"], [(flaw["field"], flaw["code"]) for flaw in body["fields"]]


async def test_thirty_courses_with_two_sessions_each(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    drafts = [a_course(title=f"Lab {number:02}", build_id=build) for number in range(30)]
    made = await teacher.post("/api/courses/bulk", {"items": drafts})
    for course in made["items"]:
        sessions = [a_session(HOUR, HOUR), a_session(25 * HOUR, HOUR)]
        await teacher.post(f"/api/courses/{course['id']}/sessions/bulk", {"items": sessions})
    assert [course["title"] for course in made["items"]] == [f"Lab {n:02}" for n in range(30)]
    assert {entry["sessions"] for entry in (await teacher.get("/api/courses"))["items"]} == {2}


async def test_each_wrong_course_is_named(campus: Campus) -> None:
    teacher = await campus.teacher()
    draft = a_course(status="draft")
    items = [draft, {**draft, "title": ""}, {**draft, "colour": "red"}]
    assert await refused(teacher, "/api/courses/bulk", items) == (
        "invalid_request",
        [("items.1.title", "string_too_short"), ("items.2.colour", "extra_forbidden")],
    )
    without_build = a_course(status="ready")
    code, flaws = await refused(
        teacher, "/api/courses/bulk", [draft, without_build, draft, without_build]
    )
    assert code == "fields_invalid"
    assert [field for field, _ in flaws] == ["items.1.build_id", "items.3.build_id"]
    assert await titles(teacher) == []


async def test_each_wrong_session_is_named(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    path = f"/api/courses/{course}/sessions/bulk"
    good, bad = a_session(HOUR, HOUR), a_session(HOUR, -HOUR)
    local = {**good, "starts_at": "2026-12-01T08:00:00"}
    assert await refused(teacher, path, [good, bad, local]) == (
        "invalid_request",
        [("items.1", "ends_before_start"), ("items.2.starts_at", "timezone_aware")],
    )
    assert (await teacher.get(f"/api/courses/{course}/sessions"))["total"] == 0


@pytest.mark.parametrize("items", [[], [a_course(status="draft")] * 101])
async def test_none_or_too_many(campus: Campus, items: list[Any]) -> None:
    teacher = await campus.teacher()
    code, flaws = await refused(teacher, "/api/courses/bulk", items)
    assert code == "invalid_request"
    assert [field for field, _ in flaws] == ["items"]


async def test_sessions_of_somebody_else(campus: Campus) -> None:
    grace, ada = await campus.teacher("grace"), await campus.teacher("ada")
    course = await campus.course(grace)
    body = {"items": [a_session(HOUR, HOUR)]}
    answer = await ada.refused("POST", f"/api/courses/{course}/sessions/bulk", body)
    assert answer == (404, "not_found")


class TestFull:
    @pytest.fixture
    def changes(self, changes: dict[str, Any]) -> dict[str, Any]:
        return {**changes, "courses_per_person": 3, "sessions_per_course": 3}

    async def test_the_list_would_be_too_long(self, campus: Campus) -> None:
        teacher = await campus.teacher()
        draft = a_course(status="draft")
        answer = await teacher.http.post("/api/courses/bulk", json={"items": [draft] * 4})
        assert (answer.status_code, answer.json()["code"]) == (409, "courses_full")
        assert answer.json()["parameters"] == {"most": 3, "index": 3}
        assert await titles(teacher) == []
        made = await teacher.post("/api/courses/bulk", {"items": [draft] * 3})
        path = f"/api/courses/{made['items'][0]['id']}/sessions/bulk"
        sessions = {"items": [a_session(HOUR, HOUR)] * 4}
        assert await teacher.refused("POST", path, sessions) == (409, "sessions_full")
