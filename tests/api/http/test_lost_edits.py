"""Edits say which version they change; of two with one version, one wins."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import httpx
import pytest
from tests.api.campus import Campus, Person, a_course, a_session, an_image

MALFORMED = ["", "abc", '"a', '"a" "b"', "*, *", 'w/"a"']


@dataclass
class Edited:
    """A resource that somebody edits."""

    editor: Person
    path: str
    list_path: str
    """Its entries carry the same tag."""
    draft: dict[str, Any]
    text: str = "title"
    """The name of a field that holds text."""

    async def etag(self) -> str:
        response = await self.editor.http.get(self.path)
        assert response.status_code == 200, response.text
        assert response.headers["ETag"] == response.json()["etag"]
        return response.headers["ETag"]

    async def send(
        self, method: str, if_match: str | None, text: str | None = None, suffix: str = ""
    ) -> httpx.Response:
        body = self.draft if text is None else {**self.draft, self.text: text}
        headers = {} if if_match is None else {"If-Match": if_match}
        return await self.editor.http.request(
            method,
            self.path + suffix,
            json=None if method == "DELETE" else body,
            headers=headers,
        )

    async def put(self, if_match: str | None, text: str) -> httpx.Response:
        return await self.send("PUT", if_match, text)


async def a_course_of(campus: Campus) -> Edited:
    teacher = await campus.teacher()
    draft = a_course(status="draft")
    course = await teacher.post("/api/courses", draft)
    return Edited(teacher, f"/api/courses/{course['id']}", "/api/courses", draft)


async def an_image_of(campus: Campus) -> Edited:
    teacher = await campus.teacher()
    image = await teacher.post("/api/images", an_image())
    return Edited(teacher, f"/api/images/{image['id']}", "/api/images", an_image())


async def a_session_of(campus: Campus) -> Edited:
    teacher = await campus.teacher()
    course = await teacher.post("/api/courses", a_course(status="draft"))
    draft = a_session(timedelta(hours=1), timedelta(hours=1), title="Lab")
    planned = await teacher.post(f"/api/courses/{course['id']}/sessions", draft)
    return Edited(teacher, f"/api/sessions/{planned['id']}", "/api/sessions", draft)


RESOURCES = {"course": a_course_of, "image": an_image_of, "session": a_session_of}


@pytest.fixture(params=RESOURCES)
async def edited(request: pytest.FixtureRequest, campus: Campus) -> Edited:
    return await RESOURCES[request.param](campus)


async def test_an_edit_of_the_version_that_was_read_is_made(edited: Edited) -> None:
    first = await edited.etag()
    answer = await edited.put(first, "Changed")
    assert answer.status_code == 200, answer.text
    second = await edited.etag()
    assert answer.headers["ETag"] == second != first
    entries = await edited.editor.get(edited.list_path)
    assert second in [entry["etag"] for entry in entries["items"]]


async def test_a_list_read_before_and_after_an_edit_has_the_tag_of_each_version(
    edited: Edited,
) -> None:
    for text in ("First", "Second", "First"):
        await edited.put("*", text)
        for _ in range(2):
            entries = (await edited.editor.get(edited.list_path))["items"]
            assert await edited.etag() in [entry["etag"] for entry in entries]


async def test_an_edit_of_an_older_version_is_refused_and_changes_nothing(edited: Edited) -> None:
    first = await edited.etag()
    await edited.put(first, "Theirs")
    second = await edited.etag()
    for method in ("PUT", "DELETE"):
        answer = await edited.send(method, first, "Mine")
        problem = answer.json()
        assert (answer.status_code, problem["code"]) == (412, "edited_meanwhile"), method
        assert problem["parameters"]["etag"] == second
    current = await edited.editor.get(edited.path)
    assert (current[edited.text], current["etag"]) == ("Theirs", second)
    assert (await edited.put(problem["parameters"]["etag"], "Mine")).status_code == 200


async def test_an_edit_without_a_version_is_refused(edited: Edited) -> None:
    for method in ("PUT", "DELETE"):
        answer = await edited.send(method, None, "Mine")
        assert (answer.status_code, answer.json()["code"]) == (428, "if_match_required"), method
    assert (await edited.editor.get(edited.path))[edited.text] != "Mine"


@pytest.mark.parametrize("header", MALFORMED)
async def test_a_malformed_version_is_refused(edited: Edited, header: str) -> None:
    for method in ("PUT", "DELETE"):
        answer = await edited.send(method, header, "Mine")
        assert (answer.status_code, answer.json()["code"]) == (400, "precondition_malformed")


async def test_a_weak_tag_never_matches(edited: Edited) -> None:
    answer = await edited.put("W/" + await edited.etag(), "Mine")
    assert (answer.status_code, answer.json()["code"]) == (412, "edited_meanwhile")


async def test_one_tag_of_a_list_is_enough(edited: Edited) -> None:
    answer = await edited.put(f'"other", {await edited.etag()}', "Mine")
    assert answer.status_code == 200


async def test_a_star_changes_any_version(edited: Edited) -> None:
    await edited.put(await edited.etag(), "Theirs")
    assert (await edited.put("*", "Mine")).status_code == 200
    assert (await edited.send("DELETE", "*")).status_code == 204
    assert (await edited.editor.http.get(edited.path)).status_code == 404
    assert (await edited.put("*", "Mine")).status_code in (404, 412)


async def test_the_same_draft_has_the_same_version(edited: Edited) -> None:
    first = await edited.etag()
    await edited.put(first, "Changed")
    await edited.send("PUT", "*")
    assert await edited.etag() == first


async def test_of_edits_at_one_moment_exactly_one_wins(edited: Edited) -> None:
    for _ in range(5):
        tag = await edited.etag()
        edits = [edited.put(tag, f"Edit {number} of {tag[1:8]}") for number in range(8)]
        answers = await asyncio.gather(*edits)
        assert Counter(answer.status_code for answer in answers) == {200: 1, 412: 7}
        [winner] = [answer for answer in answers if answer.status_code == 200]
        current = await edited.editor.get(edited.path)
        assert current[edited.text] == winner.json()[edited.text]
        assert current["etag"] == winner.headers["ETag"]


async def test_an_edit_and_a_removal_at_one_moment_do_not_both_win(edited: Edited) -> None:
    tag = await edited.etag()
    put, removal = await asyncio.gather(edited.put(tag, "Mine"), edited.send("DELETE", tag))
    assert (put.status_code, removal.status_code) in {(200, 412), (404, 204), (412, 204)}


async def test_what_is_counted_outdates_no_course(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = f"/api/courses/{await campus.course(teacher)}"
    before = (await teacher.get(course))["etag"]
    await campus.student(course.rpartition("/")[2])
    assert (await teacher.get(course))["etag"] == before


async def test_a_status_is_changed_in_the_version_that_was_read(campus: Campus) -> None:
    edited = await a_course_of(campus)
    first, path = await edited.etag(), f"{edited.path}/status"
    await edited.put(first, "Theirs")
    http, body = edited.editor.http, {"status": "archived"}
    refused = await http.post(path, json=body, headers={"If-Match": first})
    assert (refused.status_code, refused.json()["code"]) == (412, "edited_meanwhile")
    assert refused.json()["parameters"]["changed_by"]
    assert refused.json()["parameters"]["changed_at"]
    assert (await http.post(path, json=body)).status_code == 428
    changed = await http.post(path, json=body, headers={"If-Match": await edited.etag()})
    assert changed.headers["ETag"] == await edited.etag()


async def test_who_may_not_edit_learns_no_version(campus: Campus) -> None:
    edited = await a_course_of(campus)
    stranger = await campus.launch("mallory", link="elsewhere")
    outsider = Edited(stranger, edited.path, edited.list_path, edited.draft)
    for header in ("*", '"a"'):
        assert (await outsider.put(header, "Mine")).status_code == 404


async def test_a_build_outdates_no_image(campus: Campus) -> None:
    edited = await an_image_of(campus)
    before = await edited.etag()
    await edited.editor.post(f"{edited.path}/builds")
    assert await edited.etag() == before


async def test_a_session_outdates_no_course_and_has_one_version_in_all_zones(
    campus: Campus,
) -> None:
    edited = await a_session_of(campus)
    course = f"/api/courses/{(await edited.editor.get(edited.path))['course_id']}"
    before, of_course = await edited.etag(), (await edited.editor.get(course))["etag"]
    [entry] = (await edited.editor.get(f"{course}/sessions"))["items"]
    assert entry["etag"] == before
    east = timezone(timedelta(hours=9))
    for field in ("starts_at", "ends_at"):
        instant = datetime.fromisoformat(edited.draft[field])
        edited.draft[field] = instant.astimezone(UTC).astimezone(east).isoformat()
    answer = await edited.send("PUT", before)
    assert answer.headers["ETag"] == before
    assert await edited.etag() == before
    await edited.put(before, "Changed")
    assert (await edited.editor.get(course))["etag"] == of_course


async def test_a_session_is_read_by_its_editor_alone(campus: Campus) -> None:
    edited = await a_session_of(campus)
    other = await campus.teacher("linus")
    assert (await other.refused("GET", edited.path))[0] == 404
