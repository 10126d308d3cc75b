"""Leases and renewals, limits on how many, and stops by others, as people see them."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

from tests.api.campus import DATABASES, Campus, Person, a_course, a_session, moment
from tests.api.environments.windows import in_state, ready, window
from tests.support.waiting import until

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, ReasonCode

HOUR = {"minutes": 60, "hard_limit_minutes": 90, "warn_minutes": [10, 2]}


async def leased(campus: Campus, **lease: Any) -> tuple[Person, str, UUID]:
    """A student at work under a lease, ready ten minutes ago."""
    teacher = await campus.teacher()
    course = await campus.course(teacher, lease=HOUR | lease)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    began = utc_now() - timedelta(minutes=10)
    await campus.orchestrator.record(
        id,
        ends_at=began + timedelta(minutes=60),
        end_reason=ReasonCode.LEASE_OVER,
        lease_ends_at=began + timedelta(minutes=60),
        hard_ends_at=began + timedelta(minutes=90),
    )
    return ada, course, id


async def renewable(person: Person, course: str) -> Any:
    async def is_renewable() -> Any:
        shown = await window(person, course)
        return shown if "renew" in shown["can"] else None

    return await until(is_renewable, "the lease can be renewed")


async def test_the_spec_carries_the_lease_and_the_window_says_it(campus: Campus) -> None:
    ada, course, id = await leased(campus)
    spec = campus.orchestrator.specs[id]
    assert (spec.lease_seconds, spec.hard_limit_seconds) == (3600, 5400)
    assert spec.warn_seconds == (600, 120)
    shown = await renewable(ada, course)
    assert shown["end_reason"] == "lease_over"
    ends_at = moment(shown["ends_at"])
    assert [ends_at - moment(at) for at in shown["warn_at"]] == [
        timedelta(minutes=10),
        timedelta(minutes=2),
    ]
    assert shown["lease"]["notify"] is True


async def test_a_renewal_moves_the_end_and_starts_nothing(campus: Campus) -> None:
    ada, course, id = await leased(campus)
    before = await renewable(ada, course)
    await ada.post(f"/api/courses/{course}/environment/renew")
    said = campus.orchestrator.puts[-1]
    assert said.attempt == before["attempt"]
    assert said.lease_ends_at is not None
    assert said.lease_ends_at > moment(before["ends_at"])
    hard = moment(before["lease"]["hard_ends_at"])
    assert said.lease_ends_at <= hard

    async def not_renewable() -> bool:
        return "renew" not in (await window(ada, course))["can"]

    # The orchestrator now says the hard limit's moment: nothing more to gain.
    await campus.orchestrator.record(id, ends_at=hard, lease_ends_at=hard)
    await until(not_renewable, "the end of the lease has reached the api")
    refused = await ada.refused("POST", f"/api/courses/{course}/environment/renew")
    assert refused == (409, "lease_at_its_end")
    assert "renew" not in (await window(ada, course))["can"]


async def test_no_renewal_passes_the_end_of_the_session(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, lease={"minutes": 60})
    soon = a_session(timedelta(minutes=-30), timedelta(minutes=50))
    await teacher.post(f"/api/courses/{course}/sessions", soon)
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    assert campus.orchestrator.specs[id].priority == 1
    short = utc_now() + timedelta(minutes=5)
    await campus.orchestrator.record(id, ends_at=short, lease_ends_at=short)
    shown = await renewable(ada, course)
    assert shown["lease"]["renewable_until"] == shown["session"]["ends_at"]


async def test_nothing_to_renew_is_refused(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    path = f"/api/courses/{course}/environment/renew"
    assert await ada.refused("POST", path) == (404, "not_found")
    await ada.post(f"/api/courses/{course}/environment/start")
    assert await ada.refused("POST", path) == (409, "environment_not_ready")
    await campus.orchestrator.ready(campus.environment(course, ada))
    await in_state(ada, course, "ready")
    assert await ada.refused("POST", path) == (409, "lease_at_its_end")


async def test_a_hard_limit_below_the_lease_is_a_wrong_field(campus: Campus) -> None:
    teacher = await campus.teacher()
    body = a_course(status="draft", lease={"minutes": 60, "hard_limit_minutes": 30})
    answer = await teacher.http.post("/api/courses", json=body)
    assert answer.status_code == 422
    [field] = answer.json()["fields"]
    assert (field["field"], field["code"]) == ("lease.hard_limit_minutes", "hard_limit_below_lease")
    for lease in ({"minutes": 0}, {"warn_minutes": [0]}, {"warn_minutes": [1] * 6}, {"x": 1}):
        answer = await teacher.http.post("/api/courses", json=a_course(lease=lease))
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")


async def test_a_person_runs_so_many_and_the_refusal_names_them(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    courses = [
        await campus.course(teacher, title=f"Course {number}", build_id=build)
        for number in range(6)
    ]
    for course in courses:
        await campus.student(course)
    ada = campus.people["ada"]
    clicks = [ada.http.post(f"/api/courses/{course}/environment/start") for course in courses]
    answers = await asyncio.gather(*clicks)
    [refused] = [answer for answer in answers if answer.status_code != 202]
    body = refused.json()
    assert (refused.status_code, body["code"]) == (409, "person_limit_reached")
    assert body["parameters"] == {"count": 5}
    assert len(body["subjects"]) == 5
    assert {subject["kind"] for subject in body["subjects"]} == {"course"}
    # What runs already can be asked for again, and one ended makes room.
    running = body["subjects"][0]["id"]
    await ada.post(f"/api/courses/{running}/environment/start")
    await ada.post(f"/api/courses/{running}/environment/stop")
    [last] = {*courses} - {subject["id"] for subject in body["subjects"]}
    await ada.post(f"/api/courses/{last}/environment/start")


async def test_a_course_takes_so_many_but_its_editor_always(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, max_environments=1)
    ada, alan = await campus.student(course), await campus.student(course, "alan")
    path = f"/api/courses/{course}/environment/start"
    answers = await asyncio.gather(ada.http.post(path), alan.http.post(path))
    assert sorted(answer.status_code for answer in answers) == [202, 409]
    [refused] = [answer.json() for answer in answers if answer.status_code == 409]
    assert (refused["code"], refused["parameters"]) == ("course_limit_reached", {"count": 1})
    assert refused["subjects"] == []  # who they are is not everybody's business
    await teacher.post(path)


async def test_a_teacher_stops_one_or_all_with_words(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada, alan = await campus.student(course), await campus.student(course, "alan")
    first = await ready(campus, ada, course)
    await ready(campus, alan, course)
    path = f"/api/courses/{course}/environments/stop"
    body = {"people": [str(ada.id)], "words": " The room closes. "}
    assert await teacher.post(path, body) == {"stopped": 1}
    await in_state(ada, course, "stopping")
    await until(lambda: campus.orchestrator.stops, "a stop request at the orchestrator")
    assert campus.orchestrator.stops[-1].words == "The room closes."
    assert campus.orchestrator.stops[-1].reason is ReasonCode.STOPPED_BY_EDITOR
    reason = Reason(code=ReasonCode.STOPPED_BY_EDITOR, parameters={"words": "The room closes."})
    await campus.orchestrator.end(first, Phase.STOPPED, reason)
    shown = await in_state(ada, course, "stopped")
    assert shown["reason"]["parameters"] == {"words": "The room closes."}
    assert (await window(alan, course))["state"] == "ready"
    assert await teacher.post(path, {}) == {"stopped": 1}
    await in_state(alan, course, "stopping")


async def test_nobody_else_stops_others(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    path = f"/api/courses/{course}/environments/stop"
    assert await ada.refused("POST", path, {}) == (404, "not_found")
    elsewhere = DATABASES.model_copy(update={"context_id": "8"})
    other = await campus.launch("edsger", ContextRole.TEACHER, context=elsewhere)
    assert await other.refused("POST", path, {}) == (404, "not_found")
    wrongs: tuple[dict[str, Any], ...] = (
        {"people": []},
        {"words": "x" * 501},
        {"words": "\0"},
        {"all": True},
    )
    for wrong in wrongs:
        assert (await teacher.refused("POST", path, wrong))[0] == 422
