"""Courses with work folders, and the retention's job at a chosen time."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import update
from tests.api.campus import Campus, Person
from tests.api.environments.windows import in_state, ready

from mydocker_api.models import Course, Environment
from mydocker_api.retention.erasing import Eraser
from mydocker_api.retention.schedule import Retention
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, ReasonCode
from mydocker_kit.postgres.db import transaction


def folder(campus: Campus, course: str, student: Person) -> Path:
    """The work folder of the student's environment."""
    [mount] = campus.orchestrator.specs[campus.environment(course, student)].volumes
    return campus.orchestrator.files.folder(mount.name)


async def worked(campus: Campus, course: str, subject: str = "ada") -> Person:
    """A student who saved a file and stopped."""
    student = await campus.launch(subject, course=course, name=subject.title())
    await ready(campus, student, course)
    (folder(campus, course, student) / "notes.txt").write_text(f"by {subject}")
    await student.post(f"/api/courses/{course}/environment/stop")
    reason = Reason(code=ReasonCode.STOPPED_BY_OWNER)
    await campus.orchestrator.end(campus.environment(course, student), Phase.STOPPED, reason)
    await in_state(student, course, "stopped")
    return student


async def archived_since(campus: Campus, course: str, teacher: Person, days: int) -> None:
    """The Course was archived, and used last, so many days ago."""
    await teacher.change_status(course, "archived")
    at, id = utc_now() - timedelta(days=days), UUID(course)
    async with transaction(campus.services.sessions) as db:
        await db.execute(update(Course).where(Course.id == id).values(archived_at=at))
        of_course = update(Environment).where(Environment.course_id == id)
        await db.execute(of_course.values(asked_at=at))


async def run_retention(campus: Campus, after: timedelta = timedelta(0)) -> None:
    """The job, as it runs so much later."""
    services = campus.services

    def clock() -> datetime:
        return utc_now() + after

    eraser = Eraser(services.sessions, services.clients.orchestrator, clock)
    policy = services.settings.retention_policy
    await Retention(services.sessions, services.statuses, eraser, policy, clock).step()


async def folders_of(person: Person, course: str, query: str = "") -> Any:
    return await person.get(f"/api/courses/{course}/folders{query}")
