"""Service accounts: created by operators, limited to their rights, refused once disabled."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from tests.api.campus import Campus, Person, a_course, an_image, checked
from tests.support.waiting import until

ACCOUNTS = "/api/service-accounts"
SOMEBODY = UUID(int=1)


async def account(operator: Person, *rights: str, name: str = "Git hook") -> dict[str, Any]:
    made: dict[str, Any] = await operator.post(ACCOUNTS, {"name": name, "rights": list(rights)})
    return made


async def token(operator: Person, made: dict[str, Any], *scopes: str) -> str:
    draft = {"name": "Production", "scopes": list(scopes)}
    answer = await operator.post(f"{ACCOUNTS}/{made['id']}/tokens", draft)
    return str(answer["token"])


def system(campus: Campus, secret: str) -> httpx.AsyncClient:
    headers = {"Authorization": f"Bearer {secret}"}
    return httpx.AsyncClient(base_url=campus.address, headers=headers, timeout=20)


async def code(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> tuple[int, str]:
    answer = await client.request(method, path, **rest)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def test_a_git_hook_builds_an_image_of_its_own(campus: Campus, operator: Person) -> None:
    made = await account(operator, "create_courses", "build_images")
    secret = await token(operator, made, "images:write", "courses:write")
    async with system(campus, secret) as hook:
        assert checked(await hook.get("/api/me"))["name"] == "Git hook"
        image = checked(await hook.post("/api/images", json=an_image()))
        build = checked(await hook.post(f"/api/images/{image['id']}/builds"))
        course = checked(await hook.post("/api/courses", json=a_course(build_id=build["id"])))
        assert checked(await hook.get("/api/courses"))["items"][0]["id"] == course["id"]
    shown = await operator.get(f"{ACCOUNTS}/{made['id']}")
    assert (shown["tokens"], shown["last_used_at"] is not None) == (1, True)


async def test_an_information_system_disables_a_leaver(campus: Campus, operator: Person) -> None:
    leaver = await campus.teacher("leaver")
    made = await account(operator, "operate", name="Student records")
    async with system(campus, await token(operator, made, "people:write")) as records:
        path = f"/api/people/{leaver.id}/disabled"
        assert checked(await records.put(path, json={"reason": "Left the school"}))["disabled_at"]
    assert await leaver.refused("GET", "/api/courses") == (403, "user_disabled")


@pytest.mark.parametrize(
    ("rights", "method", "path", "body", "expected"),
    [
        ((), "POST", "/api/courses", a_course(status="draft"), (403, "forbidden")),
        ((), "GET", "/api/people", None, (403, "operators_only")),
        (("create_courses",), "GET", "/api/people", None, (403, "operators_only")),
        (("operate",), "POST", "/api/courses", a_course(status="draft"), (403, "forbidden")),
        (("operate",), "GET", ACCOUNTS, None, (403, "token_not_accepted")),
        (("operate",), "POST", ACCOUNTS, {"name": "Other"}, (403, "token_not_accepted")),
        (
            ("operate",),
            "PUT",
            f"/api/people/{SOMEBODY}/operator",
            None,
            (403, "token_not_accepted"),
        ),
    ],
)
async def test_beyond_its_rights(
    campus: Campus,
    operator: Person,
    rights: tuple[str, ...],
    method: str,
    path: str,
    body: Any,
    expected: tuple[int, str],
) -> None:
    made = await account(operator, *rights)
    secret = await token(operator, made, "courses:write", "people:write")
    async with system(campus, secret) as client:
        assert await code(client, method, path, json=body) == expected


async def test_it_acts_on_nothing_of_others(campus: Campus, operator: Person) -> None:
    teacher = await campus.teacher()
    course = await campus.course(teacher)
    made = await account(operator, "create_courses", "build_images", "operate")
    async with system(campus, await token(operator, made, "courses:write")) as client:
        assert await code(client, "GET", f"/api/courses/{course}") == (404, "not_found")
        assert checked(await client.get("/api/courses"))["items"] == []


async def test_disabled_it_is_refused_and_what_it_created_stays(
    campus: Campus, operator: Person
) -> None:
    made = await account(operator, "create_courses")
    secret = await token(operator, made, "courses:write")
    async with system(campus, secret) as client:
        checked(await client.post("/api/courses", json=a_course(status="draft")))
        for _ in range(2):  # a second time changes nothing
            shown = checked(await operator.http.put(f"{ACCOUNTS}/{made['id']}/disabled"))
        assert (shown["disabled_at"] is not None, shown["can"]) == (True, ["enable"])
        assert await code(client, "GET", "/api/courses") == (403, "user_disabled")
        await operator.http.delete(f"{ACCOUNTS}/{made['id']}/disabled")
        assert checked(await client.get("/api/courses"))["total"] == 1


async def test_without_an_operator_who_answers_for_it(campus: Campus, operator: Person) -> None:
    other = await campus.operator("oscar")
    made = await account(other, "create_courses")
    async with system(campus, await token(other, made, "courses:read")) as client:
        checked(await client.get("/api/courses"))
        await campus.grant(other, operator_since=None)

        async def is_refused() -> bool:
            return (await client.get("/api/courses")).status_code == 403

        await until(is_refused, "the token is refused")
        assert await code(client, "GET", "/api/courses") == (403, "service_owner_inactive")
        [shown] = (await operator.get(ACCOUNTS))["items"]
        assert (shown["owner_operates"], shown["can"]) == (False, ["disable", "take_over"])
        taken = checked(await operator.http.put(f"{ACCOUNTS}/{made['id']}/owner"))
        assert (taken["owner_id"], taken["can"]) == (str(operator.id), ["disable"])

        async def is_accepted() -> bool:
            return (await client.get("/api/courses")).status_code == 200

        await until(is_accepted, "the token is accepted")


async def test_a_right_that_is_taken_is_gone_at_once(campus: Campus, operator: Person) -> None:
    made = await account(operator, "create_courses")
    async with system(campus, await token(operator, made, "courses:write")) as client:
        changed = await operator.put(f"{ACCOUNTS}/{made['id']}", {"name": "Reader", "rights": []})
        assert (changed["name"], changed["rights"]) == ("Reader", [])
        answer = await code(client, "POST", "/api/courses", json=a_course(status="draft"))
        assert answer == (403, "forbidden")


async def test_an_edit_of_an_old_version(operator: Person) -> None:
    made = await account(operator)
    path, draft = f"{ACCOUNTS}/{made['id']}", {"name": "Mine", "rights": []}
    await operator.put(path, {"name": "Theirs", "rights": []})
    stale = await operator.http.put(path, json=draft, headers={"If-Match": made["etag"]})
    assert (stale.status_code, stale.json()["code"]) == (412, "edited_meanwhile")
    without = await operator.http.put(path, json=draft)
    assert (without.status_code, without.json()["code"]) == (428, "if_match_required")


async def test_it_is_no_person(campus: Campus, operator: Person) -> None:
    made = await account(operator, "operate")
    listed = await operator.get("/api/people")
    assert [entry["id"] for entry in listed["items"]] == [str(operator.id)]
    assert await operator.refused("PUT", f"/api/people/{made['id']}/operator") == (
        404,
        "not_found",
    )
    # It operates, but nobody signs in as it: the last person who operates must stay.
    assert await operator.refused("DELETE", f"/api/people/{operator.id}/operator") == (
        409,
        "last_operator",
    )


async def test_its_tokens_are_listed_and_revoked(campus: Campus, operator: Person) -> None:
    made = await account(operator, "create_courses")
    secret = await token(operator, made, "courses:read")
    path = f"{ACCOUNTS}/{made['id']}/tokens"
    [shown] = await operator.get(path)
    assert (shown["name"], "token" in shown) == ("Production", False)
    [entry] = (await operator.get("/api/api-tokens?search=Git"))["items"]
    assert (entry["id"], entry["owner_name"]) == (shown["id"], "Git hook")
    await operator.delete(f"/api/api-tokens/{shown['id']}")
    async with system(campus, secret) as client:
        assert await code(client, "GET", "/api/courses") == (401, "token_revoked")


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "a" * 81}, "name"),
        ({"name": "Hook", "rights": ["everything"]}, "rights.0"),
        ({"name": "Hook", "owner": "me"}, "owner"),
    ],
)
async def test_a_draft_that_is_wrong(operator: Person, body: Any, field: str) -> None:
    answer = await operator.http.post(ACCOUNTS, json=body)
    assert answer.status_code == 422
    assert [problem["field"] for problem in answer.json()["fields"]] == [field]


async def test_for_operators_only(campus: Campus, operator: Person) -> None:
    made = await account(operator)
    teacher = await campus.teacher()
    for method, path in (
        ("GET", ACCOUNTS),
        ("GET", f"{ACCOUNTS}/{made['id']}"),
        ("PUT", f"{ACCOUNTS}/{made['id']}/disabled"),
        ("PUT", f"{ACCOUNTS}/{made['id']}/owner"),
        ("GET", f"{ACCOUNTS}/{made['id']}/tokens"),
    ):
        assert await teacher.refused(method, path) == (403, "operators_only")
    assert await operator.refused("GET", f"{ACCOUNTS}/{operator.id}") == (404, "not_found")
    assert await operator.refused("GET", f"{ACCOUNTS}/{operator.id}/tokens") == (404, "not_found")


class TestFull:
    @pytest.fixture
    def changes(self, changes: dict[str, Any]) -> dict[str, Any]:
        return {**changes, "service_accounts": 1}

    async def test_there_are_as_many_as_there_may_be(self, operator: Person) -> None:
        await account(operator)
        answer = await operator.refused("POST", ACCOUNTS, {"name": "Second"})
        assert answer == (409, "service_accounts_full")
