"""Whether a session finds room, what saving it does, and what operators decide."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from tests.api.campus import Campus, Person, a_session
from tests.support.fakes.orchestrator import A_NODE, A_POOL
from tests.support.waiting import until

from mydocker_api.capacity.refresh import refresh_pools
from mydocker_api.models import KnownPool
from mydocker_kit.contracts.orchestrator.pools import NodeAvailability, Pool, PoolGrowth
from mydocker_kit.postgres.db import transaction

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
POOL = "class"


async def observed(campus: Campus, machines: int = 1, **changes: Any) -> None:
    """A pool of its own with this many usable machines of 4 CPUs, as api has just read it."""
    fake = campus.orchestrator
    fake.pools = [A_POOL, Pool(name=POOL, title="Classroom", **changes)]
    fake.nodes = [
        A_NODE.model_copy(update={"id": f"c{n}", "name": f"class{n}", "pool": POOL})
        for n in range(machines)
    ]
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)


async def a_course_there(campus: Campus, teacher: Person, **resources: Any) -> str:
    return await campus.course(teacher, resources={"pool": POOL, **resources})


def question(session: dict[str, Any], **changes: Any) -> dict[str, Any]:
    names = ("students", "starts_at", "ends_at")
    return {**{name: session[name] for name in names}, **changes}


async def check(person: Person, course: str, session: dict[str, Any], **changes: Any) -> Any:
    params = question(session, **changes)
    return await person.get(f"/api/courses/{course}/capacity-check", params=params)


async def save(person: Person, course: str, session: dict[str, Any]) -> Any:
    return await person.post(f"/api/courses/{course}/sessions", session)


async def test_only_usable_machines_count(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus, machines=5)
    course = await a_course_there(campus, teacher)
    unusable: list[dict[str, Any]] = [
        {"reachable": False},
        {"admitted": False},
        {"availability": NodeAvailability.DRAIN},
        {"pool": "default"},
    ]
    nodes = campus.orchestrator.nodes
    nodes[1:] = [
        node.model_copy(update=change) for node, change in zip(nodes[1:], unusable, strict=True)
    ]
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)
    full = await check(teacher, course, a_session(DAY, HOUR, students=5))
    assert (full["verdict"], full["fitting"]) == ("impossible", 4)


async def test_a_check_reserves_nothing_and_says_what_is_free(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=3)
    for _ in range(3):
        assert (await check(teacher, course, session))["verdict"] == "free"
    saved = await save(teacher, course, session)
    assert (saved["capacity"], saved["capacity_reason"]) == ("reserved", "")
    second = await check(teacher, course, session)
    assert (second["verdict"], second["fitting"], second["shortage"]) == (
        "impossible",
        1,
        "machines",
    )
    assert second["pool_title"] == "Classroom"
    own = await check(teacher, course, session, session_id=saved["id"])
    assert own["verdict"] == "free"


async def test_suggested_slots_are_near_and_free(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=4)
    await save(teacher, course, session)
    answer = await check(teacher, course, session, zone="Europe/Paris")
    assert len(answer["suggestions"]) == 3
    for slot in answer["suggestions"]:
        assert (await check(teacher, course, {**session, **slot}))["verdict"] == "free"
        length = datetime.fromisoformat(slot["ends_at"]) - datetime.fromisoformat(slot["starts_at"])
        assert length == HOUR


async def test_a_pool_that_grows_makes_a_session_tight(campus: Campus) -> None:
    teacher = await campus.teacher()
    growth = PoolGrowth(max_machines=3, cpu=4, memory_mib=8192, lead_minutes=10)
    await observed(campus, growth=growth)
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=10)
    answer = await check(teacher, course, session)
    assert (answer["verdict"], answer["machines_to_add"]) == ("tight", 2)
    assert (answer["fitting"], answer["fitting_now"]) == (10, 4)
    assert (await save(teacher, course, session))["capacity"] == "reserved"
    beyond = await check(teacher, course, {**session, "students": 13})
    assert beyond["verdict"] == "impossible"


async def test_an_environment_too_large_for_any_machine_says_so(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher, cpu=5)
    answer = await check(teacher, course, a_session(DAY, HOUR, students=1))
    assert (answer["verdict"], answer["shortage"]) == ("impossible", "size")
    assert answer["suggestions"] == []


async def test_a_pool_not_observed_yet_is_unknown_and_reserves(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    campus.orchestrator.away = True  # no refresh any more
    async with transaction(campus.services.sessions) as db:
        (await db.get_one(KnownPool, POOL)).machines = None
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, HOUR, students=500)
    assert (await check(teacher, course, session))["verdict"] == "unknown"
    assert (await save(teacher, course, session))["capacity"] == "reserved"


async def test_saves_at_once_never_take_the_last_room_twice(campus: Campus) -> None:
    """Ten teachers save 3 students each at the same moment; 4 fit. The lock serializes them."""
    teachers = [await campus.teacher(f"teacher{n}") for n in range(10)]
    await observed(campus)
    courses = [await a_course_there(campus, teacher) for teacher in teachers]
    session = a_session(DAY, HOUR, students=3)
    saved = await asyncio.gather(
        *(save(teacher, course, session) for teacher, course in zip(teachers, courses, strict=True))
    )
    states = sorted(answer["capacity"] for answer in saved)
    assert states == [*["requested"] * 9, "reserved"]


async def test_what_runs_takes_room_until_it_ends(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.orchestrator.nodes = [A_NODE]
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)
    course = await campus.course(teacher)
    now = a_session(timedelta(minutes=10), HOUR, students=4)
    assert (await check(teacher, course, now))["verdict"] == "free"
    student = await campus.student(course)
    await student.post(f"/api/courses/{course}/environment/start")

    async def is_counted() -> bool:
        answer = await check(teacher, course, now)
        return bool((answer["verdict"], answer["fitting"]) == ("impossible", 3))

    await until(is_counted, "the student's environment to count")
    assert (await check(teacher, course, a_session(DAY, HOUR, students=4)))["verdict"] == "free"


async def test_an_edit_that_needs_no_other_room_keeps_its_state(campus: Campus) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    first = await save(teacher, course, a_session(DAY, HOUR, students=4))
    second = await save(teacher, course, a_session(DAY, HOUR, students=4))
    assert second["capacity"] == "requested"
    draft = {name: second[name] for name in a_session(DAY, HOUR)}
    path = f"/api/sessions/{second['id']}"
    renamed = await teacher.put(path, {**draft, "title": "TP 9"})
    assert renamed["capacity"] == "requested"
    await teacher.delete(f"/api/sessions/{first['id']}")
    smaller = await teacher.put(path, {**draft, "students": 3})
    assert smaller["capacity"] == "reserved"


async def test_operators_grant_and_refuse_requests(campus: Campus, operator: Person) -> None:
    teacher = await campus.teacher()
    await observed(campus)
    course = await a_course_there(campus, teacher)
    granted = await save(teacher, course, a_session(DAY, HOUR, students=9, title="TP A"))
    refused = await save(teacher, course, a_session(2 * DAY, HOUR, students=8, title="TP B"))
    listed = await operator.get("/api/capacity-requests")
    assert [item["title"] for item in listed["items"]] == ["TP A", "TP B"]
    assert listed["items"][0]["owner_name"] == "Grace"
    assert listed["items"][0]["check"]["fitting"] == 4
    for session, decision in ((granted, "granted"), (refused, "refused")):
        body = {"decision": decision, "reason": "Ask for Friday."}
        path = f"/api/capacity-requests/{session['id']}"
        assert (await operator.http.put(path, json=body)).status_code == 204
        again = await operator.refused("PUT", path, body)
        assert again == (409, "no_capacity_request")
    assert (await operator.get("/api/capacity-requests"))["total"] == 0
    states = [
        (await teacher.get(f"/api/sessions/{session['id']}"))["capacity"]
        for session in (granted, refused)
    ]
    assert states == ["reserved", "refused"]
    # Granted beyond what there is: nobody else finds room then.
    at_the_time = await check(teacher, course, {**granted, "students": 1})
    assert at_the_time["verdict"] == "impossible"
    unknown = f"/api/capacity-requests/{uuid4()}"
    assert await operator.refused("PUT", unknown, {"decision": "granted"}) == (404, "not_found")


async def test_only_owners_check_and_only_operators_decide(campus: Campus) -> None:
    teacher, other = await campus.teacher(), await campus.teacher("alan")
    course = await campus.course(teacher)
    path = f"/api/courses/{course}/capacity-check"
    params = question(a_session(DAY, HOUR))
    response = await other.http.get(path, params=params)
    assert (response.status_code, response.json()["code"]) == (404, "not_found")
    assert await teacher.refused("GET", "/api/capacity-requests") == (403, "operators_only")


@pytest.mark.parametrize(
    "changes",
    [
        {"students": 0},
        {"ends_at": "2026-01-01T10:00:00Z"},
        {"zone": "Mars/Olympus"},
        {"zone": "../../etc/passwd"},
        {"starts_at": "soon"},
    ],
)
async def test_bad_questions_are_refused(campus: Campus, changes: dict[str, Any]) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    params = question(a_session(DAY, HOUR), **changes)
    response = await teacher.http.get(f"/api/courses/{course}/capacity-check", params=params)
    assert response.status_code == 422, response.text
