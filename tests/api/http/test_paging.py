"""Lists are read page by page with the cursor of each answer, the same everywhere."""

import base64
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from tests.api.campus import Campus, Person, a_course, a_session

from mydocker_kit.contracts.cursors import Cursor, Value, read_cursor, scope_of

OPENAPI = json.loads(
    (Path(__file__).parents[3] / "services/api/openapi.json").read_text(encoding="utf-8")
)
SCOPE = scope_of("/api/courses", [])
AN_ID = UUID("11111111-1111-4111-8111-111111111111")
MOMENT = datetime(2026, 12, 1, 8, tzinfo=UTC)


async def read_all(person: Person, path: str) -> list[Any]:
    """Every entry, as a script reads them."""
    answer = await person.get(path)
    items = answer["items"]
    while answer["next_cursor"]:
        answer = await person.get(f"{path}&cursor={answer['next_cursor']}")
        items += answer["items"]
    return list(items)


def a_slot(days: int, **changes: Any) -> dict[str, Any]:
    return a_session(timedelta(days=days), timedelta(hours=2), **changes)


async def some_courses(teacher: Person, count: int) -> None:
    drafts = [a_course(title=f"{number:02}", status="draft") for number in range(count)]
    await teacher.post("/api/courses/bulk", {"items": drafts})


@pytest.mark.parametrize(
    "sort", ["title", "-title", "updated_at", "-updated_at", "created_at", "-created_at"]
)
async def test_a_script_reads_every_course_once_in_order(campus: Campus, sort: str) -> None:
    teacher = await campus.teacher()
    await some_courses(teacher, 7)
    whole = await teacher.get(f"/api/courses?sort={sort}")
    courses = await read_all(teacher, f"/api/courses?sort={sort}&page_size=3")
    assert [course["id"] for course in courses] == [course["id"] for course in whole["items"]]
    assert len({course["id"] for course in courses}) == 7


async def test_entries_created_and_removed_meanwhile_move_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    await some_courses(teacher, 6)
    first = await teacher.get("/api/courses?sort=title&page_size=3")
    for title in ("00a", "01a"):
        await teacher.post("/api/courses", a_course(title=title, status="draft"))
    await teacher.delete(f"/api/courses/{first['items'][1]['id']}")
    rest = await teacher.get(f"/api/courses?sort=title&cursor={first['next_cursor']}")
    assert [course["title"] for course in rest["items"]] == ["03", "04", "05"]
    assert rest["page"] == 2


@pytest.mark.parametrize("sort", ["next", "starts_at", "-starts_at", "title", "-title"])
async def test_sessions_past_and_to_come_are_read_once_in_every_order(
    campus: Campus, sort: str
) -> None:
    teacher = await campus.teacher()
    course = await teacher.post("/api/courses", a_course(status="draft"))
    for day in (-9, -3, -1, 2, 4, 8):
        await teacher.post(f"/api/courses/{course['id']}/sessions", a_slot(day, title=f"Day {day}"))
    path = f"/api/courses/{course['id']}/sessions?sort={sort}"
    whole = await teacher.get(path)
    assert [entry["id"] for entry in await read_all(teacher, f"{path}&page_size=1")] == [
        entry["id"] for entry in whole["items"]
    ]
    assert whole["total"] == 6


async def test_a_search_narrows_the_sessions_of_a_course(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await teacher.post("/api/courses", a_course(status="draft"))
    for title in ("Joins", "Indexes"):
        await teacher.post(f"/api/courses/{course['id']}/sessions", a_slot(1, title=title))
    answer = await teacher.get(f"/api/courses/{course['id']}/sessions?search=join")
    assert [entry["title"] for entry in answer["items"]] == ["Joins"]


@pytest.mark.parametrize("total", [0, 1, 3])
async def test_the_last_page_has_no_cursor(campus: Campus, total: int) -> None:
    teacher = await campus.teacher()
    for _ in range(total):
        await teacher.post("/api/courses", a_course(status="draft"))
    assert (await teacher.get("/api/courses?page_size=3"))["next_cursor"] is None


def forged(*parts: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(parts).encode()).decode().rstrip("=")


BAD_CURSORS = {
    "empty": "",
    "no base64": "x",
    "no list": "MQ",
    "not ascii": "é",
    "page 0": str(Cursor(0, 50, SCOPE, (MOMENT, AN_ID))),
    "page too large": str(Cursor(1, 201, SCOPE, (MOMENT, AN_ID))),
    "page far": str(Cursor(100_001, 1, SCOPE, (MOMENT, AN_ID))),
    "one value": str(Cursor(2, 50, SCOPE, (MOMENT,))),
    "text for an instant": str(Cursor(2, 50, SCOPE, ("2026", AN_ID))),
    "number for an id": str(Cursor(2, 50, SCOPE, (MOMENT, 7))),
    "nothing for an instant": str(Cursor(2, 50, SCOPE, (None, AN_ID))),
    "no zone": forged(2, 50, SCOPE, {"t": "2026-12-01T08:00:00"}, {"u": AN_ID.hex}),
    "year 1": forged(2, 50, SCOPE, {"t": "0001-01-01T00:00:00+14:00"}, {"u": AN_ID.hex}),
    "no such id": forged(2, 50, SCOPE, {"t": MOMENT.isoformat()}, {"u": "7"}),
    "NUL": forged(2, 50, SCOPE, "\0", {"u": AN_ID.hex}),
    "a number too large": forged(2, 50, SCOPE, 2**70, {"u": AN_ID.hex}),
    "a truth value for a page": forged(True, 50, SCOPE, "a"),
    "deeply nested": base64.urlsafe_b64encode(b"[" * 4_000).decode().rstrip("="),
}


@pytest.mark.parametrize("name", BAD_CURSORS)
async def test_a_text_that_is_no_cursor(campus: Campus, name: str) -> None:
    teacher = await campus.teacher()
    answer = await teacher.http.get("/api/courses", params={"cursor": BAD_CURSORS[name]})
    assert answer.status_code == 422, answer.text
    assert answer.json()["code"] == "cursor_malformed"
    assert [flaw["field"] for flaw in answer.json()["fields"]] == ["cursor"]


async def test_a_cursor_holds_for_its_own_list_filters_and_order_only(campus: Campus) -> None:
    teacher = await campus.teacher()
    await some_courses(teacher, 3)
    cursor = (await teacher.get("/api/courses?sort=title&page_size=1"))["next_cursor"]
    for path in ("/api/courses", "/api/courses?sort=title&search=0", "/api/sessions?sort=title"):
        answer = await teacher.http.get(path + ("&" if "?" in path else "?") + f"cursor={cursor}")
        assert answer.status_code == 422, answer.text
        assert answer.json()["code"] == "cursor_of_another_list"


@pytest.mark.parametrize(
    "after",
    [
        pytest.param(("Données 🎓", AN_ID), id="text and id"),
        pytest.param((MOMENT, None, True, -3, 0.5), id="the other kinds"),
    ],
)
def test_a_cursor_is_read_as_it_was_made(after: tuple[Value, ...]) -> None:
    cursor = Cursor(12, 200, SCOPE, after)
    assert read_cursor(str(cursor)) == cursor


def lists_of_pages() -> dict[str, dict[str, Any]]:
    """Parameters by name, of each list that is read in pages."""
    return {
        operation["operationId"]: {entry["name"]: entry for entry in operation["parameters"]}
        for item in OPENAPI["paths"].values()
        for method, operation in item.items()
        if method == "get" and "next_cursor" in json.dumps(schema_of(operation))
    }


def schema_of(operation: dict[str, Any]) -> Any:
    content = operation["responses"]["200"].get("content", {})
    schema = content.get("application/json", {}).get("schema", {})
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    return OPENAPI["components"]["schemas"].get(name, schema).get("properties", {})


def test_every_list_of_pages_takes_the_same_parameters() -> None:
    lists = lists_of_pages()
    assert len(lists) >= 19
    asked = {"page", "page_size", "search", "cursor", "sort"}
    assert {name for name, given in lists.items() if not asked <= set(given)} == set()


def test_every_list_of_the_api_is_read_in_pages_or_bounded() -> None:
    whole = {
        operation["operationId"]
        for item in OPENAPI["paths"].values()
        for method, operation in item.items()
        if method == "get"
        and operation["responses"]["200"]
        .get("content", {})
        .get("application/json", {})
        .get("schema", {})
        .get("type")
        == "array"
    }
    assert whole == BOUNDED


BOUNDED = {
    "list_catalogue",
    "list_earlier_issuers",
    "list_my_api_tokens",
    "list_ssh_keys",
    "list_pool_choices",
    "list_pools",
    "list_tokens_of_service_account",
    "list_signing_keys",
    "list_webhooks",
}
"""Lists that a setting or the number of pools bounds: they are answered whole."""
