"""`Idempotency-Key`: a creation that is repeated happens once, and answers as it did."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import func, select, update
from tests.api.campus import Campus, Person, a_course, a_session, an_image, checked

from mydocker_api.domain.idempotency import HEADER, IdempotencyKeyMalformed, checked_key
from mydocker_api.idempotency.records import forget_expired
from mydocker_api.models import Course, IdempotencyKey
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction

OPENAPI = Path(__file__).parents[3] / "services/api/openapi.json"
HOUR = timedelta(hours=1)


async def create(person: Person, key: str, body: Any, path: str = "/api/courses") -> httpx.Response:
    return await person.http.post(path, json=body, headers={HEADER: key})


async def titles(person: Person) -> list[str]:
    listed = await person.get("/api/courses")
    return [course["title"] for course in listed["items"]]


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["code"]


async def test_a_repeated_creation_answers_as_the_first_one(campus: Campus) -> None:
    teacher = await campus.teacher()
    first = await create(teacher, "august-1", a_course(status="draft"))
    again = await create(teacher, "august-1", a_course(status="draft"))
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["ETag"] == first.headers["ETag"]
    assert again.headers["Content-Type"] == first.headers["Content-Type"]
    assert (first.headers.get("Idempotency-Replayed"), again.headers["Idempotency-Replayed"]) == (
        None,
        "true",
    )
    assert len(await titles(teacher)) == 1


async def test_the_answer_does_not_follow_later_changes(campus: Campus) -> None:
    teacher = await campus.teacher()
    first = checked(await create(teacher, "k", a_course(status="draft")))
    await teacher.delete(f"/api/courses/{first['id']}")
    assert checked(await create(teacher, "k", a_course(status="draft"))) == first
    assert await titles(teacher) == []


async def test_two_at_once_create_once(campus: Campus) -> None:
    teacher = await campus.teacher()
    answers = await asyncio.gather(
        *(create(teacher, "same", a_course(status="draft")) for _ in range(8))
    )
    created = [answer for answer in answers if answer.status_code == 201]
    assert len({answer.content for answer in created}) == 1
    waiting = [answer for answer in answers if answer not in created]
    assert {code(answer) for answer in waiting} <= {(409, "idempotency_key_in_use")}
    assert all(answer.headers["Retry-After"] == "1" for answer in waiting)
    assert len(await titles(teacher)) == 1


async def test_the_key_of_another_request(campus: Campus) -> None:
    teacher = await campus.teacher()
    checked(await create(teacher, "k", a_course(status="draft")))
    other = await create(teacher, "k", a_course(status="draft", title="Other"))
    assert code(other) == (422, "idempotency_key_reused")
    elsewhere = await create(teacher, "k", a_course(status="draft"), "/api/images")
    assert code(elsewhere) == (422, "idempotency_key_reused")


async def test_keys_of_two_people_are_apart(campus: Campus) -> None:
    grace, ada = await campus.teacher("grace"), await campus.teacher("ada")
    made = checked(await create(grace, "k", a_course(status="draft")))
    theirs = checked(await create(ada, "k", a_course(status="draft")))
    assert made["id"] != theirs["id"]


async def test_a_refused_creation_may_be_repeated(campus: Campus) -> None:
    teacher = await campus.teacher()
    refused = await create(teacher, "k", {"title": ""})
    assert code(refused) == (422, "invalid_request")
    assert (await create(teacher, "k", a_course(status="draft"))).status_code == 201


async def test_a_refusal_after_the_database_was_asked_keeps_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    path = f"/api/courses/{course}/sessions"
    hours_before = a_session(HOUR, -HOUR)
    assert (await create(teacher, "k", hours_before, path)).status_code == 422
    assert await stored(campus) == 0
    assert (await create(teacher, "k", a_session(HOUR, HOUR), path)).status_code == 201


async def test_an_answer_with_a_secret_is_sealed(campus: Campus) -> None:
    teacher = await campus.teacher()
    body = {"name": "August", "scopes": ["courses:read"]}
    made = checked(await create(teacher, "k", body, "/api/me/api-tokens"))
    async with transaction(campus.app.state.sessions) as db:
        answer = await db.scalar(select(IdempotencyKey.answer))
    assert answer is not None
    assert made["token"] not in answer
    assert checked(await create(teacher, "k", body, "/api/me/api-tokens")) == made


async def test_a_build_is_asked_for_once(campus: Campus) -> None:
    teacher = await campus.teacher()
    image = checked(await create(teacher, "image", an_image(), "/api/images"))
    path = f"/api/images/{image['id']}/builds"
    first, again = [checked(await create(teacher, "b", None, path)) for _ in range(2)]
    assert first["id"] == again["id"]


async def test_whoever_lost_the_right_reads_no_earlier_answer(campus: Campus) -> None:
    teacher = await campus.teacher()
    checked(await create(teacher, "k", a_course(status="draft")))
    await campus.grant(teacher, disabled_at=utc_now())
    assert code(await create(teacher, "k", a_course(status="draft"))) == (403, "user_disabled")


async def test_an_abandoned_request_is_taken_over(campus: Campus) -> None:
    teacher = await campus.teacher()
    checked(await create(teacher, "k", a_course(status="draft")))
    await change(campus, answer=None)  # its process died before it could store the answer
    assert code(await create(teacher, "k", a_course(status="draft"))) == (
        409,
        "idempotency_key_in_use",
    )
    await change(campus, claimed_at=utc_now() - timedelta(minutes=3))
    assert (await create(teacher, "k", a_course(status="draft"))).status_code == 201


async def test_a_key_is_free_after_a_day(campus: Campus) -> None:
    teacher = await campus.teacher()
    first = checked(await create(teacher, "k", a_course(status="draft")))
    await change(campus, expires_at=utc_now())
    second = checked(await create(teacher, "k", a_course(status="draft")))
    assert first["id"] != second["id"]
    async with transaction(campus.app.state.sessions) as db:
        assert await forget_expired(db, utc_now()) == 0
        assert await forget_expired(db, utc_now() + timedelta(days=1)) == 1
        assert await db.scalar(select(func.count()).select_from(Course)) == 2


@pytest.mark.parametrize("key", ["", "a" * 256, "two words", "clé"])
async def test_a_key_that_is_none(campus: Campus, key: str) -> None:
    teacher = await campus.teacher()
    headers = [(HEADER.encode(), key.encode("latin-1"))]
    answer = await teacher.http.post("/api/courses", json=a_course(), headers=headers)
    assert code(answer) == (400, "idempotency_key_malformed")
    assert await titles(teacher) == []


async def test_two_keys_are_none() -> None:
    assert checked_key(["a" * 255]) == "a" * 255
    with pytest.raises(IdempotencyKeyMalformed):
        checked_key(["a", "b"])


async def test_without_a_token_nothing_is_stored(campus: Campus) -> None:
    async with httpx.AsyncClient(base_url=campus.address) as nobody:
        answer = await nobody.post("/api/courses", json=a_course(), headers={HEADER: "k"})
    assert code(answer) == (401, "unauthenticated")
    assert await stored(campus) == 0


def test_every_creation_takes_a_key() -> None:
    """Each POST that answers 201 or 202: a router that creates has `CreationRoute`."""
    described = json.loads(OPENAPI.read_text(encoding="utf-8"))
    creations = {
        operation["operationId"]: {entry["name"] for entry in operation.get("parameters", ())}
        for item in described["paths"].values()
        for method, operation in item.items()
        if method == "post" and operation["responses"].keys() & {"201", "202"}
    }
    assert len(creations) > 12
    assert [name for name, headers in creations.items() if HEADER not in headers] == []


async def change(campus: Campus, **values: Any) -> None:
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(IdempotencyKey).values(**values))


async def stored(campus: Campus) -> int:
    async with transaction(campus.app.state.sessions) as db:
        return await db.scalar(select(func.count()).select_from(IdempotencyKey)) or 0
