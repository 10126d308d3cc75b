"""The rows: 4,000 people, 1,000 Courses with 20 sessions each, images, and what was run.

Five teachers own 200 Courses each; all are shared with the first of them, the pedagogical engineer
whose lists are the longest. Forty students belong to each of 100 course spaces, ten Courses are
placed in each, and ten students of it have run each Course.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from mydocker_api.domain.policy import ShareRight
from mydocker_api.domain.policy.root_approvals import RootState
from mydocker_api.domain.statuses import CapacityState, CourseStatus
from mydocker_api.models import (
    ActivityEntry,
    ApiToken,
    Build,
    Context,
    Course,
    CourseSession,
    Enrolment,
    Environment,
    Identity,
    Image,
    Membership,
    ResourceLink,
    RootApproval,
    Share,
    User,
)
from mydocker_api.models.base import Base
from mydocker_api.models.course import Lease
from mydocker_kit.contracts.orchestrator.environments import Profile

from .ids import (
    ACCOUNTS,
    BUILDS,
    COURSES,
    DAY,
    HOUR,
    IMAGES,
    ISSUER,
    PEOPLE,
    PORTS,
    RUNS_OF_COURSE,
    SESSIONS,
    SPACES,
    TEACHERS,
    TOKENS,
    WEEK,
    Rows,
    id_of,
)
from .uses import enrolment_row, entry_row, environment_row, link_row, membership_row, space_row


def rows(now: datetime) -> Iterator[tuple[type[Base], Rows]]:
    """Every table with its rows, in an order that foreign keys allow."""
    yield User, [*_people(now), *_service_accounts(now)]
    yield Identity, [_identity(number, now) for number in range(PEOPLE)]
    yield ApiToken, [_token(number, now) for number in range(TOKENS)]
    yield Image, [_image(number, now) for number in range(IMAGES)]
    yield Build, [_build(image, number, now) for image in range(IMAGES) for number in range(BUILDS)]
    yield RootApproval, [_root_approval(image, now) for image in range(0, IMAGES, 2)]
    yield Course, [_course(number, now) for number in range(COURSES)]
    yield Share, [share(course, 0, now) for course in range(COURSES) if course % TEACHERS]
    yield CourseSession, list(_sessions(now))
    yield Context, [space_row(number, now) for number in range(SPACES)]
    yield (
        Enrolment,
        [enrolment_row(space, number, now) for space in range(SPACES) for number in range(-1, 40)],
    )
    yield ResourceLink, [link_row(course, now) for course in range(COURSES)]
    runs = [(course, number) for course in range(COURSES) for number in range(RUNS_OF_COURSE)]
    yield Membership, [membership_row(course, number, now) for course, number in runs]
    yield ActivityEntry, [entry_row(course, number, now) for course, number in runs]
    yield Environment, [environment_row(course, number, now) for course, number in runs]


def share(course: int, viewer: int, now: datetime) -> dict[str, Any]:
    """The right of a person to see a Course of somebody else."""
    return {
        "id": id_of("share", course, viewer),
        "course_id": id_of("course", course),
        "right": ShareRight.VIEW,
        "issuer": ISSUER,
        "email": f"person{viewer}@university.example",
        "user_id": id_of("user", viewer),
        "shared_by": id_of("user", course % TEACHERS),
        "created_at": now,
    }


def _people(now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(PEOPLE):
        yield {
            "id": id_of("user", number),
            "issuer": ISSUER,
            "subject": f"s{number}",
            "name": f"Person {number}",
            "email": f"person{number}@university.example",
            "pseudonym": f"p{number}",
            "created_at": now - number * HOUR,
            "seen_at": now - number * timedelta(minutes=1),
            "operator_since": now if number == 0 else None,
            "may_build_since": now if number < TEACHERS else None,
            "may_prepare_since": now if number == 0 else None,
            "service_owner_id": None,
        }


def _service_accounts(now: datetime) -> Iterator[dict[str, Any]]:
    for number in range(ACCOUNTS):
        yield {
            "id": id_of("account", number),
            "issuer": "urn:mydocker:service-account",
            "subject": f"university-{number}",
            "name": f"System {number}",
            "email": None,
            "pseudonym": f"System {number}",
            "created_at": now,
            "seen_at": now,
            "operator_since": None,
            "may_build_since": None,
            "may_prepare_since": now,
            "service_owner_id": id_of("user", 0),
        }


def _identity(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": id_of("identity", number),
        "user_id": id_of("user", number),
        "issuer": ISSUER,
        "subject": f"s{number}",
        "linked_at": now,
        "seen_at": now,
    }


def _token(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": id_of("token", number),
        "user_id": id_of("user", number),
        "name": f"Script {number}",
        "digest": id_of("token", number).bytes * 2,  # of no secret: nobody can use it
        "ending": "abcd",
        "scopes": ["courses:read"],
        "created_at": now - number * HOUR,
        "expires_at": now + 90 * DAY,
    }


def _image(number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": id_of("image", number),
        "owner_id": id_of("user", 0 if number % 2 else number % TEACHERS),
        "title": f"Image {number}",
        "description": "Tools of a Course",
        "repository": f"university/image-{number}",
        "dockerfile": "FROM debian:12\n",
        "wrapper": "#!/bin/sh\n",
        "ports": PORTS,
        "profile": Profile.STRICT,
        "work_path": "/home/student/work",
        "last_number": BUILDS,
        "created_at": now - 90 * DAY,
        "updated_at": now - number * HOUR,
    }


def _build(image: int, number: int, now: datetime) -> dict[str, Any]:
    return {
        "id": id_of("build", image, number),
        "image_id": id_of("image", image),
        "number": number + 1,
        "asked_at": now - (BUILDS - number) * DAY,
    }


def _root_approval(image: int, now: datetime) -> dict[str, Any]:
    return {
        "build_id": id_of("build", image, 0),
        "digest": f"sha256:{image:064x}",
        "state": RootState.ASKED,
        "findings": (),
        "asked_by_id": id_of("user", image % TEACHERS),
        "asked_at": now - image * HOUR,
        "comment": "A service that listens on port 80",
        "reason": "",
        "revoke_reason": "",
    }


def _course(number: int, now: datetime) -> dict[str, Any]:
    image = number % IMAGES
    return {
        "id": id_of("course", number),
        "owner_id": id_of("user", number % TEACHERS),
        "title": f"Lab {number}",
        "description": "From tables to transactions",
        "status": CourseStatus.READY,
        "image_id": id_of("image", image),
        "build_id": id_of("build", image, BUILDS - 1),
        "build_number": BUILDS,
        "image_reference": f"registry.example/university/image-{image}@sha256:{image:064x}",
        "ports": PORTS,
        "command": "",
        "profile": Profile.STRICT,
        "save_work": True,
        "work_path": "/home/student/work",
        "show_username": True,
        "show_password": True,
        "lease": Lease(minutes=120),
        "created_at": now - 90 * DAY,
        "updated_at": now - number * timedelta(minutes=5),
    }


def _sessions(now: datetime) -> Iterator[dict[str, Any]]:
    for course in range(COURSES):
        for number in range(SESSIONS):
            starts_at = now + (number - SESSIONS // 2) * WEEK + (course % 60) * HOUR
            yield {
                "id": id_of("session", course, number),
                "course_id": id_of("course", course),
                "title": f"Week {number + 1}",
                "students": 24,
                "starts_at": starts_at,
                "ends_at": starts_at + 2 * HOUR,
                "block_before_start": True,
                "automatic_stop": True,
                "capacity": CapacityState.REQUESTED
                if course % 10 == 0 and number == SESSIONS - 1
                else CapacityState.RESERVED,
            }
