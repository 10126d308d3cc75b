"""Rate limits: refusals name a time to retry, and nobody else notices."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AsyncExitStack
from datetime import timedelta
from functools import partial
from types import SimpleNamespace
from typing import Any
from uuid import uuid4

import httpx
import pytest
from prometheus_client import REGISTRY
from tests.api.campus import Campus, Person, a_course, a_session, an_image
from tests.support.waiting import until

from mydocker_kit.limits import request_limits

BURST = 15
PACED = 10
"""Requests that wait for their token: as many as come within two seconds."""
KEY = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI{}"


@pytest.fixture(autouse=True)
def still(monkeypatch: pytest.MonkeyPatch) -> None:
    """No bucket fills while a test runs, however slow the machine is."""
    clock = SimpleNamespace(monotonic=lambda: 1000.0)
    monkeypatch.setattr("mydocker_kit.limits.rate_limits.time", clock)


@pytest.fixture
def changes() -> dict[str, Any]:
    return {
        "requests_per_minute": 20 * BURST,
        "requests_per_address": 160,
        "streams_per_person": 2,
        "starts_per_minute": 2,
        "password_renewals_per_minute": 1,
        "ssh_key_changes_per_minute": 3,
        "builds_per_minute": 2,
        "courses_per_person": 2,
        "images_per_person": 2,
        "sessions_per_course": 2,
        "ssh_keys_per_person": 2,
    }


def assert_limited(answer: httpx.Response, code: str) -> None:
    """Refused by a limit, in a way that a program and a person understand."""
    assert answer.status_code == 429, answer.text
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert int(answer.headers["Retry-After"]) >= 1
    problem = answer.json()
    assert problem["code"] == code
    assert problem["parameters"]["seconds"] == int(answer.headers["Retry-After"])


async def afterwards(campus: Campus, *people: Person) -> None:
    """Let everybody ask again: what is tried here is not the number of requests."""
    for person in people:
        campus.services.limits.requests.forget(person.id)


async def at_once(person: Person, count: int) -> list[httpx.Response]:
    """Answers to this many requests of one moment."""
    return await asyncio.gather(*(person.http.get("/api/me") for _ in range(count)))


def counts(answers: Sequence[httpx.Response]) -> tuple[int, int]:
    """How many of them were answered 200, and how many 429."""
    statuses = [answer.status_code for answer in answers]
    assert set(statuses) <= {200, 429}
    return statuses.count(200), statuses.count(429)


async def test_a_flood_of_one_person_is_refused_and_others_go_on(campus: Campus) -> None:
    ada, bob = await campus.teacher("ada"), await campus.teacher("bob")
    await ada.get("/api/me")
    await afterwards(campus, ada)
    answers = await at_once(ada, BURST + PACED + 5)
    assert counts(answers) == (BURST + PACED, 5)
    assert_limited(
        next(answer for answer in answers if answer.status_code == 429), "too_many_requests"
    )
    await bob.get("/api/me")
    await bob.get("/api/courses")


async def test_a_script_that_asks_one_thing_after_the_other_is_slowed_down_and_not_refused(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "mydocker_kit.limits.rate_limits.time", time
    )  # the bucket fills, as in life
    paced = partial(REGISTRY.get_sample_value, "mydocker_requests_paced_total")
    ada, before = await campus.teacher("ada"), paced() or 0
    answers = [await ada.http.get("/api/me") for _ in range(2 * BURST)]
    assert counts(answers) == (2 * BURST, 0)
    assert (paced() or 0) >= before


async def test_refusals_wait_so_that_asking_again_at_once_brings_little(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While refusals of one person wait, everybody else is answered."""
    turned_away = asyncio.Event()
    waiting = 0

    async def sleep(seconds: float) -> None:
        nonlocal waiting
        waiting += seconds == request_limits.REFUSAL_PAUSE
        await turned_away.wait()

    ada, bob = await campus.teacher("ada"), await campus.teacher("bob")
    await ada.get("/api/me")
    await afterwards(campus, ada)
    monkeypatch.setattr(request_limits, "asyncio", SimpleNamespace(sleep=sleep))
    monkeypatch.setattr(request_limits, "PATIENCE", 0.0)
    flood = asyncio.create_task(at_once(ada, BURST + 5))

    async def all_wait() -> bool:
        return waiting == 5

    await until(all_wait)
    await bob.get("/api/me")
    assert not flood.done()
    turned_away.set()
    assert counts(await flood) == (BURST, 5)


async def test_answers_say_how_much_is_left(campus: Campus) -> None:
    person = await campus.teacher()
    await person.get("/api/me")  # from now on the person is known
    answers = [await person.http.get("/api/me") for _ in range(3)]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"requests";q=300;w=60'}
    left = [answer.headers["RateLimit"].split(";") for answer in answers]
    assert [name for name, *_ in left] == ['"requests"'] * 3
    tokens = [int(part.removeprefix("r=")) for _, part, _ in left]
    assert tokens == [tokens[0], tokens[0] - 1, tokens[0] - 2]
    assert all(0 < int(part.removeprefix("t=")) <= 3 for *_, part in left)
    async with httpx.AsyncClient(base_url=campus.address) as nobody:
        assert "RateLimit" not in (await nobody.get("/api/me")).headers


async def test_new_tokens_of_a_person_open_no_new_bucket(campus: Campus) -> None:
    ada = await campus.teacher("ada")
    again = campus.signed_in(ada.arrival)
    campus.people["again"] = again
    for person in (ada, again):
        await person.get("/api/me")
    await afterwards(campus, ada)
    answers = await asyncio.gather(*(at_once(person, BURST) for person in (ada, again)))
    assert counts([*answers[0], *answers[1]]) == (BURST + PACED, BURST - PACED)


async def test_who_shows_no_valid_token_is_counted_by_address(campus: Campus) -> None:
    ada = await campus.teacher("ada")
    await ada.get("/api/me")
    async with httpx.AsyncClient(base_url=campus.address, trust_env=False) as http:
        calls = [
            http.get("/api/me", headers={"Authorization": f"Bearer {uuid4()}"}) for _ in range(60)
        ]
        answers = await asyncio.gather(*calls)
        assert {answer.status_code for answer in answers} == {401, 429}
        refused = next(answer for answer in answers if answer.status_code == 429)
        assert_limited(refused, "too_many_requests")
    await ada.get("/api/me")  # known by now, and behind the same address


async def test_nobody_spends_the_requests_of_another(campus: Campus) -> None:
    """A token that names somebody and is not signed counts for its address alone."""
    ada = await campus.teacher("ada")
    await ada.get("/api/me")
    token = ada.http.headers["Authorization"]
    forged = token[:-6] + ("AAAAAA" if not token.endswith("AAAAAA") else "BBBBBB")
    async with httpx.AsyncClient(base_url=campus.address, trust_env=False) as http:
        for _ in range(2 * BURST):
            await http.get("/api/me", headers={"Authorization": forged})
    await ada.get("/api/me")


async def test_streams_at_once(campus: Campus) -> None:
    ada, bob = await campus.teacher("ada"), await campus.teacher("bob")
    async with AsyncExitStack() as open_ones:
        for _ in range(2):
            stream = await open_ones.enter_async_context(ada.http.stream("GET", "/api/events"))
            assert stream.status_code == 200
        assert_limited(await ada.http.get("/api/events"), "too_many_streams")
        async with bob.http.stream("GET", "/api/events") as other:
            assert other.status_code == 200

    async def once_more() -> bool:
        await afterwards(campus, ada)
        async with ada.http.stream("GET", "/api/events") as stream:
            return stream.status_code == 200

    await until(once_more)


async def test_starts_that_begin_something(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course, "ada"), await campus.student(course, "bob")
    window = f"/api/courses/{course}/environment"
    for _ in range(3):  # one start: the other clicks change nothing
        await ada.post(f"{window}/start")
    await ada.post(f"{window}/stop")
    await ada.post(f"{window}/start")
    await ada.post(f"{window}/stop")
    await afterwards(campus, ada)
    assert_limited(await ada.http.post(f"{window}/start"), "too_many_starts")
    await bob.post(f"{window}/start")


async def test_new_passwords(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course, "ada")
    window = f"/api/courses/{course}/environment"
    await ada.post(f"{window}/start")
    await ada.post(f"{window}/stop")
    await ada.post(f"{window}/credentials/renew")
    assert_limited(await ada.http.post(f"{window}/credentials/renew"), "too_many_passwords")


async def test_builds_and_keys(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, _ = await campus.built_image(teacher)
    await teacher.post(f"/api/images/{image}/builds")
    assert_limited(
        await teacher.http.post(f"/api/images/{image}/builds"), "too_many_build_requests"
    )
    for _ in range(3):
        await teacher.http.post("/api/me/ssh-keys", json={"public_key": "no key"})
    answer = await teacher.http.post("/api/me/ssh-keys", json={"public_key": "no key"})
    assert_limited(answer, "too_many_key_changes")


async def test_how_many_one_may_have(campus: Campus) -> None:
    teacher = await campus.teacher()
    first, _ = [await teacher.post("/api/courses", a_course(status="draft")) for _ in range(2)]
    body = a_course(status="draft")
    assert await teacher.refused("POST", "/api/courses", body) == (409, "courses_full")
    copy = f"/api/courses/{first['id']}/duplicate"
    assert await teacher.refused("POST", copy) == (409, "courses_full")
    for _ in range(2):
        await teacher.post("/api/images", an_image())
    assert await teacher.refused("POST", "/api/images", an_image()) == (409, "images_full")
    entry = "/api/catalogue/openssl/copy"
    assert await teacher.refused("POST", entry) == (409, "images_full")
    await afterwards(campus, teacher)
    slot = a_session(timedelta(hours=1), timedelta(hours=1))
    sessions = f"/api/courses/{first['id']}/sessions"
    for _ in range(2):
        await teacher.post(sessions, slot)
    answer = await teacher.http.post(sessions, json=slot)
    assert (answer.status_code, answer.json()["code"]) == (409, "sessions_full")
    assert answer.json()["parameters"] == {"most": 2}


async def test_two_additions_of_one_moment_count_each_other(campus: Campus) -> None:
    teacher = await campus.teacher()
    calls = [teacher.http.post("/api/courses", json=a_course(status="draft")) for _ in range(6)]
    answers = [answer.status_code for answer in await asyncio.gather(*calls)]
    assert sorted(answers) == [201, 201, 409, 409, 409, 409]


async def test_refusals_are_counted(campus: Campus) -> None:
    def counted() -> float:
        labels = {"limit": "requests_per_person"}
        return REGISTRY.get_sample_value("mydocker_rate_limited_total", labels) or 0

    ada, before = await campus.teacher("ada"), counted()
    await ada.get("/api/me")  # known from now on
    await at_once(ada, BURST + PACED + 2)
    assert counted() > before
