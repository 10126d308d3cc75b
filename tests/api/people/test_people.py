"""Operators and people: who operates, who builds, who may enter at all."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest
from tests.api.campus import Campus, Person, an_image
from tests.api.environments.windows import ready
from tests.api.http.test_events import kinds, listening
from tests.support.waiting import until

from mydocker_api.domain.policy import (
    AccountState,
    BuildApproval,
    PersonCan,
    build_approval,
    person_can,
)
from mydocker_api.models import User
from mydocker_api.people.directory.disable import DisabledUsersLoop
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.contracts.gateway.sessions import SessionEnd
from mydocker_kit.contracts.orchestrator.environments import ReasonCode
from mydocker_kit.errors import Forbidden
from mydocker_kit.postgres.db import transaction


async def entry(operator: Person, person: Person) -> dict[str, Any]:
    """What operators read of this person."""
    page = await operator.get("/api/people?page_size=200")
    return next(row for row in page["items"] if row["id"] == str(person.id))


async def disabled(operator: Person, person: Person, reason: str = "Left") -> dict[str, Any]:
    done: dict[str, Any] = await operator.put(
        f"/api/people/{person.id}/disabled", {"reason": reason}
    )
    return done


async def test_only_operators_see_and_change_people(campus: Campus) -> None:
    teacher = await campus.teacher()
    for method, path in (
        ("GET", "/api/people"),
        ("PUT", f"/api/people/{teacher.id}/operator"),
        ("DELETE", f"/api/people/{teacher.id}/operator"),
        ("PUT", f"/api/people/{teacher.id}/build-approval"),
        ("DELETE", f"/api/people/{teacher.id}/build-approval"),
        ("DELETE", f"/api/people/{teacher.id}/disabled"),
    ):
        assert await teacher.refused(method, path) == (403, "operators_only")
    body = {"reason": "x"}
    path = f"/api/people/{teacher.id}/disabled"
    assert await teacher.refused("PUT", path, body) == (403, "operators_only")


async def test_people_are_found_by_name_issuer_and_subject_page_by_page(campus: Campus) -> None:
    operator = await campus.operator()
    for subject in ("ada", "bob_1", "bobx1"):
        await campus.launch(subject, name=f"Name of {subject}")
    page = await operator.get("/api/people?page_size=2")
    assert (len(page["items"]), page["total"]) == (2, 4)
    for search, names in (
        ("ada", {"Name of ada"}),
        ("BOB_1", {"Name of bob_1"}),
        ("moodle.example", {"Olga", "Name of ada", "Name of bob_1", "Name of bobx1"}),
        ("nobody", set()),
    ):
        people = await operator.get("/api/people", params={"search": search})
        assert {person["name"] for person in people["items"]} == names
    assert (await operator.refused("GET", "/api/people?kind=nonsense"))[0] == 422
    assert (await operator.refused("GET", "/api/people?page_size=1000"))[0] == 422


async def test_operators_make_operators_and_one_is_always_left(campus: Campus) -> None:
    olga, ada = await campus.operator(), await campus.launch("ada")
    path = f"/api/people/{olga.id}/operator"
    assert await olga.refused("DELETE", path) == (409, "last_operator")
    made = await olga.put(f"/api/people/{ada.id}/operator", None)
    assert made["operates"]
    assert "operate" in (await ada.get("/api/me"))["can"]
    operators = await olga.get("/api/people?kind=operators")
    assert operators["total"] == 2
    # Two who take it from each other at the same moment: one of them keeps it.
    answers = await asyncio.gather(
        olga.http.delete(f"/api/people/{ada.id}/operator"), ada.http.delete(path)
    )
    assert sorted(answer.status_code for answer in answers)[0] == 200
    async with transaction(campus.app.state.sessions) as db:
        left = [await db.get_one(User, person.id) for person in (olga, ada)]
    assert sum(user.operator_since is not None for user in left) == 1


async def test_a_disabled_operator_does_not_count_as_one_who_is_left(campus: Campus) -> None:
    olga, ada = await campus.operator(), await campus.operator("ada")
    assert await olga.refused("PUT", f"/api/people/{olga.id}/disabled", {"reason": "x"}) == (
        409,
        "not_yourself",
    )
    await disabled(olga, ada)
    assert await olga.refused("DELETE", f"/api/people/{olga.id}/operator") == (
        409,
        "last_operator",
    )


async def test_a_teacher_prepares_without_approval_and_builds_with_it(campus: Campus) -> None:
    operator = await campus.operator()
    teacher = await campus.teacher(builds=False)
    me = await teacher.get("/api/me")
    assert (me["can"], me["build_approval"]) == (["create_courses"], "none")
    image = await teacher.post("/api/images", an_image())
    assert image["can"] == ["edit", "delete", "share"]
    path = f"/api/images/{image['id']}/builds"
    assert await teacher.refused("POST", path) == (403, "build_not_approved")
    await teacher.post("/api/courses", {"title": "A draft"})

    for _ in range(2):
        asked = await teacher.post("/api/me/build-request")
        assert asked["build_approval"] == "asked"
    waiting = await operator.get("/api/people?kind=waiting")
    assert [person["id"] for person in waiting["items"]] == [str(teacher.id)]
    assert waiting["items"][0]["teaches"]
    async with listening(teacher) as heard, listening(operator) as to_operator:
        approved = await operator.put(f"/api/people/{teacher.id}/build-approval", None)
        assert await kinds(heard, 1) == await kinds(to_operator, 1) == ["person.changed"]
    assert (approved["build_approval"], approved["build_asked_at"]) == ("approved", None)
    assert (await operator.get("/api/people?kind=waiting"))["total"] == 0
    # At once, with the token they have.
    assert (await teacher.get("/api/me"))["build_approval"] == "approved"
    assert (await teacher.post(path))["number"] == 1

    await operator.http.delete(f"/api/people/{teacher.id}/build-approval")
    assert await teacher.refused("POST", path) == (403, "build_not_approved")
    assert (await teacher.get(f"/api/images/{image['id']}"))["can"] == ["edit", "delete", "share"]


async def test_a_request_may_be_declined_and_students_cannot_ask(campus: Campus) -> None:
    operator, ada = await campus.operator(), await campus.launch("ada")
    assert await ada.refused("POST", "/api/me/build-request") == (403, "forbidden")
    teacher = await campus.teacher(builds=False)
    await teacher.post("/api/me/build-request")
    await operator.http.delete(f"/api/people/{teacher.id}/build-approval")
    assert (await teacher.get("/api/me"))["build_approval"] == "none"
    assert (await entry(operator, teacher))["can"] == [
        "make_operator",
        "approve_build",
        "disable",
    ]


async def test_operators_build_without_anybodys_approval(campus: Campus) -> None:
    operator = await campus.operator()
    assert (await operator.get("/api/me"))["can"] == ["build_images", "operate"]
    image, _ = await campus.built_image(operator)
    assert image


async def test_a_disabled_person_is_out_at_once_and_what_they_run_stops(campus: Campus) -> None:
    operator, teacher = await campus.operator(), await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    await ready(campus, ada, course)
    assert (await entry(operator, ada))["running_environments"] == 1
    async with listening(operator) as heard:
        shown = await disabled(operator, ada, "Lost her laptop")
        assert "person.changed" in await kinds(heard, 1)
    assert (shown["disabled_reason"], shown["can"]) == ("Lost her laptop", ["enable"])
    assert await ada.refused("GET", "/api/me") == (403, "user_disabled")

    async def sessions_ended() -> bool:
        return (ada.id, SessionEnd.USER_DISABLED) in campus.gateway.shut_out

    async def stopped() -> bool:
        return any(stop.reason is ReasonCode.USER_DISABLED for stop in campus.orchestrator.stops)

    await until(sessions_ended)
    await until(stopped)
    with pytest.raises(Forbidden) as refusal:
        await campus.launch("ada", course=course)
    assert refusal.value.code == "user_disabled"
    assert (await operator.get("/api/people?kind=disabled"))["total"] == 1

    enabled = await operator.http.delete(f"/api/people/{ada.id}/disabled")
    assert enabled.json()["disabled_at"] is None
    again = await campus.student(course)
    assert again.id == ada.id


async def test_a_gateway_that_is_away_hears_of_it_later(campus: Campus) -> None:
    operator, ada = await campus.operator(), await campus.launch("ada")
    campus.gateway.away = True
    await campus.gateway.notify()
    await disabled(operator, ada)
    assert await ada.refused("GET", "/api/me") == (403, "user_disabled")
    assert campus.gateway.shut_out == []
    campus.gateway.away = False
    await DisabledUsersLoop.of(campus.services).step()
    # The loop may be at it as well: a repeated call is harmless.
    assert set(campus.gateway.shut_out) == {(ada.id, SessionEnd.USER_DISABLED)}


async def test_what_is_said_of_people_is_checked(campus: Campus) -> None:
    operator, ada = await campus.operator(), await campus.launch("ada", ContextRole.STUDENT)
    path = f"/api/people/{ada.id}/disabled"
    for reason in ("", "  ", "x" * 501, "nul\x00"):
        assert (await operator.refused("PUT", path, {"reason": reason}))[0] == 422
    nobody = "/api/people/00000000-0000-4000-8000-000000000000"
    for rest in ("operator", "build-approval"):
        assert (await operator.refused("PUT", f"{nobody}/{rest}"))[0] == 404
    assert (await operator.refused("DELETE", f"{nobody}/disabled"))[0] == 404


def test_what_operators_may_decide_follows_from_the_state_of_the_account() -> None:
    nothing = AccountState(operates=False, may_build=False, asks_to_build=False, disabled=False)
    assert build_approval(nothing) is BuildApproval.NONE
    assert build_approval(replace(nothing, asks_to_build=True)) is BuildApproval.ASKED
    assert build_approval(replace(nothing, operates=True)) is BuildApproval.APPROVED
    assert PersonCan.DISABLE in person_can(nothing, is_self=False)
    assert PersonCan.DISABLE not in person_can(nothing, is_self=True)
    assert person_can(replace(nothing, disabled=True), is_self=False) == [PersonCan.ENABLE]
    assert PersonCan.APPROVE_BUILD not in person_can(replace(nothing, operates=True), is_self=True)
