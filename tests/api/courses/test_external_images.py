"""A Course runs an image of another registry, by the digest that its reference had when saved."""

import pytest
from tests.api.campus import WEB, Campus
from tests.api.environments.windows import ready

from mydocker_api.capacity.refresh import refresh_pools

OLD, NEW = "sha256:" + "01" * 32, "sha256:" + "02" * 32
DEBIAN = "docker.io/library/debian"


def a_course(**changes: object) -> dict[str, object]:
    return {
        "title": "Shell",
        "status": "ready",
        "external_image": "debian:12",
        "ports": [WEB],
        **changes,
    }


def field_codes(body: dict[str, list[dict[str, str]]]) -> list[tuple[str, str]]:
    return [(field["field"], field["code"]) for field in body["fields"]]


async def test_a_course_runs_the_digest_of_its_reference(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {f"{DEBIAN}:12": OLD}
    course = await teacher.post("/api/courses", a_course())
    assert (course["image"], course["build_id"]) == (None, None)
    assert course["external"] == {"reference": "debian:12", "pinned": f"{DEBIAN}@{OLD}"}
    assert "start" in course["can"]
    ada = await campus.student(course["id"])
    id = await ready(campus, ada, course["id"])
    assert campus.orchestrator.specs[id].image == f"{DEBIAN}@{OLD}"


async def test_the_digest_moves_only_when_it_is_looked_up_again(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {f"{DEBIAN}:12": OLD}
    course = await teacher.post("/api/courses", a_course())
    path = f"/api/courses/{course['id']}"
    campus.builder.published = {f"{DEBIAN}:12": NEW}
    campus.builder.resolved.clear()
    saved = await teacher.put(path, a_course(title="Shell 2"))
    assert saved["external"]["pinned"] == f"{DEBIAN}@{OLD}"
    assert campus.builder.resolved == [], "an unchanged reference asks no registry"
    headers = {"If-Match": saved["etag"]}
    for _ in range(2):
        again = await teacher.post(f"{path}/external-image", headers=headers)
        assert again["external"]["pinned"] == f"{DEBIAN}@{NEW}"
    gone = await teacher.put(path, a_course(external_image=None, status="draft"))
    assert (gone["external"], gone["external_image"]) == (None, None)
    assert "start" not in gone["can"]
    assert await teacher.refused("POST", f"{path}/external-image") == (409, "no_external_image")


async def test_a_build_and_a_reference_replace_each_other(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {f"{DEBIAN}:12": OLD}
    _, build = await campus.built_image(teacher)
    course = await teacher.post("/api/courses", a_course())
    path = f"/api/courses/{course['id']}"
    both = await teacher.http.put(
        path, json=a_course(build_id=build), headers={"If-Match": course["etag"]}
    )
    assert (both.status_code, field_codes(both.json())) == (
        422,
        [("external_image", "image_twice")],
    )
    built = await teacher.put(path, a_course(build_id=build, external_image=None))
    assert (built["external"], built["image"]["build_id"]) == (None, build)
    back = await teacher.put(path, a_course())
    assert (back["image"], back["external"]["pinned"]) == (None, f"{DEBIAN}@{OLD}")
    copy = await teacher.post(f"{path}/duplicate")
    assert copy["external"] == back["external"]


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("No Reference", "reference_invalid"),
        ("quay.io/a/b", "registry_not_allowed"),
        ("debian:13", "reference_not_found"),
    ],
)
async def test_what_cannot_be_used_is_said_at_its_field(
    campus: Campus, reference: str, code: str
) -> None:
    teacher = await campus.teacher()
    refused = await teacher.http.post("/api/courses", json=a_course(external_image=reference))
    assert (refused.status_code, field_codes(refused.json())) == (422, [("external_image", code)])
    asked = await teacher.http.post("/api/image-references", json={"reference": reference})
    assert (asked.status_code, field_codes(asked.json())) == (422, [("external_image", code)])


async def test_a_reference_is_looked_up_before_it_is_saved(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {f"{DEBIAN}:12": OLD}
    allowed = await teacher.get("/api/image-registries")
    assert allowed == {"items": ["docker.io/library"]}
    shown = await teacher.post("/api/image-references", {"reference": "debian:12"})
    assert (shown["reference"], shown["pinned"]) == (f"{DEBIAN}:12", f"{DEBIAN}@{OLD}")
    course = await campus.course(teacher)
    ada = await campus.student(course)
    body = {"reference": "debian:12"}
    assert await ada.refused("POST", "/api/image-references", body) == (403, "forbidden")
    assert await ada.refused("GET", "/api/image-registries") == (403, "forbidden")


async def test_a_builder_that_is_away_keeps_what_was_saved(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {f"{DEBIAN}:12": OLD}
    course = await teacher.post("/api/courses", a_course())
    campus.builder.away = True
    path = f"/api/courses/{course['id']}"
    saved = await teacher.put(path, a_course(description="Still editable"))
    assert saved["external"] == course["external"]
    status, _ = await teacher.refused("POST", f"{path}/external-image")
    assert status == 503


async def test_root_needs_a_build_that_can_be_approved(campus: Campus) -> None:
    teacher = await campus.teacher()
    campus.builder.published = {f"{DEBIAN}:12": OLD}
    campus.orchestrator.root_needs_approval = True
    await refresh_pools(campus.services.sessions, campus.services.clients.orchestrator)
    refused = await teacher.http.post("/api/courses", json=a_course(profile="compat"))
    assert field_codes(refused.json()) == [("profile", "external_root")]
