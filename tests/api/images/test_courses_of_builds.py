"""Courses move to a newer Build of their Image, and back."""

from uuid import uuid4

import pytest
from tests.api.campus import Campus, an_image
from tests.api.environments.windows import ready

from mydocker_kit.contracts.builder.builds import BuildPhase


async def test_courses_move_to_a_newer_build_and_back(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, first = await campus.built_image(teacher)
    first_course = await campus.course(teacher, build_id=first, title="One")
    second_course = await campus.course(teacher, build_id=first, title="Two")
    newer = (await teacher.post(f"/api/images/{image}/builds"))["id"]
    offered = await teacher.get(f"/api/builds/{newer}/courses")
    assert [(course["title"], course["build_number"]) for course in offered["items"]] == [
        ("One", 1),
        ("Two", 1),
    ]
    ada = await campus.student(first_course)
    id = await ready(campus, ada, first_course)
    before = campus.orchestrator.specs[id].image
    path = f"/api/builds/{newer}/courses"
    for _ in range(2):
        moved = await teacher.http.put(
            path, json={"course_ids": [first_course, second_course, first_course]}
        )
        assert [course["build_number"] for course in moved.json()["items"]] == [2, 2]
    assert campus.orchestrator.specs[id].image == before, "what runs keeps its build"
    course = await teacher.get(f"/api/courses/{first_course}")
    assert (course["build_id"], course["image"]["build_number"]) == (newer, 2)
    status = await teacher.get(f"/api/builds/{newer}")
    assert course["image"]["reference"] == status["reference"]
    back = await teacher.http.put(
        f"/api/builds/{first}/courses", json={"course_ids": [second_course]}
    )
    assert {course["title"]: course["build_number"] for course in back.json()["items"]} == {
        "One": 2,
        "Two": 1,
    }


async def test_a_colleague_sees_and_moves_only_their_own(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher)
    course = await campus.course(teacher, build_id=build)
    linus = await campus.teacher("linus")
    path = f"/api/builds/{build}/courses"
    assert await linus.refused("GET", path) == (404, "not_found")
    share = {"email": "linus@example.org", "right": "view"}
    await teacher.post(f"/api/images/{image}/shares", share)
    shown = await linus.get(path)
    assert (shown["items"], shown["others"]) == ([], 1)
    assert await linus.refused("PUT", path, {"course_ids": [course]}) == (404, "not_found")


async def test_a_course_of_another_image_or_a_failed_build_moves_nothing(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, first = await campus.built_image(teacher)
    mine = await campus.course(teacher, build_id=first)
    _, elsewhere = await campus.built_image(teacher, title="Another")
    other = await campus.course(teacher, build_id=elsewhere)
    newer = (await teacher.post(f"/api/images/{image}/builds"))["id"]
    path = f"/api/builds/{newer}/courses"
    both = {"course_ids": [mine, other]}
    assert await teacher.refused("PUT", path, both) == (409, "course_of_another_image")
    assert (await teacher.get(f"/api/courses/{mine}"))["build_id"] == first, "all, or none"
    campus.builder.outcome = BuildPhase.FAILED
    failed = (await teacher.post(f"/api/images/{image}/builds"))["id"]
    assert await teacher.refused(
        "PUT", f"/api/builds/{failed}/courses", {"course_ids": [mine]}
    ) == (409, "build_not_published")


@pytest.mark.parametrize(
    "body",
    [{}, {"course_ids": []}, {"course_ids": ["x"]}, {"course_ids": [str(uuid4())] * 201}, []],
)
async def test_bad_values(campus: Campus, body: object) -> None:
    teacher = await campus.teacher()
    _, build = await campus.built_image(teacher)
    status, _ = await teacher.refused("PUT", f"/api/builds/{build}/courses", body)
    assert status == 422
    unknown = {"course_ids": [str(uuid4())]}
    assert await teacher.refused("PUT", f"/api/builds/{build}/courses", unknown) == (
        404,
        "not_found",
    )


async def test_what_a_build_was_made_of(campus: Campus) -> None:
    teacher = await campus.teacher()
    image, build = await campus.built_image(teacher, dockerfile="FROM debian:12\n")
    await teacher.put(f"/api/images/{image}", an_image(dockerfile="FROM debian:13\n"))
    recipe = await teacher.get(f"/api/builds/{build}/recipe")
    assert (recipe["number"], recipe["dockerfile"]) == (1, "FROM debian:12\n")
    linus = await campus.teacher("linus")
    assert await linus.refused("GET", f"/api/builds/{build}/recipe") == (404, "not_found")
    assert await teacher.refused("GET", f"/api/builds/{uuid4()}/recipe") == (404, "not_found")
