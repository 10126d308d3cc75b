"""Course spaces with their people, activities, and what was run."""

from datetime import datetime
from typing import Any

from mydocker_api.domain.statuses import RequestedState
from mydocker_kit.contracts.gateway.launches import ContextRole

from .ids import DAY, HOUR, ISSUER, PEOPLE, SPACES, STUDENTS_OF_SPACE, TEACHERS, id_of


def space_row(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": id_of("space", number),
        "registration_id": id_of("registration"),
        "deployment_id": "1",
        "context_id": str(number),
        "title": f"Module {number}",
        "label": f"M{number}",
        "created_at": now,
    }


def enrolment_row(space: int, number: int, now: datetime) -> dict[str, Any]:
    """Number -1 is the teacher's."""
    person = space % TEACHERS if number < 0 else student(space, number)
    return {
        "context_id": id_of("space", space),
        "user_id": id_of("user", person),
        "role": ContextRole.TEACHER if number < 0 else ContextRole.STUDENT,
        "refreshed_at": now,
        "subject": f"s{person}",
        "issuer": ISSUER,
    }


def student(space: int, number: int) -> int:
    return TEACHERS + (space * STUDENTS_OF_SPACE + number) % (PEOPLE - TEACHERS)


def link_row(course: int, now: datetime) -> dict[str, Any]:
    return {
        "id": id_of("link", course),
        "context_id": id_of("space", course % SPACES),
        "link_id": str(course),
        "title": f"Lab {course}",
        "course_id": id_of("course", course),
        "created_at": now,
    }


def membership_row(course: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "course_id": id_of("course", course),
        "user_id": id_of("user", student(course % SPACES, number)),
        "joined_at": now - 30 * DAY,
    }


def entry_row(course: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "resource_link_id": id_of("link", course),
        "user_id": id_of("user", student(course % SPACES, number)),
        "course_id": id_of("course", course),
        "entered_at": now - 7 * DAY,
    }


def environment_row(course: int, number: int, now: datetime) -> dict[str, Any]:
    """One that ran and was stopped; the orchestrator has forgotten it."""
    return {
        "id": id_of("environment", course, number),
        "course_id": id_of("course", course),
        "user_id": id_of("user", student(course % SPACES, number)),
        "username": f"u{course}x{number}",
        "sealed_password": "",
        "attempt": 1,
        "wanted": RequestedState.STOPPED,
        "asked_at": now - (course + number) * HOUR,
        "revision": 2,
        "confirmed": 2,
    }
