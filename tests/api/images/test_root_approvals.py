"""Builds that run as root: asked for by teachers, decided by operators, checked at each start."""

import asyncio
from typing import Any
from uuid import UUID

import pytest
from tests.api.campus import Campus, Person, a_course, an_image
from tests.api.environments.windows import ready
from tests.api.http.test_events import kinds, listening

from mydocker_api.capacity.refresh import refresh_pools
from mydocker_api.composition.services import Services
from mydocker_kit.contracts.builder.builds import BuildPhase
from mydocker_kit.contracts.orchestrator.environments import Phase

APPROVE = {"decision": "approve"}
REFUSE = {"decision": "refuse", "reason": "Use SSH of the platform."}
REVOKE = {"decision": "revoke", "reason": "A hole was found."}


@pytest.fixture
async def demanding(campus: Campus) -> Campus:
    """A platform without remapped users, as its orchestrator reports."""
    campus.orchestrator.root_needs_approval = True
    services: Services = campus.app.state.services
    await refresh_pools(services.sessions, services.clients.orchestrator)
    return campus


async def decide(operator: Person, build: str, answer: dict[str, str]) -> dict[str, Any]:
    done: dict[str, Any] = await operator.put(f"/api/root-approvals/{build}", answer)
    return done


async def test_a_teacher_reads_why_a_build_runs_as_root_and_where_it_may(
    demanding: Campus,
) -> None:
    teacher = await demanding.teacher()
    _, build = await demanding.built_image(teacher)
    shown = await teacher.get(f"/api/builds/{build}/root")
    assert [finding["kind"] for finding in shown["findings"]] == ["no_user"]
    assert (shown["state"], shown["may_start"], shown["may_ask"]) == ("none", False, True)
    assert shown["pools"] == [{"name": "default", "title": "CPU", "needs_approval": True}]
    elsewhere = await teacher.get(f"/api/builds/{build}/root?pool=remapped")
    assert elsewhere["may_start"], "of a pool nobody observed, the orchestrator decides"
    demanding.builder.root_findings = None
    _, older = await demanding.built_image(teacher, title="Built before")
    assert (await teacher.get(f"/api/builds/{older}/root"))["findings"] is None


async def test_a_build_is_approved_starts_and_its_successor_is_refused(
    demanding: Campus,
) -> None:
    teacher, operator = await demanding.teacher(), await demanding.operator()
    image, build = await demanding.built_image(teacher)
    course = await demanding.course(teacher, build_id=build, profile="compat")
    ada = await demanding.student(course)
    start = f"/api/courses/{course}/environment/start"
    assert await ada.refused("POST", start) == (409, "root_not_approved")
    assert demanding.orchestrator.puts == []
    body = {"comment": "Students practise sshd."}
    for _ in range(2):
        asked = await teacher.post(f"/api/builds/{build}/root-request", body)
        assert (asked["state"], asked["may_ask"], asked["asked_by"]) == ("asked", False, "Grace")
    [request] = (await operator.get("/api/root-approvals?state=asked"))["items"]
    assert (request["build_id"], request["comment"]) == (build, "Students practise sshd.")
    assert (request["courses"], request["build_number"]) == (1, 1)
    assert request["can"] == ["approve", "refuse"]
    assert await ada.refused("POST", start) == (409, "root_not_approved")
    async with listening(teacher) as events:
        approved = await decide(operator, build, APPROVE)
        assert await kinds(events, 1) == ["build.changed"]
    assert (approved["state"], approved["decided_by"]) == ("approved", "Olga")
    assert (await operator.get("/api/root-approvals?state=asked"))["total"] == 0
    id = await ready(demanding, ada, course)
    assert demanding.orchestrator.specs[id].root_approved_for == request["digest"]
    newer = await teacher.post(f"/api/images/{image}/builds")
    draft = a_course(build_id=newer["id"], profile="compat")
    await teacher.put(f"/api/courses/{course}", draft)
    restart = f"/api/courses/{course}/environment/restart"
    assert await ada.refused("POST", restart) == (409, "root_not_approved")
    assert demanding.orchestrator.statuses[id].phase is Phase.READY, "what ran goes on"
    await teacher.put(f"/api/courses/{course}", a_course(build_id=newer["id"]))
    await ada.post(restart)
    assert demanding.orchestrator.specs[id].root_approved_for is None


async def test_a_revocation_ends_nothing_and_refuses_the_next_start(demanding: Campus) -> None:
    teacher, operator = await demanding.teacher(), await demanding.operator()
    _, build = await demanding.built_image(teacher)
    course = await demanding.course(teacher, build_id=build, profile="compat")
    await teacher.post(f"/api/builds/{build}/root-request", {})
    await decide(operator, build, APPROVE)
    ada = await demanding.student(course)
    id = await ready(demanding, ada, course)
    for _ in range(2):
        revoked = await decide(operator, build, REVOKE)
        assert (revoked["state"], revoked["reason"]) == ("revoked", REVOKE["reason"])
    assert demanding.orchestrator.statuses[id].phase is Phase.READY
    await ada.post(f"/api/courses/{course}/environment/start")  # it runs: nothing begins
    restart = f"/api/courses/{course}/environment/restart"
    assert await ada.refused("POST", restart) == (409, "root_not_approved")
    assert demanding.orchestrator.statuses[id].phase is Phase.READY
    shown = await teacher.get(f"/api/builds/{build}/root")
    assert (shown["state"], shown["reason"], shown["may_ask"]) == (
        "revoked",
        REVOKE["reason"],
        True,
    )


async def test_a_refusal_says_why_and_may_be_asked_again_and_overturned(
    demanding: Campus,
) -> None:
    teacher, operator = await demanding.teacher(), await demanding.operator()
    _, build = await demanding.built_image(teacher)
    await teacher.post(f"/api/builds/{build}/root-request", {})
    silent = {"decision": "refuse", "reason": "  "}
    assert await operator.refused("PUT", f"/api/root-approvals/{build}", silent) == (
        422,
        "fields_invalid",
    )
    refused = await decide(operator, build, REFUSE)
    assert (refused["state"], refused["can"]) == ("refused", ["approve"])
    assert await operator.refused("PUT", f"/api/root-approvals/{build}", REVOKE) == (
        409,
        "root_decision_impossible",
    )
    again = await teacher.post(f"/api/builds/{build}/root-request", {"comment": "sshd itself"})
    assert (again["state"], again["reason"], again["decided_by"]) == ("asked", "", None)
    await decide(operator, build, REFUSE)
    assert (await decide(operator, build, APPROVE))["state"] == "approved"


async def test_where_users_are_remapped_a_teacher_decides_alone(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher, profile="compat")
    ada = await campus.student(course)
    id = await ready(campus, ada, course)
    assert campus.orchestrator.specs[id].root_approved_for is None


async def test_only_a_published_build_is_asked_for(demanding: Campus) -> None:
    teacher, operator = await demanding.teacher(), await demanding.operator()
    demanding.builder.outcome = BuildPhase.FAILED
    _, build = await demanding.built_image(teacher)
    path = f"/api/builds/{build}/root-request"
    assert await teacher.refused("POST", path, {}) == (409, "build_not_published")
    assert not (await teacher.get(f"/api/builds/{build}/root"))["may_ask"]
    assert await operator.refused("PUT", f"/api/root-approvals/{build}", APPROVE) == (
        404,
        "not_found",
    )


async def test_many_clicks_make_one_request(demanding: Campus) -> None:
    teacher, operator = await demanding.teacher(), await demanding.operator()
    _, build = await demanding.built_image(teacher)
    path = f"/api/builds/{build}/root-request"
    answers = await asyncio.gather(*(teacher.http.post(path, json={}) for _ in range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert (await operator.get("/api/root-approvals"))["total"] == 1


@pytest.mark.parametrize("role", ["teacher", "colleague", "student", "operator"])
async def test_who_may_do_what(demanding: Campus, role: str) -> None:
    """Role × route: an operator decides, the owner of the image asks, nobody else does either."""
    teacher, operator = await demanding.teacher(), await demanding.operator()
    _, build = await demanding.built_image(teacher)
    course = await demanding.course(teacher, build_id=build, profile="compat")
    await teacher.post(f"/api/builds/{build}/root-request", {})
    person = {
        "teacher": teacher,
        "colleague": await demanding.teacher("linus"),
        "student": await demanding.student(course),
        "operator": operator,
    }[role]
    own, decides = role == "teacher", role == "operator"
    for method, path, body, allowed in (
        ("GET", f"/api/builds/{build}/root", None, own),
        ("POST", f"/api/builds/{build}/root-request", {}, own),
        ("GET", "/api/root-approvals", None, decides),
        ("PUT", f"/api/root-approvals/{build}", APPROVE, decides),
    ):
        answer = await person.http.request(method, path, json=body)
        expected = 200 if allowed else (404 if "/builds/" in path else 403)
        assert answer.status_code == expected, (role, method, path, answer.text)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"decision": "bless"}, 422),
        ({}, 422),
        ({"decision": "approve", "reason": "x" * 501}, 422),
        ({"decision": "approve", "reason": "a\x00"}, 422),
        ({"decision": "approve", "until": "2027"}, 422),
    ],
)
async def test_bad_decisions_are_refused(
    campus: Campus, operator: Person, body: dict[str, str], status: int
) -> None:
    path = f"/api/root-approvals/{UUID(int=1)}"
    assert (await operator.refused("PUT", path, body))[0] == status


async def test_an_image_takes_its_requests_along(demanding: Campus) -> None:
    teacher, operator = await demanding.teacher(), await demanding.operator()
    image, build = await demanding.built_image(teacher)
    await teacher.post(f"/api/builds/{build}/root-request", {})
    matching = await operator.get("/api/root-approvals?search=openssl")
    assert matching["total"] == 1
    assert (await operator.get("/api/root-approvals?search=nothing"))["total"] == 0
    await teacher.put(f"/api/images/{image}", an_image(title="Renamed"))
    await teacher.delete(f"/api/images/{image}")
    assert (await operator.get("/api/root-approvals"))["total"] == 0
