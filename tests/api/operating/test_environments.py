"""What operators see of environments of all Courses."""

from uuid import uuid4

import pytest
from tests.api.campus import Campus, Person
from tests.api.environments.windows import in_state, ready

from mydocker_kit.contracts.orchestrator.environments import Phase, Reason, ReasonCode


async def names(operator: Person, **query: str) -> list[tuple[str, str]]:
    """The owner and phase of each environment in the list."""
    listed = await operator.get("/api/environments", params=query)
    assert listed["total"] == len(listed["items"])
    return [(item["owner"]["name"], item["phase"]) for item in listed["items"]]


@pytest.fixture
async def course(campus: Campus) -> str:
    return await campus.course(await campus.teacher(), title="Networks with TLS", status="ready")


async def test_operators_alone_see_what_everybody_runs(campus: Campus, course: str) -> None:
    student = await campus.student(course)
    id = await ready(campus, student, course)
    for person in (student, await campus.teacher()):
        for path in ("/api/environments", f"/api/environments/{id}"):
            assert await person.refused("GET", path) == (403, "operators_only")


async def test_the_list_is_filtered_by_state_and_searched(campus: Campus, course: str) -> None:
    operator = await campus.operator()
    ada, bob = await campus.student(course, "ada"), await campus.student(course, "bob")
    ada_id = await ready(campus, ada, course)
    await bob.post(f"/api/courses/{course}/environment/start")
    bob_id = campus.environment(course, bob)
    reason = Reason(code=ReasonCode.CRASHED, reference="K7F3-9QD2")
    await campus.orchestrator.record(bob_id, phase=Phase.FAILED, reason=reason, last_logs="no disk")
    await in_state(bob, course, "failed")

    everything = await operator.get("/api/environments")
    assert [item["id"] for item in everything["items"]] == [str(ada_id), str(bob_id)]
    shown = everything["items"][0]
    assert shown["course"]["title"] == "Networks with TLS"
    assert (shown["phase"], shown["resources"]["cpu"] > 0) == ("ready", True)

    [(of_ada, _)] = await names(operator, state="ready")
    [(of_bob, _)] = await names(operator, state="failed")
    assert await names(operator, state="alive") == [(of_ada, "ready")]
    assert await names(operator, state="waiting") == await names(operator, state="stopped") == []
    assert await names(operator, search="k7f3-9qd2") == [(of_bob, "failed")]
    assert await names(operator, search=of_ada) == [(of_ada, "ready")]
    assert len(await names(operator, search="with tls")) == 2
    assert await names(operator, search="nothing like it") == []

    detail = await operator.get(f"/api/environments/{bob_id}")
    assert (detail["last_logs"], detail["reason"]["code"]) == ("no disk", "crashed")
    assert "@sha256:" in detail["image"]


async def test_a_start_that_the_orchestrator_does_not_know_yet_is_shown_as_waiting(
    campus: Campus, course: str
) -> None:
    operator, student = await campus.operator(), await campus.student(course)
    campus.orchestrator.away = True
    await student.post(f"/api/courses/{course}/environment/start")
    [(_, phase)] = await names(operator, state="waiting")
    assert phase == "starting"


async def test_pages_and_bad_values(campus: Campus, course: str) -> None:
    operator = await campus.operator()
    for subject in ("ada", "bob", "eve"):
        await ready(campus, await campus.student(course, subject), course)
    pages = [
        await operator.get("/api/environments", params={"page": page, "page_size": 2})
        for page in (1, 2)
    ]
    assert [page["total"] for page in pages] == [3, 3]
    assert len({item["id"] for page in pages for item in page["items"]}) == 3
    assert (await operator.refused("GET", "/api/environments?state=lost"))[0] == 422
    assert await operator.refused("GET", f"/api/environments/{uuid4()}") == (404, "not_found")
