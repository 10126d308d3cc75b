"""Operators and the platforms people come from."""

from typing import Any
from uuid import UUID, uuid4

from ..campus import Campus, Person
from ..environments.windows import ready
from .fake_platforms import FakePlatforms

DRAFT: dict[str, Any] = {
    "name": "Our Moodle",
    "issuer": "https://moodle.example",
    "client_id": "EV54Jwrz7IxqnSL",
    "authorization_url": "https://moodle.example/mod/lti/auth.php",
    "token_url": "https://moodle.example/mod/lti/token.php",
    "jwks_url": "https://moodle.example/mod/lti/certs.php",
    "deployment_ids": ["1"],
}


async def test_only_operators_see_platforms(campus: Campus, platforms: FakePlatforms) -> None:
    teacher = await campus.teacher()
    for method, path, body in (
        ("GET", "/api/platforms", None),
        ("POST", "/api/platforms", DRAFT),
        ("GET", f"/api/platforms/{uuid4()}", None),
        ("POST", f"/api/platforms/{uuid4()}/disable", None),
    ):
        assert await teacher.refused(method, path, body) == (403, "operators_only")
    assert platforms.actors == []


async def test_an_operator_adds_lists_disables_and_enables(
    operator: Person, platforms: FakePlatforms
) -> None:
    added = await operator.post("/api/platforms", DRAFT)
    path = f"/api/platforms/{added['id']}"
    assert (added["state"], added["deployments"][0]["deployment_id"]) == ("active", "1")
    listed = await operator.get("/api/platforms", params={"search": "Our"})
    assert [platform["id"] for platform in listed["items"]] == [added["id"]]
    assert (await operator.post(f"{path}/disable"))["state"] == "disabled"
    assert (await operator.post(f"{path}/enable"))["state"] == "active"
    changed = await operator.put(f"{path}/deployments", {"deployment_id": "2"}, of=path)
    assert [deployment["deployment_id"] for deployment in changed["deployments"]] == ["1", "2"]
    assert (await operator.put(path, {**DRAFT, "name": "Moodle"}))["name"] == "Moodle"
    assert set(platforms.actors) == {operator.id}


async def test_what_is_wrong_is_said_field_by_field(
    operator: Person, platforms: FakePlatforms
) -> None:
    answer = await operator.http.post("/api/platforms", json={**DRAFT, "token_url": "http://x"})
    assert answer.status_code == 422
    assert [(problem["field"], problem["code"]) for problem in answer.json()["fields"]] == [
        ("token_url", "address_not_https")
    ]
    none = await operator.http.post("/api/platforms", json={**DRAFT, "deployment_ids": []})
    assert [problem["field"] for problem in none.json()["fields"]] == ["deployment_ids"]
    assert await operator.refused("GET", f"/api/platforms/{uuid4()}") == (404, "platform_unknown")
    assert await operator.refused("PUT", f"/api/platforms/{uuid4()}", DRAFT) == (
        404,
        "platform_unknown",
    )


async def test_details_keys_and_the_journal_with_names(
    campus: Campus, operator: Person, platforms: FakePlatforms
) -> None:
    added = await operator.post("/api/platforms", DRAFT)
    path = f"/api/platforms/{added['id']}"
    platforms.note(UUID(added["id"]), "added", "command")
    platforms.note(UUID(added["id"]), "disabled", str(operator.id))
    lines = await operator.get(f"{path}/events")
    said = [(entry["kind"], entry["actor_name"]) for entry in lines["items"]]
    assert said == [("disabled", "Olga"), ("added", None)]
    assert (await operator.get(f"{path}/keys"))["kids"] == ["k1"]
    assert (await operator.post(f"{path}/keys"))["failure"] is None
    here = await operator.get("/api/platforms/tool")
    assert here["login_url"] == "https://labs.example/lti/login"
    teacher = await campus.teacher()
    for method, what in (
        ("GET", f"{path}/events"),
        ("GET", f"{path}/keys"),
        ("POST", f"{path}/keys"),
        ("GET", f"{path}/earlier-issuers"),
        ("GET", f"{path}/people?from_issuer=x"),
        ("POST", f"{path}/people"),
        ("GET", "/api/platforms/tool"),
    ):
        assert await teacher.refused(method, what, {"from_issuer": "x"}) == (
            403,
            "operators_only",
        )


async def test_an_operators_yes_to_shared_people_goes_with_the_order(
    operator: Person, platforms: FakePlatforms
) -> None:
    added = await operator.post("/api/platforms?shares_people=true", DRAFT)
    path = f"/api/platforms/{added['id']}"
    any_version = {"If-Match": "*"}
    yes = {"shares_people": True}
    await operator.http.put(path, params=yes, json=DRAFT, headers=any_version)
    await operator.put(path, DRAFT)
    await operator.post(f"{path}/approve?shares_people=true")
    await operator.post(f"{path}/approve")
    assert platforms.accepted == [True, True, False, True, False]


async def test_disabling_tells_before_whom_and_what_it_hits(
    campus: Campus, operator: Person, platforms: FakePlatforms
) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    for name in ("ada", "bob"):
        await ready(campus, await campus.student(course, name), course)
    eve = await campus.launch("eve", course=course, issuer="https://learn.example")
    await ready(campus, eve, course)
    added = await operator.post("/api/platforms", DRAFT)
    id = UUID(added["id"])
    platforms.rows[id] = platforms.rows[id].model_copy(update={"signed_in": 7})
    path = f"/api/platforms/{added['id']}/disabling"
    assert await operator.get(path) == {"visitors": 7, "environments": 2}
    # Another client of the same platform still lets its people in: nothing of theirs is stopped.
    await operator.post("/api/platforms", {**DRAFT, "client_id": "second"})
    assert await operator.get(path) == {"visitors": 7, "environments": 0}
    assert await (await campus.student(course)).refused("GET", path) == (403, "operators_only")


async def test_of_two_operators_edits_the_second_is_refused_and_hears_whose_was_first(
    operator: Person, platforms: FakePlatforms
) -> None:
    added = await operator.post("/api/platforms", DRAFT)
    path, http = f"/api/platforms/{added['id']}", operator.http
    shown = await http.get(path)
    first = {"If-Match": shown.headers["ETag"]}
    assert shown.json()["etag"] == first["If-Match"]
    deployment = {"deployment_id": "2"}
    changed = await http.put(f"{path}/deployments", json=deployment, headers=first)
    assert changed.headers["ETag"] == (await http.get(path)).headers["ETag"]
    # Another issuer asks whose people they are: not before the version was seen to be right.
    moved = {**DRAFT, "issuer": "https://moved.example"}
    edits: list[tuple[str, dict[str, Any]]] = [
        (path, DRAFT),
        (path, moved),
        (f"{path}/deployments", deployment),
    ]
    for where, body in edits:
        late = await http.put(where, json=body, headers=first)
        assert (late.status_code, late.json()["code"]) == (412, "edited_meanwhile")
        parameters = late.json()["parameters"]
        assert (parameters["changed_by"], parameters["etag"]) == ("Olga", changed.headers["ETag"])
        assert (await http.put(where, json=body)).json()["code"] == "if_match_required"
        wrong = await http.put(where, json=body, headers={"If-Match": "1"})
        assert (wrong.status_code, wrong.json()["code"]) == (400, "precondition_malformed")
