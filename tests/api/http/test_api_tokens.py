"""API tokens: made, used within their scopes, revoked; and everything that is refused."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select, update
from structlog.testing import capture_logs
from tests.api.campus import Campus, Person, checked
from tests.support.waiting import until

from mydocker_api.api_tokens.queries import delete_ended
from mydocker_api.domain.tokens.form import digest, new_token
from mydocker_api.models import ApiToken, User
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.launches import ContextRole
from mydocker_kit.postgres.db import transaction


async def made(person: Person, *scopes: str, **draft: Any) -> dict[str, Any]:
    body = {"name": "August", "scopes": list(scopes), **draft}
    token: dict[str, Any] = await person.post("/api/me/api-tokens", body)
    return token


def script(campus: Campus, token: str) -> httpx.AsyncClient:
    """A script that holds the token and nothing else."""
    headers = {"Authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=campus.address, headers=headers, timeout=20)


async def refusal(client: httpx.AsyncClient, method: str, path: str, **rest: Any) -> Any:
    answer = await client.request(method, path, **rest)
    assert answer.headers["content-type"] == "application/problem+json", answer.text
    return answer.status_code, answer.json()["code"]


async def test_a_script_makes_courses_for_its_owner(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:write", expires_in_days=7)
    async with script(campus, token["token"]) as client:
        assert checked(await client.get("/api/me"))["id"] == str(teacher.id)
        course = checked(await client.post("/api/courses", json={"title": "Databases"}))
        assert checked(await client.get(f"/api/courses/{course['id']}"))["title"] == "Databases"
    listed = await teacher.get("/api/courses")
    assert [entry["title"] for entry in listed["items"]] == ["Databases"]
    [shown] = await teacher.get("/api/me/api-tokens")
    assert "token" not in shown
    assert shown["ending"] == token["token"][-4:]
    assert shown["last_used_at"] is not None


async def test_a_use_is_logged_once_with_the_tokens_id(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:read")
    async with script(campus, token["token"]) as client:
        with capture_logs() as logs:
            checked(await client.get("/api/courses"))
    used = [entry for entry in logs if entry["event"] == "api_token.used"]
    assert [(str(entry["token"]), entry["route"]) for entry in used] == [
        (token["id"], "/api/courses")
    ]


async def test_only_a_digest_is_stored(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:read")
    async with transaction(campus.app.state.sessions) as db:
        [row] = (await db.execute(select(ApiToken.__table__))).mappings().all()
    assert row["digest"] == digest(token["token"])
    assert token["token"] not in repr(dict(row))


async def test_a_token_does_no_more_than_its_owner_may_now(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:write", "people:write")
    async with script(campus, token["token"]) as client:
        assert await refusal(client, "GET", "/api/people") == (403, "operators_only")
        await campus.launch("teacher", ContextRole.STUDENT)
        assert await refusal(client, "POST", "/api/courses", json={"title": "No more"}) == (
            403,
            "forbidden",
        )


async def test_a_revoked_token_is_refused_without_a_restart(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:read")
    async with script(campus, token["token"]) as client:
        checked(await client.get("/api/courses"))
        for _ in range(2):  # a second time changes nothing
            await teacher.delete(f"/api/api-tokens/{token['id']}")

        async def is_refused() -> bool:
            return (await client.get("/api/courses")).status_code == 401

        await until(is_refused, "the token is refused")
        assert await refusal(client, "GET", "/api/courses") == (401, "token_revoked")


async def test_a_signed_in_person_who_is_disabled_takes_their_tokens_along(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:read")
    async with transaction(campus.app.state.sessions) as db:
        disabled = update(User).where(User.id == teacher.id).values(disabled_at=utc_now())
        await db.execute(disabled)
    async with script(campus, token["token"]) as client:
        assert await refusal(client, "GET", "/api/courses") == (403, "user_disabled")


async def expired(campus: Campus, teacher: Person) -> str:
    token = await made(teacher, "courses:read")
    async with transaction(campus.app.state.sessions) as db:
        await db.execute(update(ApiToken).values(expires_at=utc_now() - timedelta(seconds=1)))
    return str(token["token"])


async def revoked(campus: Campus, teacher: Person) -> str:
    token = await made(teacher, "courses:read")
    await teacher.delete(f"/api/api-tokens/{token['id']}")
    return str(token["token"])


async def unknown(campus: Campus, teacher: Person) -> str:
    return new_token()


async def mistyped(campus: Campus, teacher: Person) -> str:
    return str((await made(teacher, "courses:read"))["token"])[:-1] + "-"


@pytest.mark.parametrize(
    ("token_of", "code"),
    [
        (expired, "token_expired"),
        (revoked, "token_revoked"),
        (unknown, "token_unknown"),
        (mistyped, "token_unknown"),
    ],
)
async def test_a_token_that_is_worth_nothing(
    campus: Campus, token_of: Callable[[Campus, Person], Any], code: str
) -> None:
    teacher = await campus.teacher("teacher")
    async with script(campus, await token_of(campus, teacher)) as client:
        assert await refusal(client, "GET", "/api/courses") == (401, code)
        large = b"[" + b"0," * 500_000 + b"0]"
        headers = {"Content-Type": "application/json"}
        answer = await refusal(client, "POST", "/api/courses", content=large, headers=headers)
        assert answer == (401, code), "before the body is read"


@pytest.mark.parametrize(
    ("method", "path", "answer"),
    [
        ("GET", "/api/courses", (403, "scope_missing")),
        ("POST", "/api/courses", (403, "scope_missing")),
        ("GET", "/api/me/api-tokens", (403, "token_not_accepted")),
        ("POST", "/api/me/api-tokens", (403, "token_not_accepted")),
        ("GET", "/api/account", (403, "token_not_accepted")),
        ("GET", "/api/events", (403, "token_not_accepted")),
        ("GET", "/api/courses/00000000-0000-4000-8000-000000000000/window", (403, "scope_missing")),
    ],
)
async def test_beyond_its_scopes(
    campus: Campus, method: str, path: str, answer: tuple[int, str]
) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "images:read")
    async with script(campus, token["token"]) as client:
        checked(await client.get("/api/images"))
        draft = {"title": "x", "name": "x", "scopes": ["images:read"]}
        body = {"json": draft} if method == "POST" else {}
        assert await refusal(client, method, path, **body) == answer


async def test_the_window_may_be_read_by_a_token(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    course = await campus.course(teacher)
    token = await made(teacher, "environments:read")
    async with script(campus, token["token"]) as client:
        path = f"/api/courses/{course}/window"
        shown, own = checked(await client.get(path)), await teacher.get(path)
    assert {**shown, "now": ""} == {**own, "now": ""}


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ({"scopes": ["everything"]}, "invalid_request"),
        ({"scopes": []}, "invalid_request"),
        ({"name": "\u200b"}, "invalid_request"),
        ({"expires_in_days": 0}, "invalid_request"),
        ({"expires_in_days": 367}, "fields_invalid"),
        ({"colour": "red"}, "invalid_request"),
    ],
)
async def test_drafts_that_are_refused(campus: Campus, draft: dict[str, Any], code: str) -> None:
    teacher = await campus.teacher("teacher")
    body = {"name": "August", "scopes": ["courses:read"], **draft}
    assert await teacher.refused("POST", "/api/me/api-tokens", body) == (422, code)
    assert await teacher.get("/api/me/api-tokens") == []


async def test_a_full_list(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    campus.services.settings.__dict__["api_tokens_per_person"] = 2
    for _ in range(2):
        await made(teacher, "courses:read")
    body = {"name": "one more", "scopes": ["courses:read"]}
    assert await teacher.refused("POST", "/api/me/api-tokens", body) == (409, "api_tokens_full")


async def test_operators_see_and_revoke_everybodys(campus: Campus) -> None:
    teacher, colleague = await campus.teacher("teacher"), await campus.teacher("colleague")
    operator = await campus.teacher("operator")
    await campus.grant(operator, operator_since=utc_now())
    token = await made(teacher, "courses:read", name="Nightly")
    path = f"/api/api-tokens/{token['id']}"
    assert await colleague.refused("DELETE", path) == (404, "not_found")
    assert await colleague.refused("GET", "/api/api-tokens") == (403, "operators_only")
    tokens = await operator.get("/api/api-tokens", params={"search": "night"})
    assert [(entry["id"], entry["owner_id"]) for entry in tokens["items"]] == [
        (token["id"], str(teacher.id))
    ]
    await operator.delete(path)
    [shown] = await teacher.get("/api/me/api-tokens")
    assert shown["revoked_at"] is not None


async def test_ended_tokens_are_deleted_after_a_month(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:read")
    await teacher.delete(f"/api/api-tokens/{token['id']}")
    await made(teacher, "courses:read")
    async with transaction(campus.app.state.sessions) as db:
        assert await delete_ended(db, utc_now() - timedelta(days=30)) == 0
        assert await delete_ended(db, utc_now() + timedelta(seconds=1)) == 1
    assert len(await teacher.get("/api/me/api-tokens")) == 1


async def test_a_token_known_here_counts_for_its_owner(campus: Campus) -> None:
    teacher = await campus.teacher("teacher")
    token = await made(teacher, "courses:read")
    header = f"Bearer {token['token']}".encode()
    assert campus.services.known_caller(header) is None
    async with script(campus, token["token"]) as client:
        checked(await client.get("/api/courses"))

    async def known() -> bool:
        return campus.services.known_caller(header) == teacher.id

    await until(known, "the token is known")
