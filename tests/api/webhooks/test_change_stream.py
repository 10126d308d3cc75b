"""The change log as a stream: for tokens, from a number on, and only while they are valid."""

import json
from collections.abc import AsyncGenerator
from contextlib import aclosing
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, func, select
from tests.api.campus import Campus, Person, a_session
from tests.api.http.test_api_tokens import made, refusal, script
from tests.support.waiting import until

from mydocker_api.models import Change
from mydocker_kit.postgres.db import transaction


async def events(
    client: httpx.AsyncClient, path: str = "/api/changes", **headers: str
) -> AsyncGenerator[dict[str, Any], None]:
    """The events of a stream, each with its `id` and `event` beside its data."""
    event: dict[str, Any] = {}
    async with client.stream("GET", path, headers=headers, timeout=60) as response:
        assert response.status_code == 200, await response.aread()
        yield {"event": "connected"}
        async for line in response.aiter_lines():
            name, _, value = line.partition(": ")
            if name == "data":
                event["data"] = json.loads(value)
            elif name in ("id", "event"):
                event[name] = value
            elif not line and event:
                yield event
                event = {}


async def numbered(campus: Campus, count: int) -> None:
    async def enough() -> bool:
        async with transaction(campus.app.state.sessions) as db:
            return ((await db.scalar(select(func.max(Change.number)))) or 0) >= count

    await until(enough, f"{count} changes are numbered")


async def planned(teacher: Person) -> str:
    course = await teacher.post("/api/courses", {"title": "Databases"})
    session = a_session(timedelta(hours=1), timedelta(hours=1))
    await teacher.post(f"/api/courses/{course['id']}/sessions", session)
    return str(course["id"])


async def test_a_stream_continues_where_it_broke_off(campus: Campus) -> None:
    teacher = await campus.teacher()
    token = await made(teacher, "courses:read", "sessions:read")
    async with script(campus, token["token"]) as client:
        async with aclosing(events(client)) as stream:
            assert (await anext(stream))["event"] == "connected"
            course = await planned(teacher)
            first = await anext(stream)
        assert first["event"] == "course.changed"
        assert first["data"]["id"] == course
        assert first["data"]["state"] == "draft"
        await planned(teacher)
        headers = {"Last-Event-ID": first["id"]}
        async with aclosing(events(client, **headers)) as stream:
            await anext(stream)
            missed = [await anext(stream) for _ in range(3)]
    assert [event["event"] for event in missed] == [
        "session.changed",
        "course.changed",
        "session.changed",
    ]
    numbers = [int(event["id"]) for event in [first, *missed]]
    assert numbers == list(range(numbers[0], numbers[0] + 4))


async def test_a_revoked_token_ends_its_stream(campus: Campus) -> None:
    teacher = await campus.teacher()
    token = await made(teacher, "courses:read")
    async with script(campus, token["token"]) as client:
        stream = events(client)
        await anext(stream)
        await teacher.delete(f"/api/api-tokens/{token['id']}")
        rest = [event async for event in stream]
    assert rest == [{"event": "stream.ended", "data": {"code": "token_revoked"}}]


async def test_scopes_choose_what_is_streamed(campus: Campus) -> None:
    teacher = await campus.teacher()
    token = await made(teacher, "sessions:read")
    foreign = await campus.teacher("hopper")
    async with script(campus, token["token"]) as client:
        await planned(foreign)
        await planned(teacher)
        await numbered(campus, 4)
        async with aclosing(events(client, "/api/changes?after=0")) as stream:
            await anext(stream)
            event = await anext(stream)
        assert (event["event"], event["id"]) == ("session.changed", "4")
        assert event["data"]["owner_id"] == str(teacher.id)
        refused = await refusal(client, "GET", "/api/changes?kinds=course.changed")
        assert refused == (403, "scope_missing")
    none = await made(teacher, "rosters:read")
    async with script(campus, none["token"]) as client:
        assert await refusal(client, "GET", "/api/changes") == (403, "scope_missing")


@pytest.mark.parametrize(
    ("query", "answer"),
    [
        ("after=0", (410, "changes_forgotten")),
        ("after=99", (410, "changes_forgotten")),
        ("after=-1", (422, "invalid_request")),
        ("kinds=person.changed", (422, "invalid_request")),
    ],
)
async def test_numbers_that_the_log_does_not_have(
    campus: Campus, query: str, answer: tuple[int, str]
) -> None:
    teacher = await campus.teacher()
    await planned(teacher)
    await numbered(campus, 2)
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(delete(Change).where(Change.number == 1))
    token = await made(teacher, "courses:read")
    async with script(campus, token["token"]) as client:
        assert await refusal(client, "GET", f"/api/changes?{query}") == answer
