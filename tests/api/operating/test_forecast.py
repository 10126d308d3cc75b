"""Operators and teachers see what sessions will need, and what was used beside what was planned."""

from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from tests.api.campus import Campus, Person, a_session
from tests.api.capacity.test_capacity import DAY, HOUR, POOL, a_course_there, observed, save
from tests.support.fakes.orchestrator import A_NODE
from tests.support.waiting import until

from mydocker_api.capacity.refresh import refresh_pools
from mydocker_api.planning.samples import sample
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.pools import PoolGrowth
from mydocker_kit.postgres.db import transaction


async def seen(operator: Person, begin: timedelta, end: timedelta, pool: str = POOL) -> Any:
    now = utc_now()
    params = {"from": (now + begin).isoformat(), "to": (now + end).isoformat(), "pool": pool}
    return await operator.get("/api/forecast", params=params)


async def test_bands_add_up_to_the_machines_that_sessions_need(
    campus: Campus, operator: Person
) -> None:
    teacher = await campus.teacher()
    growth = PoolGrowth(max_machines=3, cpu=4, memory_mib=8192, lead_minutes=10, hourly_price=0.5)
    await observed(campus, growth=growth)
    first, second = [await a_course_there(campus, teacher) for _ in range(2)]
    saved = await save(teacher, first, a_session(DAY, 2 * HOUR, students=6, title="TP A"))
    await save(teacher, second, a_session(DAY + HOUR, 2 * HOUR, students=3))
    forecast = await seen(operator, timedelta(0), 2 * DAY)
    assert (forecast["machines"], forecast["most_machines"], forecast["observed"]) == (1, 3, True)
    points = [point for point in forecast["points"] if point["environments"]]
    # The begin of a month is a point too, and may lie within the sessions.
    busy = [next(same) for _, same in groupby(points, lambda point: point["environments"])]
    assert [point["environments"] for point in busy] == [6, 9, 3]
    assert [point["needed"] for point in busy] == [2, 3, 1]
    assert [point["machines"] for point in busy] == [2, 3, 1]
    for point in busy:
        assert abs(sum(point["bands"].values()) - point["needed"]) < 0.01
    assert set(busy[1]["bands"]) == {first, second}
    assert [order["count"] for order in forecast["orders"]] == [1, 1]
    assert 1.0 < forecast["cost"] < 3.0
    [session] = [item for item in forecast["sessions"] if item["title"] == "TP A"]
    assert (session["id"], session["course_id"]) == (saved["id"], first)


async def test_sessions_without_room_are_listed_and_not_counted(
    campus: Campus, operator: Person
) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    await save(teacher, course, a_session(DAY, HOUR, students=9))
    forecast = await seen(operator, timedelta(0), 2 * DAY)
    assert [session["capacity"] for session in forecast["sessions"]] == ["requested"]
    assert all(point["environments"] == 0 for point in forecast["points"])


async def test_the_past_shows_what_was_used_beside_what_was_planned(
    campus: Campus, operator: Person
) -> None:
    teacher = await campus.teacher()
    campus.orchestrator.nodes = [A_NODE]
    services = campus.services
    await refresh_pools(services.sessions, services.clients.orchestrator)
    course = await campus.course(teacher)
    await save(teacher, course, a_session(-HOUR, 2 * HOUR, students=3))
    student = await campus.student(course)
    await student.post(f"/api/courses/{course}/environment/start")
    environment = campus.environment(course, student)

    async def is_asked() -> bool:
        return environment in campus.orchestrator.statuses

    await until(is_asked, "the start to reach the orchestrator")
    await campus.orchestrator.ready(environment)

    async def is_seen() -> bool:
        status = services.statuses.get(environment)
        return status is not None and status.phase == "ready"

    await until(is_seen, "the environment to be ready")
    at = utc_now()
    for written in (1, 0):  # the same moment is written once, by whichever replica comes first
        async with transaction(services.sessions) as db:
            assert await sample(db, services.statuses, at) == written
    forecast = await seen(operator, -DAY, DAY, pool="default")
    [used] = forecast["samples"]
    assert (used["environments"], used["waiting"], used["machines"]) == (1, 0, 1)
    assert (used["used_machines"], used["planned_environments"], used["planned_machines"]) == (
        1,
        3,
        1,
    )
    assert at - datetime.fromisoformat(used["at"]) < timedelta(minutes=10)


async def test_teachers_see_their_courses_and_the_sum_of_others(
    campus: Campus, operator: Person
) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("alan")
    growth = PoolGrowth(max_machines=3, cpu=4, memory_mib=8192, lead_minutes=10, hourly_price=0.5)
    await observed(campus, growth=growth)
    own, theirs = await a_course_there(campus, teacher), await a_course_there(campus, other)
    session = a_session(DAY, HOUR, students=4)
    saved = await save(teacher, own, session)
    await save(other, theirs, {**session, "title": "Secret exam"})
    forecast = await seen(teacher, timedelta(0), 2 * DAY)
    assert [course["id"] for course in forecast["courses"]] == [own]
    assert [(item["id"], item["may_open"]) for item in forecast["sessions"]] == [
        (saved["id"], True)
    ]
    assert (forecast["orders"], forecast["cost"]) == ([], None)
    busy = [point for point in forecast["points"] if point["environments"]]
    assert busy  # two where a month begins within the session
    for point in busy:
        assert (point["bands"], point["hidden"], point["needed"]) == ({own: 1.0}, 1.0, 2)
    assert "Secret exam" not in str(forecast)
    assert theirs not in str(forecast)
    whole = await seen(operator, timedelta(0), 2 * DAY)
    assert {course["id"] for course in whole["courses"]} == {own, theirs}
    assert all(point["hidden"] == 0 for point in whole["points"])
    # Operators keep machines; a Course's settings are its teachers'.
    assert {item["may_open"] for item in whole["sessions"]} == {False}
    assert whole["cost"] is not None


async def test_students_see_no_forecast(campus: Campus) -> None:
    teacher = await campus.teacher()
    student = await campus.student(await campus.course(teacher))
    now = utc_now()
    params = {"from": now.isoformat(), "to": (now + DAY).isoformat()}
    refused = await student.http.get("/api/forecast", params=params)
    assert (refused.status_code, refused.json()["code"]) == (403, "forecast_not_for_you")


async def test_a_forecast_covers_six_weeks_of_a_known_pool(
    campus: Campus, operator: Person
) -> None:
    now = utc_now()
    params = {"from": now.isoformat(), "to": (now + DAY).isoformat()}
    for end in (now - DAY, now + timedelta(days=43)):
        params["to"] = end.isoformat()
        answer = await operator.http.get("/api/forecast", params=params)
        assert (answer.status_code, answer.json()["code"]) == (422, "forecast_too_long")
    params |= {"to": (now + DAY).isoformat(), "pool": "nowhere"}
    assert (await operator.http.get("/api/forecast", params=params)).status_code == 404
