"""Requests that schemathesis makes from the description, sent to every operation by every role.

It checks each answer against the description: no 5xx, a declared status and content type, a body
and headers of the declared schema. `DeclaredAnswers` compares the code. Where the tests know an id
of the right kind, most requests use it, so that they get past 404.

The short form makes few requests to each operation, as two of the five roles in turn;
`MYDOCKER_LONG_TESTS=1` (`make nightly`) makes a hundred as every role, and chains of calls as well.
"""

import asyncio
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

import hypothesis
import pytest
from hypothesis import HealthCheck
from schemathesis import Case
from tests.api.campus import Campus, Person, a_session, an_image
from tests.api.operating.fake_invitations import add_invitations
from tests.api.operating.fake_platforms import FakePlatforms
from tests.api.operating.fake_signing_keys import add_signing_keys
from tests.support.generated.requests import (
    BESIDE_A_SERVICE,
    CHAIN_CHECKS,
    LONG,
    Role,
    listing,
    schema_of,
    send_all,
)

pytestmark = BESIDE_A_SERVICE
ROLES_PER_OPERATION = 5 if LONG else 2
STREAMS = {"stream_build_log", "stream_changes", "stream_events"}
"""They never end; `test_events.py` and `test_changes.py` read them."""


async def _anonymous(campus: Campus) -> Role:
    return Role({})


async def _student(campus: Campus) -> Role:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    student = await campus.launch("student", course=course)
    return Role(_headers(student), {"course_id": course, "number": "8888"})


async def _teacher(campus: Campus) -> Role:
    teacher = await campus.teacher()
    return Role(_headers(teacher), await _belongings(campus, teacher))


async def _operator(campus: Campus) -> Role:
    operator = await campus.operator()
    student = await campus.launch("student")
    return Role(_headers(operator), {"user_id": str(student.id), "name": "default"})


async def _token(campus: Campus) -> Role:
    teacher = await campus.teacher()
    known = await _belongings(campus, teacher)
    scopes = ["courses", "sessions", "images", "environments", "rosters", "webhooks"]
    draft = {"name": "August", "scopes": [f"{scope}:write" for scope in scopes]}
    token = await teacher.post("/api/me/api-tokens", draft)
    return Role({"Authorization": f"Bearer {token['token']}"}, known)


def _headers(person: Person) -> Mapping[str, str]:
    return {"Authorization": person.http.headers["Authorization"]}


async def _belongings(campus: Campus, teacher: Person) -> Mapping[str, str]:
    course = await campus.course(teacher)
    hour = timedelta(hours=1)
    session = await teacher.post(f"/api/courses/{course}/sessions", a_session(hour, hour))
    image = await teacher.post("/api/images", an_image())
    return {
        "course_id": course,
        "image_id": image["id"],
        "session_id": session["id"],
        "user_id": str(teacher.id),
        "number": "8888",
    }


ROLES: dict[str, Callable[[Campus], Any]] = {
    "anonymous": _anonymous,
    "student": _student,
    "teacher": _teacher,
    "administrator": _operator,
    "token": _token,
}


@pytest.mark.timeout(3600)
@pytest.mark.parametrize("role", ROLES)
async def test_every_answer_is_as_described(
    campus: Campus, platforms: FakePlatforms, role: str
) -> None:
    add_invitations(campus.gateway.app)
    add_signing_keys(campus.gateway.app)
    caller = await ROLES[role](campus)
    description = campus.app.openapi()
    schema, first = schema_of(description, campus.address), list(ROLES).index(role)
    faults: dict[str, str] = {}
    for turn in range(first, first + ROLES_PER_OPERATION):
        faults |= await asyncio.to_thread(
            send_all, schema, caller, leave_out=STREAMS, turn=(turn % len(ROLES), len(ROLES))
        )
    assert faults == {}, listing(faults)


@pytest.mark.timeout(3600)
@pytest.mark.skipif(not LONG, reason="make nightly runs it")
@pytest.mark.parametrize("role", ["teacher", "administrator"])
async def test_chains_of_calls_answer_as_described(
    campus: Campus, platforms: FakePlatforms, role: str
) -> None:
    """A later call uses what an earlier one answered, such as the id of what it made."""
    add_invitations(campus.gateway.app)
    add_signing_keys(campus.gateway.app)
    caller = await ROLES[role](campus)
    await asyncio.to_thread(_chain, campus.app.openapi(), campus.address, caller)


def _chain(description: Any, address: str, caller: Role) -> None:
    streams = [
        path
        for path, item in description["paths"].items()
        if any(operation["operationId"] in STREAMS for operation in item.values())
    ]
    schema = schema_of(description, address).exclude(path=streams)

    class Calls(schema.as_state_machine()):  # type: ignore[misc]
        def get_call_kwargs(self, case: Case[Any]) -> dict[str, Any]:
            return {"headers": dict(caller.headers)}

        def validate_response(self, response: Any, case: Case[Any], **_: Any) -> None:
            case.validate_response(
                response,
                checks=CHAIN_CHECKS,
                headers=dict(caller.headers),
                recorder=self.recorder,
            )

    Calls.run(
        settings=hypothesis.settings(
            max_examples=200,
            stateful_step_count=8,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
    )
