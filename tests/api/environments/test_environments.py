"""A student starts, works, stops: what the window says at each step."""

import asyncio
from typing import Any
from uuid import UUID

from tests.api.campus import Campus, Person
from tests.support.waiting import until

from mydocker_api.orchestration.queries import environment_of
from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, ReasonCode, SwarmStep
from mydocker_kit.postgres.db import transaction

from .windows import in_state, is_so, ready, window


async def test_a_student_starts_and_gets_the_cards(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    before = await window(ada, course)
    assert (before["state"], before["can"]) == ("not_started", ["start"])

    asked = await ada.post(f"/api/courses/{course}/environment/start")
    assert asked["state"] in ("queued", "starting")
    assert asked["progress"]["steps"] == 8
    assert asked["can"] == ["cancel", "read_logs"]
    id = campus.environment(course, ada)
    await campus.orchestrator.starting(id, SwarmStep.RUNNING)
    on_its_way = await until(lambda: _waiting_for_ports(ada, course))
    assert on_its_way["progress"]["number"] == 8

    await campus.orchestrator.ready(id)
    shown = await in_state(ada, course, "ready")
    assert shown["can"] == ["open", "stop", "read_logs", "restart"]
    web, ssh = shown["connections"]
    assert (web["kind"], web["primary"], web["command"]) == ("web", True, None)
    assert ssh["command"] == f"ssh -p 2222 {shown['username']}@localhost"
    secrets = await ada.get(f"/api/courses/{course}/environment/credentials")
    assert secrets["username"] == shown["username"]
    assert secrets["password"] not in str(shown)
    assert (
        campus.orchestrator.specs[id].credentials.password.get_secret_value()
        == (secrets["password"])
    )
    assert shown["version"] > on_its_way["version"] > before["version"]


async def _waiting_for_ports(person: Person, course: str) -> Any:
    shown = await window(person, course)
    return shown if shown["progress"]["waiting_for_ports"] else None


async def test_the_spec_is_what_the_course_says(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(
        teacher,
        command='run --user {{USERNAME}} --pass "{{ PASSWORD }}"',
        resources={"cpu": 0.5, "memory_mib": 256},
    )
    ada = await campus.student(course)
    await ada.post(f"/api/courses/{course}/environment/start")
    spec = campus.orchestrator.specs[campus.environment(course, ada)]
    secrets = await ada.get(f"/api/courses/{course}/environment/credentials")
    assert spec.arguments == (
        *("run", "--user", secrets["username"]),
        *("--pass", secrets["password"]),
    )
    assert (spec.resources.cpu, spec.resources.memory_mib) == (0.5, 256)
    assert spec.volumes[0].name == f"work-{UUID(course).hex}-{ada.id.hex}"
    assert spec.attempt == 1


async def test_twenty_clicks_make_one_environment(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    campus.orchestrator.delay = 0.1
    path = f"/api/courses/{course}/environment/start"
    answers = await asyncio.gather(*(ada.post(path) for _ in range(20)))
    assert {answer["attempt"] for answer in answers} == {1}
    assert {spec.attempt for spec in campus.orchestrator.puts} == {1}
    assert len(campus.orchestrator.statuses) == 1


async def test_an_impatient_click_waits_for_no_transaction(campus: Campus) -> None:
    """Asking again for what is wanted already is answered from a look, without the row's lock."""
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    verb = f"/api/courses/{course}/environment"
    await ada.post(f"{verb}/start")
    id = campus.environment(course, ada)
    await campus.orchestrator.starting(id, SwarmStep.RUNNING)
    await until(lambda: _waiting_for_ports(ada, course))

    async def while_locked(*verbs: str) -> list[str]:
        async with transaction(campus.app.state.sessions) as db:
            row = await environment_of(db, ada.id, UUID(course), lock=True)
            assert row is not None
            return [(await ada.post(f"{verb}/{verb_name}"))["state"] for verb_name in verbs]

    assert await while_locked("start", "restart") == ["starting", "starting"]
    await campus.orchestrator.ready(id)
    await in_state(ada, course, "ready")
    assert await while_locked("start") == ["ready"]
    await ada.post(f"{verb}/stop")
    assert await while_locked("stop", "cancel") == ["stopping", "stopping"]
    assert len(campus.orchestrator.puts) == 1


async def test_stop_and_start_keep_the_credentials(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    before = await ada.get(f"/api/courses/{course}/environment/credentials")
    stopping = await ada.post(f"/api/courses/{course}/environment/stop")
    assert (stopping["state"], stopping["can"]) == ("stopping", [])
    await campus.orchestrator.end(id, reason=Reason(code=ReasonCode.STOPPED_BY_OWNER))
    stopped = await in_state(ada, course, "stopped")
    assert stopped["reason"]["code"] == "stopped_by_owner"

    again = await ada.post(f"/api/courses/{course}/environment/start")
    assert again["attempt"] == 2
    after = await ada.get(f"/api/courses/{course}/environment/credentials")
    assert after == before
    assert campus.orchestrator.specs[id].volumes == campus.orchestrator.puts[0].volumes


async def test_restart_replaces_once_however_often_asked(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    path = f"/api/courses/{course}/environment/restart"
    answers = await asyncio.gather(*(ada.post(path) for _ in range(5)))
    assert {answer["attempt"] for answer in answers} == {2}
    assert not campus.orchestrator.stops


async def test_a_new_password_replaces_what_runs_and_is_the_next_ones(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    base = f"/api/courses/{course}/environment"
    assert await ada.refused("POST", f"{base}/credentials/renew") == (404, "not_found")
    id = await ready(campus, ada, course)
    before = await ada.get(f"{base}/credentials")
    asked = await ada.post(f"{base}/credentials/renew")
    assert (asked["state"] in ("queued", "starting"), asked["attempt"]) == (True, 2)
    after = await ada.get(f"{base}/credentials")
    assert after["username"] == before["username"]
    assert after["password"] != before["password"]
    given = campus.orchestrator.specs[id].credentials
    assert given.password.get_secret_value() == after["password"]
    # A starting attempt keeps the password it was given.
    refused = await ada.refused("POST", f"{base}/credentials/renew")
    assert refused == (409, "environment_not_ready")
    assert await ada.get(f"{base}/credentials") == after
    await campus.orchestrator.ready(id)
    await in_state(ada, course, "ready")
    await ada.post(f"{base}/stop")
    await campus.orchestrator.end(id)
    await in_state(ada, course, "stopped")
    assert (await ada.post(f"{base}/credentials/renew"))["state"] == "stopped"
    assert (await ada.get(f"{base}/credentials"))["password"] != after["password"]


async def test_a_start_can_be_cancelled_until_it_is_ready(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ada.post(f"/api/courses/{course}/environment/start")
    cancelled = await ada.post(f"/api/courses/{course}/environment/cancel")
    assert cancelled["state"] == "stopping"
    assert campus.orchestrator.stops[0].reason is ReasonCode.CANCELLED
    await campus.orchestrator.end(campus.environment(course, ada))
    await in_state(ada, course, "stopped")
    await ready(campus, ada, course)
    refused = await ada.refused("POST", f"/api/courses/{course}/environment/cancel")
    assert refused == (409, "environment_ready")


async def test_a_failure_is_explained_and_can_be_tried_again(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ada.post(f"/api/courses/{course}/environment/start")
    id = campus.environment(course, ada)
    reason = Reason(code=ReasonCode.PORT_SILENT, parameters={"port": 8888}, reference="K7F3-9QD2")
    await campus.orchestrator.end(id, Phase.FAILED, reason, "Traceback: no module jupyter")
    failed = await in_state(ada, course, "failed")
    assert failed["reason"] == reason.model_dump(mode="json")
    assert failed["last_logs"] == "Traceback: no module jupyter"
    assert failed["can"] == ["start", "read_logs"]
    logs = await ada.get(f"/api/courses/{course}/environment/logs")
    assert logs["text"] == failed["last_logs"]
    assert (await ada.post(f"/api/courses/{course}/environment/start"))["attempt"] == 2


async def test_nobody_reaches_anothers(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    bob = await campus.student(course, "bob")
    assert (await window(bob, course))["state"] == "not_started"
    open_path = f"/api/courses/{course}/environment/ports/8888/open"
    assert await bob.refused("POST", open_path) == (409, "environment_not_ready")
    mallory = await campus.launch("mallory", link="another-activity")
    for method, path in (
        ("GET", "window"),
        ("POST", "environment/start"),
        ("POST", "environment/stop"),
        ("GET", "environment/credentials"),
        ("GET", "environment/logs"),
    ):
        status, _ = await mallory.refused(method, f"/api/courses/{course}/{path}")
        assert status == 404, path


async def test_while_the_orchestrator_is_away_the_wish_is_kept_and_said_again(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    campus.orchestrator.away = True
    asked = await ada.post(f"/api/courses/{course}/environment/start")
    assert asked["state"] == "starting"
    campus.orchestrator.away = False
    await until(lambda: is_so(bool(campus.orchestrator.puts)))
    await ready(campus, ada, course)
    assert {spec.attempt for spec in campus.orchestrator.puts} == {1}


async def test_a_wish_that_is_refused_for_good_is_a_failure_with_a_reference(
    campus: Campus,
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    campus.orchestrator.refusing = True
    shown = await ada.post(f"/api/courses/{course}/environment/start")
    assert shown["state"] == "failed"
    assert shown["reason"]["code"] == "engine_refused"
    assert len(shown["reason"]["reference"]) == 9
    campus.orchestrator.refusing = False
    assert (await ada.post(f"/api/courses/{course}/environment/start"))["attempt"] == 2
