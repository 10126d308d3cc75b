"""Operators make, change and remove pools; teachers' choices follow at once."""

import asyncio
from collections.abc import Mapping
from typing import Any, cast

import pytest
from fastapi import Response
from fastapi.responses import JSONResponse
from sqlalchemy import text
from tests.api.campus import Campus, Person, a_course
from tests.api.courses.test_courses import flaws
from tests.support.waiting import until

from mydocker_api.capacity import refresh as news
from mydocker_kit.clients.orchestrator import OrchestratorClient
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.machines import ScalingSummary
from mydocker_kit.contracts.orchestrator.pools import Node, Pool, PoolState
from mydocker_kit.etags import etag_of
from mydocker_kit.postgres.db import Sessions, transaction

LAB = Pool(name="lab", title="Lab", max_cpu=2)
BODY = LAB.model_dump(mode="json")


class Removals:
    """What the orchestrator is asked to forget, and what it answers."""

    def __init__(self, campus: Campus) -> None:
        self.names: list[str] = []
        self.refuses_with = ""
        campus.orchestrator.app.delete("/pools/{name}", response_model=None)(self._remove)

    async def _remove(self, name: str) -> Response:
        self.names.append(name)
        if self.refuses_with:
            body = {"code": self.refuses_with, "status": 409, "parameters": {"count": 2}}
            return JSONResponse(body, 409)
        return Response(status_code=204)


@pytest.fixture
def removals(campus: Campus) -> Removals:
    return Removals(campus)


async def choices(teacher: Person) -> list[str]:
    return [pool["name"] for pool in await teacher.get("/api/pool-choices")]


async def with_lab(campus: Campus) -> tuple[Person, Person]:
    """A teacher and an operator, where the orchestrator's own list was heard already."""
    teacher, operator = await campus.teacher(), await campus.operator()

    async def is_known() -> bool:
        return bool((await teacher.get("/api/pool-choices"))[0]["title"] == "CPU")

    await until(is_known, "the orchestrator's pool among the choices")
    new = {"If-None-Match": "*"}
    made = await operator.http.put("/api/pools/lab", json=BODY, headers=new)
    assert made.headers["ETag"] == etag_of(LAB)
    return teacher, operator


async def refused(person: Person, method: str, path: str) -> dict[str, Any]:
    answer = await person.http.request(method, path, headers={"If-Match": "*"})
    assert answer.status_code == 409
    problem: dict[str, Any] = answer.json()
    return problem


async def test_operators_alone_change_and_remove_pools(campus: Campus, removals: Removals) -> None:
    teacher, _ = await with_lab(campus)
    assert await teacher.refused("PUT", "/api/pools/lab", BODY) == (403, "operators_only")
    assert await teacher.refused("DELETE", "/api/pools/lab") == (403, "operators_only")
    assert removals.names == []


async def test_edits_say_what_they_expect_and_the_orchestrator_hears_it(campus: Campus) -> None:
    operator = await campus.operator()
    shown = await operator.http.get("/api/pools/default")
    assert shown.headers["ETag"] == shown.json()["etag"]
    refusals: list[tuple[dict[str, str], int, str]] = [
        ({}, 428, "if_match_required"),
        ({"If-Match": "abc"}, 400, "precondition_malformed"),
        ({"If-None-Match": '"a"'}, 400, "precondition_malformed"),
        ({"If-None-Match": "*", "If-Match": "*"}, 400, "precondition_malformed"),
    ]
    for headers, status, code in refusals:
        answer = await operator.http.put("/api/pools/lab", json=BODY, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (status, code), headers
    removal = await operator.http.delete("/api/pools/lab")
    assert (removal.status_code, removal.json()["code"]) == (428, "if_match_required")
    asked = campus.orchestrator.pool_headers
    assert asked == []
    for headers in ({"If-None-Match": "*"}, {"If-Match": '"a"'}, {"If-Match": "*"}):
        await operator.http.put("/api/pools/lab", json=BODY, headers=headers)
        assert {name: asked[-1].get(name) for name in headers} == headers


async def test_what_the_orchestrator_says_of_a_conflict_comes_through(campus: Campus) -> None:
    operator = await campus.operator()
    parameters = {"etag": '"b"', "changed_at": "2026-11-29T10:00:00+00:00", "changed_by": None}
    body = {"code": "edited_meanwhile", "status": 412, "parameters": parameters}
    campus.orchestrator.pool_refusal = JSONResponse(body, 412)
    answer = await operator.http.put("/api/pools/lab", json=BODY, headers={"If-Match": '"a"'})
    assert (answer.status_code, answer.json()["code"]) == (412, "edited_meanwhile")
    assert answer.json()["parameters"] == parameters


async def test_a_removed_pool_is_no_choice_any_more(campus: Campus, removals: Removals) -> None:
    teacher, operator = await with_lab(campus)
    assert await choices(teacher) == ["default", "lab"]
    for _ in range(2):
        removed = await operator.http.delete("/api/pools/lab", headers={"If-Match": "*"})
        assert removed.status_code == 204
    assert removals.names == ["lab", "lab"]
    assert await choices(teacher) == ["default"]
    draft = a_course(status="draft", resources={"pool": "lab"})
    assert await flaws(teacher, draft) == {("resources.pool", "pool_unknown")}


async def test_a_pool_that_courses_choose_is_kept_and_they_are_named(
    campus: Campus, removals: Removals
) -> None:
    teacher, operator = await with_lab(campus)
    course = await campus.course(teacher, title="Databases", resources={"pool": "lab"})
    await teacher.post(f"/api/courses/{course}/duplicate")
    problem = await refused(operator, "DELETE", "/api/pools/lab")
    assert (problem["code"], problem["parameters"]) == ("pool_chosen", {"count": 2})
    assert {subject["kind"] for subject in problem["subjects"]} == {"course_and_owner"}
    assert problem["subjects"][0]["title"].startswith("Databases")
    assert problem["subjects"][0]["title"].endswith(" · Grace")
    assert removals.names == []
    assert await choices(teacher) == ["default", "lab"]


async def test_a_refusal_of_the_orchestrator_is_passed_on_and_changes_nothing(
    campus: Campus, removals: Removals
) -> None:
    teacher, operator = await with_lab(campus)
    removals.refuses_with = "pool_has_machines"
    problem = await refused(operator, "DELETE", "/api/pools/lab")
    assert (problem["code"], problem["parameters"]) == ("pool_has_machines", {"count": 2})
    assert await choices(teacher) == ["default", "lab"]


async def test_who_chooses_and_who_removes_at_one_moment_end_with_one_of_both(
    campus: Campus, removals: Removals
) -> None:
    teacher, operator = await with_lab(campus)
    draft = a_course(status="draft", resources={"pool": "lab"})
    saved, removed = await asyncio.gather(
        teacher.http.post("/api/courses", json=draft),
        operator.http.delete("/api/pools/lab", headers={"If-Match": "*"}),
    )
    assert (saved.status_code, removed.status_code) in {(201, 409), (422, 204)}


async def test_wrong_settings_are_refused_at_their_field(campus: Campus) -> None:
    operator = await campus.operator()
    wrong = {**BODY, "default_cpu": 4, "direct_ports": {"first": 3000, "last": 2000}}
    answer = await operator.http.put("/api/pools/lab", json=wrong, headers={"If-None-Match": "*"})
    assert answer.status_code == 422
    flaws = {(problem["field"], problem["code"]) for problem in answer.json()["fields"]}
    assert flaws == {
        ("max_cpu", "maximum_below_default"),
        ("direct_ports.last", "ports_backwards"),
    }
    nameless = await operator.http.delete("/api/pools/Not%20a%20name", headers={"If-Match": "*"})
    assert nameless.status_code == 422


class SlowOrchestrator:
    """Says that there are no pools, and takes its time."""

    def __init__(self) -> None:
        self.asked, self.may_answer = asyncio.Event(), asyncio.Event()

    async def pools(self) -> list[PoolState]:
        self.asked.set()
        await self.may_answer.wait()
        return []

    async def scaling_summaries(self) -> list[ScalingSummary]:
        return []

    async def nodes(self, parameters: Mapping[str, str | int]) -> Page[Node]:
        return Page(items=[], total=0, page=1, page_size=50)


async def somebody_waits_for_the_pools(sessions: Sessions) -> bool:
    query = "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'api.pools'::regclass"
    async with transaction(sessions) as db:
        return bool(await db.scalar(text(query)))


async def test_an_answer_from_before_a_change_does_not_undo_it(
    campus: Campus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "_PATIENCE", 60)
    teacher, operator = await with_lab(campus)
    slow, sessions = SlowOrchestrator(), campus.app.state.sessions
    looking = asyncio.create_task(news.refresh_pools(sessions, cast(OrchestratorClient, slow)))
    await slow.asked.wait()
    body = LAB.model_copy(update={"max_cpu": 4}).model_dump(mode="json")
    changing = asyncio.create_task(
        operator.http.put("/api/pools/lab", json=body, headers={"If-Match": "*"})
    )
    await until(lambda: somebody_waits_for_the_pools(sessions), "a writer that waits for the lock")
    slow.may_answer.set()
    await asyncio.gather(looking, changing)
    [lab] = [pool for pool in await teacher.get("/api/pool-choices") if pool["name"] == "lab"]
    assert lab["max_cpu"] == 4
