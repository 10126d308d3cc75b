"""The live room: a teacher sees a class at work, and acts for its students."""

from datetime import timedelta
from typing import Any

from tests.api.campus import Campus, Person, a_session, moment
from tests.api.environments.windows import in_state, ready, window
from tests.api.http.test_events import kinds, listening
from tests.support.waiting import until

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.rosters import Member
from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, ReasonCode, SwarmStep
from mydocker_kit.contracts.orchestrator.usage import EnvironmentUsage


async def room(teacher: Person, course: str) -> dict[str, Any]:
    """Rows of the room by the name of the person."""
    answer = await teacher.get(f"/api/courses/{course}/room")
    return {row["name"]: row for row in answer["people"]}


async def test_a_room_has_a_row_for_each_expected_student(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", course=course, name="Ada")
    await campus.launch("bob", course=course, name="Bob")
    campus.gateway.rosters["7"] = [
        Member(subject="ada", name="Ada", role=ContextRole.STUDENT),
        Member(subject="bob", name="Bob", role=ContextRole.STUDENT),
        Member(subject="cleo", name="Cleo", role=ContextRole.STUDENT),
        Member(subject="grace", name="Grace", role=ContextRole.TEACHER),
    ]
    campus.gateway.roster_at = utc_now()
    await teacher.post(f"/api/courses/{course}/people/sync")
    await ready(campus, ada, course)
    rows = await room(teacher, course)
    assert list(rows) == ["Ada", "Bob", "Cleo"]
    assert [row["phase"] for row in rows.values()] == ["ready", None, None]
    assert [row["came"] for row in rows.values()] == [True, True, False]
    assert rows["Ada"]["can"] == ["stop", "restart", "read_logs", "open", "message"]
    assert rows["Bob"]["can"] == ["start", "message"]
    assert rows["Cleo"]["can"] == []
    assert [port["number"] for port in rows["Ada"]["ports"]] == [8888]


async def test_a_room_shows_cpu_and_memory_in_use(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", course=course, name="Ada")
    id = await ready(campus, ada, course)
    assert (await room(teacher, course))["Ada"]["usage"] is None
    now = utc_now()
    campus.orchestrator.usage = [
        EnvironmentUsage(environment=id, cpu=1.25, memory_mib=300.5, measured_at=now)
    ]
    used = (await room(teacher, course))["Ada"]["usage"]
    assert (used["cpu"], used["memory_mib"], moment(used["measured_at"])) == (1.25, 300.5, now)


async def test_a_failed_start_is_shown_with_its_reason(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", course=course, name="Ada")
    await ada.post(f"/api/courses/{course}/environment/start")
    id = campus.environment(course, ada)
    await campus.orchestrator.starting(id, SwarmStep.PREPARING)
    await in_state(ada, course, "starting")
    row = (await room(teacher, course))["Ada"]
    assert (row["step"], row["step_number"], row["attention"]) == ("preparing", 5, None)
    silent = Reason(code=ReasonCode.PORT_SILENT, reference="K7F3-9QD2")
    await campus.orchestrator.end(id, Phase.FAILED, silent, "no such file\n")
    await in_state(ada, course, "failed")
    row = (await room(teacher, course))["Ada"]
    assert (row["attention"], row["reason"]["code"]) == ("failed", "port_silent")
    logs = await teacher.get(f"/api/courses/{course}/room/people/{ada.id}/logs")
    assert logs == {"text": "no such file\n"}


async def test_a_class_is_started_before_its_session_begins(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    session = a_session(
        timedelta(minutes=10), timedelta(hours=1), block_before_start=True, automatic_stop=True
    )
    saved = await teacher.post(f"/api/courses/{course}/sessions", session)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    refused = await ada.refused("POST", f"/api/courses/{course}/environment/start")
    assert refused == (409, "session_not_open")
    done = await teacher.post(f"/api/courses/{course}/room/start", {})
    assert done == {"done": 2, "refused": []}
    for student in (ada, bob):
        spec = campus.orchestrator.specs[campus.environment(course, student)]
        assert spec.owner_id == student.id
        assert spec.ends_at == moment(saved["ends_at"])
    again = await teacher.post(f"/api/courses/{course}/room/start", {})
    assert again == {"done": 0, "refused": []}
    assert len(campus.orchestrator.puts) == 2


async def test_a_start_that_one_student_is_refused_stops_nobody_else(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    await campus.grant(bob, disabled_at=utc_now())
    done = await teacher.post(f"/api/courses/{course}/room/start", {})
    assert done == {"done": 1, "refused": [{"user_id": str(bob.id), "code": "user_disabled"}]}
    assert await in_state(ada, course, "queued")


async def test_a_teacher_restarts_and_extends_one_student(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    session = a_session(timedelta(minutes=-5), timedelta(hours=1), automatic_stop=True)
    saved = await teacher.post(f"/api/courses/{course}/sessions", session)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    id = await ready(campus, ada, course)
    await ready(campus, bob, course)
    body = {"people": [str(ada.id)], "minutes": 15}
    done = await teacher.post(f"/api/courses/{course}/room/extend", body)
    assert done == {"done": 1, "refused": []}
    later = moment(saved["ends_at"]) + timedelta(minutes=15)
    assert campus.orchestrator.specs[id].ends_at == later
    assert moment((await window(bob, course))["ends_at"]) == moment(saved["ends_at"])
    everybody = await teacher.post(f"/api/courses/{course}/room/extend", {"minutes": 5})
    assert everybody["done"] == 2
    done = await teacher.post(f"/api/courses/{course}/room/restart", {"people": [str(ada.id)]})
    assert done == {"done": 1, "refused": []}
    assert campus.orchestrator.specs[id].attempt == 2


async def test_what_has_no_end_cannot_be_extended(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    body = {"people": [str(ada.id)], "minutes": 15}
    path = f"/api/courses/{course}/room/extend"
    refused = [{"user_id": str(ada.id), "code": "environment_not_ready"}]
    assert (await teacher.post(path, body))["refused"] == refused
    await ready(campus, ada, course)
    refused = [{"user_id": str(ada.id), "code": "lease_at_its_end"}]
    assert (await teacher.post(path, body))["refused"] == refused
    assert await teacher.refused("POST", path, {"minutes": 0}) == (422, "invalid_request")


async def test_the_class_sees_a_message_in_its_windows(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, bob = await campus.student(course), await campus.student(course, "bob")
    path = f"/api/courses/{course}/room/messages"
    async with listening(ada) as to_ada:
        await teacher.post(path, {"people": [str(ada.id)], "text": "Look at question 3."})
        assert "course.changed" in await kinds(to_ada, 1)
    await teacher.post(path, {"text": "Ten minutes left."})
    shown = (await window(ada, course))["messages"]
    assert [message["text"] for message in shown] == ["Ten minutes left.", "Look at question 3."]
    assert {message["by"] for message in shown} == {"Grace"}
    assert [entry["text"] for entry in (await window(bob, course))["messages"]] == [
        "Ten minutes left."
    ]
    assert (await teacher.refused("POST", path, {"text": " "}))[0] == 422


async def test_a_student_sees_that_a_teacher_opened_the_environment(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    path = f"/api/courses/{course}/room/people/{ada.id}/ports/8888/open"
    assert await teacher.refused("POST", path) == (409, "environment_not_ready")
    await ready(campus, ada, course)
    assert (await window(ada, course))["visits"] == []
    async with listening(ada) as to_ada:
        ticket = await teacher.post(path)
        assert ticket["url"].endswith("/_mydocker/enter")
        assert "environment.changed" in await kinds(to_ada, 1)
    [visit] = (await window(ada, course))["visits"]
    assert visit["by"] == "Grace"
    unknown = path.replace("/8888/", "/22/")
    assert await teacher.refused("POST", unknown) == (404, "port_unknown")

    async def restarted() -> Any:
        await ada.post(f"/api/courses/{course}/environment/restart")
        return (await window(ada, course))["visits"] == []

    assert await until(restarted)
