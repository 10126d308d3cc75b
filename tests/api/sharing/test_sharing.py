"""Sharing a Course or an Image: who finds it, what they may do, and how it ends."""

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from tests.api.campus import (
    DATABASES,
    Campus,
    a_course,
    a_session,
    an_image,
)
from tests.api.environments.windows import ready
from tests.api.sharing.giving import NETWORKS, colleague, share, titles

from mydocker_kit.contracts.gateway.launches import (
    ContextRole,
    LandingKind,
    LaunchContext,
    LaunchKind,
)
from mydocker_kit.contracts.orchestrator.environments import Phase
from mydocker_kit.errors import Forbidden

OTHER_ISSUER = "https://other.example"
ELSEWHERE = LaunchContext(
    registration_id=uuid4(), deployment_id="1", context_id="1", title="Elsewhere"
)


async def test_a_colleague_finds_what_was_shared_and_edits_it(campus: Campus) -> None:
    grace, linus = await campus.teacher(), await colleague(campus)
    course = await campus.course(grace, status="draft")
    path = f"/api/courses/{course}"
    assert await linus.refused("GET", path) == (404, "not_found")
    row = await share(grace, path, "Linus@Example.org", "edit")
    assert (row["name"], row["right"], row["origin"]) == ("Linus", "edit", "share")
    [listed] = (await linus.get("/api/courses?origin=shared"))["items"]
    assert (listed["owner_name"], listed["relation"]) == ("Grace", "editor")
    assert listed["can"] == ["edit", "start", "see_people"]
    assert await titles(linus, "/api/courses?origin=mine") == []
    shown = await linus.get(path)
    changed = a_course(title="Ciphers", build_id=shown["build_id"])
    assert (await linus.put(path, changed))["title"] == "Ciphers"
    late = await grace.http.put(path, json=changed, headers={"If-Match": shown["etag"]})
    assert late.status_code == 412
    assert late.json()["parameters"]["changed_by"] == "Linus"
    hour = timedelta(hours=1)
    session = await linus.post(f"{path}/sessions", a_session(hour, hour))
    assert (await grace.get(f"/api/sessions/{session['id']}"))["course_id"] == course
    assert await linus.refused("DELETE", path) == (403, "forbidden")
    refused = await linus.refused("POST", f"{path}/shares", {"email": "a@b.org", "right": "view"})
    assert refused == (403, "forbidden")


async def test_a_right_to_see_changes_nothing_by_rest(campus: Campus) -> None:
    grace, linus = await campus.teacher(), await colleague(campus)
    course = await campus.course(grace)
    path = f"/api/courses/{course}"
    row = await share(grace, path, "linus@example.org")
    hour = timedelta(hours=1)
    session = await grace.post(f"{path}/sessions", a_session(hour, hour))
    shown = await linus.get(path)
    assert (shown["relation"], shown["can"]) == ("viewer", ["start"])
    assert (await linus.get(f"{path}/sessions"))["total"] == 1
    assert [row["email"] for row in (await linus.get(f"{path}/shares"))["people"]] == [None, None]
    draft, slot = a_course(build_id=shown["build_id"]), a_session(hour, hour)
    share_path = f"{path}/shares/{row['share_id']}"
    for method, where, body in (
        ("PUT", path, draft),
        ("DELETE", path, None),
        ("POST", f"{path}/status", {"status": "archived"}),
        ("POST", f"{path}/sessions", slot),
        ("PUT", f"/api/sessions/{session['id']}", slot),
        ("DELETE", f"/api/sessions/{session['id']}", None),
        ("POST", f"{path}/shares", {"email": "x@example.org", "right": "edit"}),
        ("PUT", share_path, {"right": "edit"}),
        ("POST", f"{share_path}/owner", None),
    ):
        assert await linus.refused(method, where, body) == (403, "forbidden"), (method, where)
    assert (await grace.get(path))["etag"] == shown["etag"]
    copy = await linus.post(f"{path}/duplicate")
    assert (copy["owner_name"], copy["status"], copy["relation"]) == ("Linus", "draft", "owner")


async def test_an_invitation_waits_for_its_person_of_the_same_platform(campus: Campus) -> None:
    grace = await campus.teacher()
    course = await campus.course(grace)
    path = f"/api/courses/{course}"
    row = await share(grace, path, "linus@example.org", "edit")
    assert (row["name"], row["user_id"]) == (None, None)
    stranger = await campus.teacher(
        "linus", issuer=OTHER_ISSUER, context=ELSEWHERE, email="linus@example.org"
    )
    assert await titles(stranger, "/api/courses") == []
    assert await stranger.refused("GET", path) == (404, "not_found")
    linus = await colleague(campus, email="LINUS@example.org")
    assert await titles(linus, "/api/courses") == ["Cryptography"]
    await colleague(campus, "ken", email="linus@example.org")
    people = (await grace.get(f"{path}/shares"))["people"]
    assert [row["name"] for row in people] == ["Grace", "Linus"], "an address gives nothing twice"


async def test_one_right_per_person_changed_and_removed(campus: Campus) -> None:
    grace, linus = await campus.teacher(), await colleague(campus)
    course = await campus.course(grace)
    path = f"/api/courses/{course}"
    first = await share(grace, path, "linus@example.org")
    again = await share(grace, path, "linus@example.org", "edit")
    assert (again["share_id"], again["right"]) == (first["share_id"], "edit")
    share_path = f"{path}/shares/{first['share_id']}"
    await grace.put(share_path, {"right": "test"})
    assert await linus.refused("GET", path) == (404, "not_found")
    assert (await linus.get(f"{path}/window"))["state"] == "not_started"
    id = await ready(campus, linus, course)
    assert (await grace.http.delete(share_path)).status_code == 204
    await campus.services.delivery.step()
    assert campus.orchestrator.statuses[id].phase is not Phase.READY
    assert await linus.refused("GET", f"{path}/window") == (404, "not_found")
    assert (await grace.get(f"{path}/shares"))["people"][1:] == []


async def test_somebody_gives_up_their_own_right(campus: Campus) -> None:
    grace, linus = await campus.teacher(), await colleague(campus)
    path = f"/api/courses/{await campus.course(grace)}"
    row = await share(grace, path, "linus@example.org")
    assert (await linus.http.delete(f"{path}/shares/{row['share_id']}")).status_code == 204
    assert await linus.refused("GET", path) == (404, "not_found")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({"email": "nonsense", "right": "view"}, (422, "fields_invalid")),
        ({"email": "x@example.org", "right": "own"}, (422, "invalid_request")),
        ({"email": "grace@example.org", "right": "view"}, (409, "share_with_owner")),
        (
            {"email": "x@example.org", "right": "view", "platform": OTHER_ISSUER},
            (422, "share_other_platform"),
        ),
    ],
)
async def test_what_cannot_be_shared(
    campus: Campus, body: dict[str, str], expected: tuple[int, str]
) -> None:
    grace = await campus.teacher()
    path = f"/api/courses/{await campus.course(grace)}/shares"
    assert await grace.refused("POST", path, body) == expected


async def test_an_address_of_two_people_is_refused(campus: Campus) -> None:
    grace = await campus.teacher()
    for subject in ("ken", "dennis"):
        await colleague(campus, subject, email="unix@example.org")
    path = f"/api/courses/{await campus.course(grace)}/shares"
    body = {"email": "unix@example.org", "right": "view"}
    assert await grace.refused("POST", path, body) == (409, "share_address_ambiguous")


async def test_testers_enter_in_test_and_not_in_draft(campus: Campus) -> None:
    grace = await campus.teacher()
    course = await campus.course(grace, status="test")
    path = f"/api/courses/{course}"
    await share(grace, path, "ada@example.org", "test")
    ada = await campus.launch("ada", course=course, email="ada@example.org")
    assert ada.arrival.landing.kind is LandingKind.WINDOW
    bob = await campus.launch("bob", course=course, email="bob@example.org")
    assert bob.arrival.landing.kind is LandingKind.UNKNOWN_COURSE
    id = await ready(campus, ada, course)
    own = await ready(campus, grace, course)
    await grace.change_status(course, "draft")
    await campus.services.delivery.step()
    assert campus.orchestrator.statuses[id].phase is not Phase.READY
    assert campus.orchestrator.statuses[own].phase is Phase.READY
    assert await ada.refused("GET", f"{path}/window") == (404, "not_found")


async def test_teachers_of_the_course_space_find_and_publish_its_courses(
    campus: Campus,
) -> None:
    grace = await campus.teacher()
    course = await campus.course(grace)
    await campus.student(course)
    ken = await campus.teacher("ken")
    [listed] = (await ken.get("/api/courses?origin=space"))["items"]
    assert (listed["relation"], listed["owner_name"]) == ("colleague", "Grace")
    assert listed["can"] == ["publish", "start", "see_people"]
    assert (await ken.get(f"/api/courses/{course}/window"))["state"] == "not_started"
    roles = (await ken.get(f"/api/courses/{course}/shares"))["people"]
    assert [(row["name"], row["origin"], row["context_title"]) for row in roles] == [
        ("Grace", "owner", None),
        ("Ken", "role", "Databases"),
    ]
    here, there = uuid4(), uuid4()
    for id, context in ((here, DATABASES), (there, NETWORKS)):
        await campus.launch(
            "ken", ContextRole.TEACHER, kind=LaunchKind.DEEP_LINKING, id=id, context=context
        )
    wanted = [UUID(course)]
    [item] = await campus.gateway_client.course_items(ken.id, wanted, here)
    assert item.title == "Cryptography"
    with pytest.raises(Forbidden) as refusal:
        await campus.gateway_client.course_items(ken.id, wanted, there)
    assert refusal.value.code == "course_placed_elsewhere"


async def test_a_shared_image_is_used_and_with_edit_changed(campus: Campus) -> None:
    grace, linus = await campus.teacher(), await colleague(campus, builds=False)
    image, build = await campus.built_image(grace)
    path = f"/api/images/{image}"
    assert await linus.refused("GET", path) == (404, "not_found")
    body = a_course(build_id=build)
    assert await linus.refused("POST", "/api/courses", body) == (422, "fields_invalid")
    row = await share(grace, path, "linus@example.org")
    assert await titles(linus, "/api/images?origin=shared") == ["OpenSSL practice"]
    assert (await linus.get(path))["can"] == []
    assert (await linus.get(f"/api/builds/{build}"))["phase"] == "succeeded"
    for method, where, sent in (
        ("PUT", path, an_image()),
        ("DELETE", path, None),
        ("POST", f"{path}/builds", None),
        ("POST", f"/api/builds/{build}/cancel", None),
        ("POST", f"/api/builds/{build}/root-request", {}),
    ):
        assert await linus.refused(method, where, sent) == (403, "forbidden"), (method, where)
    course = await linus.post("/api/courses", body)
    assert course["image"]["image_title"] == "OpenSSL practice"
    await grace.put(f"{path}/shares/{row['share_id']}", {"right": "edit"})
    assert (await linus.get(path))["can"] == ["edit"]
    assert (await linus.put(path, an_image(title="TLS")))["owner_name"] == "Grace"
    assert (await grace.http.delete(f"{path}/shares/{row['share_id']}")).status_code == 204
    assert await linus.refused("GET", path) == (404, "not_found")
    answer = await linus.put(f"/api/courses/{course['id']}", a_course(build_id=build, title="Kept"))
    assert answer["title"] == "Kept", "a Course keeps the build that it runs"
