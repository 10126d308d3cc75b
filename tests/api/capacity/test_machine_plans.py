"""The plan of machines that api sends for each pool, and who may see and change what is made."""

from datetime import timedelta
from typing import Any

from tests.api.campus import Campus, Person, a_session
from tests.api.capacity.test_capacity import DAY, HOUR, POOL, a_course_there, observed, save
from tests.support.fakes.orchestrator import A_NODE
from tests.support.waiting import until

from mydocker_api.capacity.refresh import refresh_pools
from mydocker_api.planning.schedule import send_plans
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.machines import (
    MachineNeed,
    PoolScaling,
    ScalingSummary,
)
from mydocker_kit.contracts.orchestrator.pools import PoolGrowth
from mydocker_kit.etags import etag_of

GROWTH = PoolGrowth(max_machines=5, cpu=4, memory_mib=8192, lead_minutes=10, hourly_price=0.5)


def summary(**changes: Any) -> ScalingSummary:
    usual = ScalingSummary(
        pool=POOL,
        enabled=True,
        machines=(),
        present=0,
        spent=0,
        keep_minutes=30,
        demand_minutes=5,
    )
    return usual.model_copy(update=changes)


async def scaled(campus: Campus, **changes: Any) -> None:
    """A pool with one machine by hand, whose other machines Terraform makes."""
    campus.orchestrator.machines.summaries = [summary(**changes)]
    await observed(campus, growth=GROWTH)


async def needs(campus: Campus, after: timedelta = timedelta(0)) -> tuple[MachineNeed, ...]:
    """What the orchestrator receives now, or later."""
    services = campus.services
    sent = await send_plans(
        services.sessions, services.statuses, services.clients.orchestrator, utc_now() + after
    )
    assert sent == 1
    return campus.orchestrator.machines.plans[POOL].needs


async def test_sessions_ask_for_machines_and_nothing_else_does(campus: Campus) -> None:
    teacher = await campus.teacher()
    await scaled(campus)
    assert await needs(campus) == ()
    course = await a_course_there(campus, teacher)
    session = a_session(DAY, 2 * HOUR, students=9)
    await save(teacher, course, session)
    planned = await needs(campus)
    assert {(need.machines, need.reasons) for need in planned} == {(2, ("made",))}
    assert planned[0].starts_at.isoformat()[:16] == session["starts_at"][:16]
    await save(teacher, course, a_session(3 * DAY, HOUR, students=4))
    assert {need.machines for need in await needs(campus)} == {2}  # one machine is there by hand


async def test_machines_that_are_there_serve_a_session_that_begins_now(campus: Campus) -> None:
    teacher = await campus.teacher()
    await scaled(campus)
    course = await a_course_there(campus, teacher)
    await save(teacher, course, a_session(timedelta(minutes=1), 2 * HOUR, students=9))
    soon, later = [need.machines for need in await needs(campus)][:2]
    assert (soon, later) == (0, 2)  # those ordered now come in ten minutes
    made = A_NODE.model_copy(update={"id": "m1", "name": "made1", "pool": POOL})
    campus.orchestrator.nodes.append(made)
    campus.orchestrator.machines.summaries = [summary(machines=("made1",), present=1)]
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)
    soon, later = [need.machines for need in await needs(campus)][:2]
    assert (soon, later) == (1, 2)


async def test_what_is_spent_limits_the_rest_of_the_month(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.orchestrator.machines.summaries = [summary(spent=9.9)]
    await observed(campus, growth=GROWTH.model_copy(update={"monthly_budget": 10}))
    course = await a_course_there(campus, teacher)
    await save(teacher, course, a_session(timedelta(minutes=20), HOUR, students=9))
    assert await needs(campus) == ()


async def test_people_who_wait_long_enough_ask_for_machines(campus: Campus) -> None:
    teacher = await campus.teacher()
    await scaled(campus)
    course = await a_course_there(campus, teacher, cpu=4)
    for number in range(2):  # the second finds no room on the machine that is there
        student = await campus.student(course, f"student{number}")
        await student.post(f"/api/courses/{course}/environment/start")
        environment = campus.environment(course, student)

        async def is_asked(id: Any = environment) -> bool:
            return id in campus.orchestrator.statuses

        await until(is_asked, "the start to reach the orchestrator")
        await campus.orchestrator.record(environment, pool=POOL)

        async def is_seen(id: Any = environment) -> bool:
            status = campus.services.statuses.get(id)
            return status is not None and status.pool == POOL

        await until(is_seen, "api to see that it waits")
    assert await needs(campus) == ()
    waited = await needs(campus, timedelta(minutes=6))
    assert max(need.machines for need in waited) == 1
    campus.orchestrator.machines.summaries = [summary(demand_minutes=None)]
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)
    assert await needs(campus, timedelta(minutes=7)) == ()


async def test_operators_see_machines_and_others_do_not(campus: Campus, operator: Person) -> None:
    settings = {"module": "openstack", "variables": {"flavor": "m1"}, "enabled": True}
    new = {"If-None-Match": "*"}
    made = await operator.http.put("/api/pools/default/scaling", json=settings, headers=new)
    assert (made.status_code, made.headers["ETag"]) == (200, etag_of(PoolScaling(**settings)))
    shown = await operator.get("/api/pools/default/scaling")
    assert (shown["scaling"]["variables"], shown["command"]) == (
        {"flavor": "m1"},
        "OpenTofu v1.9.0",
    )
    reserved = {**settings, "variables": {"tokens": "x"}}
    refused = await operator.http.put("/api/pools/default/scaling", json=reserved, headers=new)
    assert {field["code"] for field in refused.json()["fields"]} == {"variable_reserved"}
    teacher = await campus.teacher()
    for path in ("scaling", "machine-runs"):
        refused = await teacher.http.get(f"/api/pools/default/{path}")
        assert (refused.status_code, refused.json()["code"]) == (403, "operators_only")


async def test_a_machine_joins_with_its_token_and_nobody_without(campus: Campus) -> None:
    campus.orchestrator.machines.tokens = {"x" * 43: "m1"}
    person = await campus.teacher()
    http = person.http
    answers = []
    for header in ("", "Bearer " + "y" * 43, "Bearer " + "x" * 43):
        answer = await http.post("/api/machine-joins", headers={"Authorization": header})
        answers.append((answer.status_code, answer.json().get("code")))
    assert answers == [(401, "unauthenticated"), (403, "join_token_refused"), (200, None)]
    assert (answer.json()["name"], answer.json()["swarm_token"]) == ("m1", "SWMTKN")
