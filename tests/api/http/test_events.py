"""The change stream: who hears what, and that it holds nothing while it waits."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx
from tests.api.campus import Campus, Person, a_session
from tests.api.environments.windows import ready
from tests.support.waiting import until

from mydocker_kit.clock import utc_now


@asynccontextmanager
async def listening(person: Person) -> AsyncIterator[list[dict[str, Any]]]:
    """The events a person receives, from the moment the stream is connected."""
    received: list[dict[str, Any]] = []
    connected = asyncio.Event()

    async def listen() -> None:
        timeout = httpx.Timeout(30)
        async with person.http.stream("GET", "/api/events", timeout=timeout) as response:
            assert response.status_code == 200
            async for line in response.aiter_lines():
                connected.set()
                if line.startswith("data:"):
                    received.append(json.loads(line[5:]))

    task = asyncio.ensure_future(listen())
    await asyncio.wait_for(connected.wait(), 5)
    yield received
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def kinds(received: list[dict[str, Any]], count: int) -> list[str]:
    async def enough() -> bool:
        return len(received) >= count

    await until(enough)
    return [event["kind"] for event in received]


async def test_people_hear_of_what_is_theirs_and_editors_of_their_courses(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    async with (
        listening(ada) as to_ada,
        listening(bob) as to_bob,
        listening(teacher) as to_teacher,
    ):
        id = await ready(campus, ada, course)
        assert set(await kinds(to_ada, 2)) == {"environment.changed"}
        assert to_ada[0]["subject_id"] == str(id)
        assert set(await kinds(to_teacher, 2)) == {"course.changed"}
        assert {event["owner_id"] for event in to_teacher} == {
            None
        }  # whose, the stream does not say
        assert to_bob == []
        session = a_session(timedelta(hours=1), timedelta(hours=1))
        await teacher.post(f"/api/courses/{course}/sessions", session)
        assert "course.changed" in await kinds(to_bob, 1)
        assert [event["id"] for event in to_ada] == sorted(event["id"] for event in to_ada)


async def test_the_end_is_announced_in_time(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    # The last warning comes 60 s before the end: in some seconds, when the environment is ready.
    session = a_session(-timedelta(hours=1), timedelta(hours=1, seconds=72))
    await teacher.post(f"/api/courses/{course}/sessions", session)
    ada = await campus.student(course)
    async with listening(ada) as received:
        await ready(campus, ada, course)

        async def warned() -> bool:
            return any(event["kind"] == "environment.ending" for event in received)

        await until(warned)


async def test_a_stream_ends_with_its_token(campus: Campus) -> None:
    ada = await campus.launch("ada")
    token = campus.gateway.token(ada.id, utc_now(), life=timedelta(seconds=2))
    headers = {"Authorization": f"Bearer {token}"}
    response = await ada.http.get("/api/events", headers=headers, timeout=30)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/event-stream")


async def test_waiting_streams_hold_no_connection_to_the_database(campus: Campus) -> None:
    ada = await campus.launch("ada")
    async with listening(ada), listening(ada), listening(ada):
        pool = campus.app.state.sessions.kw["bind"].pool

        async def at_rest() -> bool:
            return bool(pool.checkedout() <= 1)  # the leader's lock has one of its own

        await until(at_rest)


async def test_without_a_token_there_is_no_stream(campus: Campus) -> None:
    ada = await campus.launch("ada")
    response = await ada.http.get("/api/events", headers={"Authorization": "Bearer x.y.z"})
    assert response.status_code == 401
