"""Trials: a teacher starts one Build as a student would have it."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlalchemy import func, select
from tests.api.campus import WEB, Campus, Person
from tests.api.environments.windows import in_state

from mydocker_api.capacity.refresh import refresh_pools
from mydocker_api.changes.runs import record_run
from mydocker_api.models import Course, CourseRun
from mydocker_api.trials.retention import KEPT, Forgetting
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.orchestrator.environments import Reason, ReasonCode
from mydocker_kit.ids import environment_id
from mydocker_kit.postgres.db import transaction


async def begun(teacher: Person, build: str) -> str:
    """The Course behind a trial that was asked for."""
    trial = await teacher.post(f"/api/builds/{build}/trial")
    assert trial["course_id"]
    return str(trial["course_id"])


async def running(campus: Campus, teacher: Person, build: str) -> tuple[str, UUID]:
    """A trial that is ready: its Course and its environment."""
    course = await begun(teacher, build)
    id = environment_id(UUID(course), teacher.id)
    await campus.orchestrator.ready(id)
    await in_state(teacher, course, "ready")
    return course, id


async def count(campus: Campus, table: Any, *where: Any) -> int:
    async with transaction(campus.services.sessions) as db:
        return await db.scalar(select(func.count()).select_from(table).where(*where)) or 0


async def test_a_teacher_tries_a_build_as_a_student_would_have_it(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher, ports=[WEB])
    assert await teacher.get(f"/api/builds/{build}/trial") == {"course_id": None, "minutes": 30}
    course, id = await running(campus, teacher, build)
    spec = campus.orchestrator.specs[id]
    status = await teacher.get(f"/api/builds/{build}")
    assert (spec.image, spec.hard_limit_seconds) == (status["reference"], 1800)
    assert [port.number for port in spec.ports] == [WEB["number"]]
    assert spec.volumes == (), "what is written during a trial is not kept"
    assert await begun(teacher, build) == course, "asking again changes nothing"
    assert (await teacher.get(f"/api/builds/{build}/trial"))["course_id"] == course
    window = await teacher.get(f"/api/courses/{course}/window")
    assert window["course"]["tried"] == {"image_id": image, "build_id": build}
    assert "edit_course" not in window["can"]
    assert (await teacher.get(f"/api/courses/{course}/environment/credentials"))["password"]
    await teacher.post(f"/api/courses/{course}/environment/stop")
    await in_state(teacher, course, "stopping")


async def test_a_trial_is_nobodys_course(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    course, id = await running(campus, teacher, build)
    assert (await teacher.get("/api/courses"))["total"] == 0
    assert await teacher.refused("GET", f"/api/courses/{course}") == (404, "not_found")
    assert await teacher.refused("DELETE", f"/api/courses/{course}") == (404, "not_found")
    assert await teacher.refused("POST", f"/api/courses/{course}/duplicate") == (404, "not_found")
    assert (await teacher.get(f"/api/images/{image}"))["used_by"] == 0
    assert (await teacher.get("/api/images"))["items"][0]["used_by"] == 0
    linus = await campus.teacher("linus")
    assert await linus.refused("GET", f"/api/courses/{course}/window") == (404, "not_found")
    async with transaction(campus.services.sessions) as db:
        await record_run(db, id, UUID(course), teacher.id, "ready", utc_now())
    assert await count(campus, CourseRun) == 0


async def test_a_failed_build_is_not_tried(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.outcome = BuildPhase.FAILED
    _, build = await campus.built_image(teacher)
    path = f"/api/builds/{build}/trial"
    assert await teacher.refused("POST", path) == (409, "build_not_published")
    assert await count(campus, Course, Course.is_trial) == 0


async def test_an_image_that_needs_root_waits_for_its_approval(campus: Campus) -> None:
    campus.orchestrator.root_needs_approval = True
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher, profile="compat")
    path = f"/api/builds/{build}/trial"
    assert await teacher.refused("POST", path) == (409, "root_not_approved")
    assert campus.orchestrator.puts == []


@pytest.mark.parametrize("changes", [{"environments_per_person": 1, "catalogue_builds": ""}])
async def test_a_trial_counts_in_the_persons_limit(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    await running(campus, teacher, build)
    newer = (await teacher.post(f"/api/images/{image}/builds"))["id"]
    path = f"/api/builds/{newer}/trial"
    assert await teacher.refused("POST", path) == (409, "person_limit_reached")


async def test_many_clicks_begin_one_trial(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    path = f"/api/builds/{build}/trial"
    answers = await asyncio.gather(*(teacher.http.post(path) for _ in range(6)))
    assert {answer.status_code for answer in answers} == {202}
    assert len({answer.json()["course_id"] for answer in answers}) == 1
    assert await count(campus, Course, Course.is_trial) == 1


async def test_an_image_goes_with_its_trials_once_none_runs(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    course, id = await running(campus, teacher, build)
    assert await teacher.refused("DELETE", f"/api/images/{image}") == (409, "image_tried")
    await campus.orchestrator.end(id, reason=Reason(code=ReasonCode.HARD_LIMIT_OVER))
    await in_state(teacher, course, "stopped")
    await teacher.delete(f"/api/images/{image}")
    assert await count(campus, Course, Course.is_trial) == 0


async def test_a_trial_that_ended_is_forgotten_later(campus: Campus) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    course, id = await running(campus, teacher, build)
    later = Forgetting(campus.services, lambda: utc_now() + KEPT + timedelta(minutes=1))
    await later.step()
    assert await count(campus, Course, Course.is_trial) == 1, "it runs"
    await campus.orchestrator.end(id, reason=Reason(code=ReasonCode.HARD_LIMIT_OVER))
    await in_state(teacher, course, "stopped")
    await Forgetting(campus.services, utc_now).step()
    assert await count(campus, Course, Course.is_trial) == 1, "it ended just now"
    await later.step()
    assert await count(campus, Course, Course.is_trial) == 0
    assert (await teacher.get(f"/api/builds/{build}/trial"))["course_id"] is None


@pytest.mark.parametrize("role", ["teacher", "colleague", "student"])
async def test_who_may_try(campus: Campus, role: str) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    course = await campus.course(teacher, build_id=build)
    person = {
        "teacher": teacher,
        "colleague": await campus.teacher("linus"),
        "student": await campus.student(course),
    }[role]
    answer = await person.http.post(f"/api/builds/{build}/trial")
    assert answer.status_code == (202 if role == "teacher" else 404), answer.text


async def test_builds_that_nobody_knows(campus: Campus) -> None:
    teacher = await campus.teacher()
    for method in ("GET", "POST"):
        path = f"/api/builds/{uuid4()}/trial"
        assert await teacher.refused(method, path) == (404, "not_found")
        status, _ = await teacher.refused(method, "/api/builds/%00/trial")
        assert status in (404, 422)
