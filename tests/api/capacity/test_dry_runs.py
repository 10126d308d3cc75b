"""A teacher simulates a session: when each student would be ready. Nothing starts."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from tests.api.campus import Campus, Person, a_session
from tests.api.capacity.test_capacity import (
    DAY,
    HOUR,
    POOL,
    a_course_there,
    observed,
    question,
    save,
)
from tests.support.fakes.orchestrator import A_NODE
from tests.support.waiting import until

from mydocker_api.capacity.refresh import refresh_pools
from mydocker_api.models import KnownPool
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.pools import PoolGrowth
from mydocker_kit.postgres.db import transaction


async def dry_run(person: Person, course: str, session: dict[str, Any], **changes: Any) -> Any:
    params = question(session, **changes)
    return await person.get(f"/api/courses/{course}/dry-run", params=params)


def seconds_after(begin: str, at: str | None) -> float:
    assert at is not None
    return (datetime.fromisoformat(at) - datetime.fromisoformat(begin)).total_seconds()


async def test_everybody_who_fits_is_ready_soon(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)  # one machine of four cores
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=4)
    answer = await dry_run(teacher, course, session)
    assert (answer["at_once"], answer["queued"], answer["never"]) == (4, 0, 0)
    # The settings' ten seconds, and 0.8 s of processor time on four cores between starts.
    assert (answer["start_seconds"], answer["measured_starts"]) == (10, 0)
    assert seconds_after(session["starts_at"], answer["all_ready_at"]) == pytest.approx(10.6)
    assert sum(group["count"] for group in answer["groups"]) == 4
    assert (answer["pool_title"], answer["students"]) == ("Classroom", 4)
    saved = await save(teacher, course, session)
    assert saved["capacity"] == "reserved"  # it had reserved nothing


async def test_who_finds_no_room_waits_until_others_end(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("alan")
    await observed(campus)
    theirs = await a_course_there(campus, other)
    await save(other, theirs, a_session(DAY, HOUR, students=3))
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, 2 * HOUR, students=4)
    answer = await dry_run(teacher, course, session)
    assert (answer["at_once"], answer["queued"], answer["never"]) == (1, 3, 0)
    first, last = answer["groups"][0], answer["groups"][-1]
    assert (first["count"], first["waits"], last["waits"]) == (1, False, True)
    assert 3600 <= seconds_after(session["starts_at"], last["ready_at"]) < 3700
    beyond = await dry_run(teacher, course, session, students=6)
    assert (beyond["never"], beyond["shortage"], beyond["all_ready_at"]) == (2, "machines", None)
    assert beyond["half_ready_at"] is not None


async def test_its_own_reservation_is_no_hindrance(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=4)
    saved = await save(teacher, course, session)
    assert (await dry_run(teacher, course, session))["never"] == 4
    assert (await dry_run(teacher, course, session, session_id=saved["id"]))["never"] == 0


async def test_machines_that_may_be_added_are_counted(campus: Campus) -> None:
    teacher = await campus.teacher()
    growth = PoolGrowth(max_machines=3, cpu=4, memory_mib=8192, lead_minutes=10)
    await observed(campus, growth=growth)
    course = await a_course_there(campus, teacher)
    tomorrow = await dry_run(teacher, course, a_session(DAY, HOUR, students=10))
    assert (tomorrow["machines_to_add"], tomorrow["queued"], tomorrow["never"]) == (2, 0, 0)
    soon = await dry_run(teacher, course, a_session(timedelta(minutes=1), HOUR, students=10))
    assert (soon["at_once"], soon["queued"], soon["never"]) == (4, 6, 0)


async def test_a_start_that_was_measured_replaces_the_setting(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.orchestrator.nodes = [A_NODE]
    services = campus.services
    await refresh_pools(services.sessions, services.clients.orchestrator)
    course = await campus.course(teacher)
    student = await campus.student(course)
    await student.post(f"/api/courses/{course}/environment/start")
    environment = campus.environment(course, student)

    async def is_asked() -> bool:
        return environment in campus.orchestrator.statuses

    await until(is_asked, "the start to reach the orchestrator")
    await campus.orchestrator.ready(environment)

    async def is_measured() -> bool:
        answer = await dry_run(teacher, course, a_session(DAY, HOUR, students=1))
        return bool(answer["measured_starts"] == 1)

    await until(is_measured, "the start to be measured")
    answer = await dry_run(teacher, course, a_session(DAY, HOUR, students=1))
    assert answer["start_seconds"] != 10
    assert answer["never"] == 0


async def test_clicks_may_be_spread(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=4)
    answer = await dry_run(teacher, course, session, spread_minutes=8)
    assert seconds_after(session["starts_at"], answer["all_ready_at"]) == pytest.approx(370)


async def test_only_a_time_to_come_on_machines_that_were_seen(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    path = f"/api/courses/{course}/dry-run"
    now = utc_now()
    over = {"students": 1, "starts_at": now - 2 * HOUR, "ends_at": now - HOUR}
    answer = await teacher.http.get(path, params={k: str(v) for k, v in over.items()})
    assert (answer.status_code, answer.json()["code"]) == (422, "dry_run_over")
    campus.orchestrator.away = True  # no refresh any more
    async with transaction(campus.services.sessions) as db:
        (await db.get_one(KnownPool, POOL)).machines = None
    params = question(a_session(DAY, HOUR))
    answer = await teacher.http.get(path, params=params)
    assert (answer.status_code, answer.json()["code"]) == (409, "pool_unobserved")


async def test_only_editors_simulate(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("alan")
    course = await campus.course(teacher)
    params = question(a_session(DAY, HOUR))
    answer = await other.http.get(f"/api/courses/{course}/dry-run", params=params)
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
    student = await campus.student(course)
    answer = await student.http.get(f"/api/courses/{course}/dry-run", params=params)
    assert answer.status_code == 404


@pytest.mark.parametrize(
    "changes",
    [
        {"students": 0},
        {"students": 5001},
        {"spread_minutes": -1},
        {"spread_minutes": 121},
        {"spread_minutes": "soon"},
        {"ends_at": "2026-01-01T10:00:00Z"},
        {"starts_at": "yesterday"},
        {"session_id": "none"},
        {"unknown": "1"},
    ],
)
async def test_bad_questions_are_refused(campus: Campus, changes: dict[str, Any]) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    params = question(a_session(DAY, HOUR), **changes)
    response = await teacher.http.get(f"/api/courses/{course}/dry-run", params=params)
    assert response.status_code == 422, response.text
