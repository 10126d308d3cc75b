"""Launches: who somebody is, which role they have, where they land."""

import asyncio
from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.api.campus import Campus
from tests.conftest import ServiceKeys

from mydocker_api.arrivals.retention import LAUNCHES_KEPT, forget_old_launches
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole, LandingKind, LaunchKind
from mydocker_kit.errors import Forbidden
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import API_AUDIENCE, ServiceIdentity


async def test_the_same_launch_twice_is_one_arrival(campus: Campus) -> None:
    id = uuid4()
    people = await asyncio.gather(*(campus.launch("ada", id=id) for _ in range(5)))
    assert len({person.id for person in people}) == 1
    again = await campus.launch("ada", ContextRole.TEACHER, id=id)
    assert again.arrival == people[0].arrival


async def test_a_person_is_issuer_and_subject_and_has_a_name_in_any_case(campus: Campus) -> None:
    first = await campus.launch("ada")
    me = await first.get("/api/me")
    assert len(me["name"].split()) == 2
    second = await campus.launch("ada", name="Ada Lovelace")
    assert second.id == first.id
    assert (await second.get("/api/me"))["name"] == "Ada Lovelace"
    assert (await campus.launch("bob")).id != first.id


async def test_rights_come_with_the_role_and_go_with_it(campus: Campus) -> None:
    grace = await campus.teacher()
    me = await grace.get("/api/me")
    assert (me["can"], me["build_approval"]) == (["create_courses", "build_images"], "approved")
    assert me["contexts"][0] == {
        "id": str(grace.arrival.landing.context_id),
        "title": "Databases",
        "role": "teacher",
    }
    grace = await campus.launch("grace", ContextRole.STUDENT)
    # What an operator has approved is not the LMS's to take.
    assert (await grace.get("/api/me"))["can"] == ["build_images"]
    grace = await campus.launch("grace", ContextRole.NONE)
    assert (await grace.get("/api/me"))["contexts"] == []


async def test_a_link_names_its_course_and_remembers_it(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.launch("ada", course=course)
    assert ada.arrival.landing.kind is LandingKind.WINDOW
    # A copy of the activity without the custom parameter still leads there.
    bob = await campus.launch("bob")
    assert bob.arrival.landing.kind is LandingKind.WINDOW
    assert str(bob.arrival.landing.course_id) == course
    assert (await teacher.get(f"/api/courses/{course}"))["placed_links"] == 1


async def test_a_course_that_is_not_there_or_not_open_is_unknown(campus: Campus) -> None:
    teacher = await campus.teacher()
    draft = await campus.course(teacher, status="draft")
    for course in (str(uuid4()), draft):
        ada = await campus.launch("ada", course=course, link=f"link-{course}")
        assert ada.arrival.landing.kind is LandingKind.UNKNOWN_COURSE
    own = await campus.launch("grace", ContextRole.TEACHER, course=draft, link="own")
    assert own.arrival.landing.kind is LandingKind.WINDOW


async def test_who_loses_the_role_loses_the_course(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    ada = await campus.student(course)
    ada = await campus.launch("ada", ContextRole.NONE, course=course)
    assert ada.arrival.landing.kind is LandingKind.UNKNOWN_COURSE
    assert (await ada.refused("GET", f"/api/courses/{course}/window"))[0] == 404


async def test_an_unbound_activity_is_bound_by_its_teacher_alone(campus: Campus) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    teacher = await campus.launch("grace", ContextRole.TEACHER, link="unbound")
    assert teacher.arrival.landing.kind is LandingKind.BIND
    ada = await campus.launch("ada", link="unbound")
    assert ada.arrival.landing.kind is LandingKind.NOTHING_YET
    path = f"/api/resource-links/{teacher.arrival.landing.resource_link_id}/binding"
    assert (await ada.refused("POST", path, {"course_id": course}))[0] == 403
    assert (await teacher.refused("POST", path, {"course_id": str(uuid4())}))[0] == 404
    landing = await teacher.post(path, {"course_id": course})
    assert (landing["kind"], landing["course_id"]) == ("window", course)
    ada = await campus.launch("ada", link="unbound")
    assert ada.arrival.landing.kind is LandingKind.WINDOW


async def test_content_is_picked_by_teachers_and_only_what_is_theirs_and_ready(
    campus: Campus,
) -> None:
    id = uuid4()
    teacher = await campus.launch("grace", ContextRole.TEACHER, kind=LaunchKind.DEEP_LINKING, id=id)
    assert teacher.arrival.landing.kind is LandingKind.PICKER
    assert teacher.arrival.landing.deep_linking_id == id
    await campus.grant(teacher, may_build_since=utc_now())
    course = await campus.course(teacher, description="Keys and certificates")
    draft = await campus.course(teacher, status="draft")
    items = await campus.gateway_client.course_items(teacher.id, [UUID(course)])
    assert (items[0].title, items[0].text) == ("Cryptography", "Keys and certificates")
    other = await campus.teacher("linus")
    for person, wanted in ((other, course), (teacher, draft), (teacher, str(uuid4()))):
        with pytest.raises(Forbidden):
            await campus.gateway_client.course_items(person.id, [UUID(wanted)])


async def test_the_dashboard_is_for_those_who_teach(campus: Campus) -> None:
    wish = {"landing": "dashboard"}
    grace = await campus.launch("grace", ContextRole.ASSISTANT, custom=wish)
    assert grace.arrival.landing.kind is LandingKind.DASHBOARD
    ada = await campus.launch("ada", custom=wish)
    assert ada.arrival.landing.kind is LandingKind.NOTHING_YET


async def test_a_launch_without_a_course_space_is_taken_in(campus: Campus) -> None:
    ada = await campus.launch("ada", context=None)
    assert ada.arrival.landing.kind is LandingKind.NOTHING_YET


async def test_only_the_gateway_hands_over_launches(
    campus: Campus, service_keys: ServiceKeys
) -> None:
    ada = await campus.launch("ada")
    response = await ada.http.put(f"/internal/launches/{uuid4()}", json={})
    assert response.status_code == 401
    # Signed by a service we trust, but not by the gateway.
    pem = service_keys.private["mydocker-builder"].get_secret_value()
    builder = ServiceIdentity.load("mydocker-builder", pem)
    token = builder.token_for(API_AUDIENCE, utc_now())
    headers = {"Authorization": f"Bearer {token}"}
    response = await ada.http.post("/internal/course-items", headers=headers, json={})
    assert response.status_code == 403


async def test_tokens_that_prove_nothing_are_refused(campus: Campus) -> None:
    ada = await campus.launch("ada")
    now = utc_now()
    gateway = campus.gateway
    expired = gateway.token(ada.id, now - timedelta(hours=1))
    foreign = gateway.token(ada.id, now, aud="another-service")
    nobody = gateway.token(uuid4(), now)
    for token in (expired, foreign, nobody, "x.y.z", "nonsense"):
        answer = await ada.http.get("/api/me", headers={"Authorization": f"Bearer {token}"})
        assert (answer.status_code, answer.json()["code"]) == (401, "unauthenticated")
    asked = gateway.asked
    gateway.rotate()
    for _ in range(5):
        unknown = gateway.token(ada.id, utc_now())
        await ada.http.get("/api/me", headers={"Authorization": f"Bearer {unknown}"})
    assert gateway.asked <= asked + 1  # not one question per forged token


async def test_the_answer_to_an_old_launch_is_forgotten(campus: Campus) -> None:
    id = uuid4()
    await campus.launch("ada", id=id)
    sessions = campus.app.state.sessions
    async with transaction(sessions) as db:
        assert await forget_old_launches(db, utc_now() + LAUNCHES_KEPT - timedelta(minutes=1)) == 0
        assert await forget_old_launches(db, utc_now() + LAUNCHES_KEPT + timedelta(minutes=1)) == 1
    assert (await campus.launch("ada", id=id)).arrival.user_id
