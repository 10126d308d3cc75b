"""Every bad request of a script has a code of its own and a sentence in both languages.

One table for all of them: what is sent, and the status and code that come back.
"""

import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update
from tests.api.campus import Campus, Person, a_course

from mydocker_api.domain.tokens.form import new_token
from mydocker_api.models import ApiToken
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction
from mydocker_kit.web.bodies import MOST_BYTES

LOCALES = Path(__file__).parents[3] / "frontend/src/locales"
JSON = {"Content-Type": "application/json"}
DRAFT = a_course(status="draft")


class Script:
    """A teacher's program with a token of its own, and what it sends."""

    def __init__(self, campus: Campus, teacher: Person, token: dict[str, Any]) -> None:
        self.campus, self.teacher, self.token = campus, teacher, token

    async def send(self, method: str, path: str, **rest: Any) -> httpx.Response:
        """With its token, unless `rest` has another `Authorization`."""
        headers = {"Authorization": f"Bearer {self.token['token']}", **rest.pop("headers", {})}
        async with httpx.AsyncClient(base_url=self.campus.address, timeout=20) as client:
            return await client.request(method, path, headers=headers, **rest)

    async def course(self) -> dict[str, Any]:
        made: dict[str, Any] = await self.teacher.post("/api/courses", DRAFT)
        return made


async def unknown_scope(script: Script) -> httpx.Response:
    body = {"name": "Robot", "scopes": ["everything:write"]}
    return await script.teacher.http.post("/api/me/api-tokens", json=body)


async def missing_scope(script: Script) -> httpx.Response:
    return await script.send("GET", "/api/images")


async def expired(script: Script) -> httpx.Response:
    async with transaction(script.campus.app.state.sessions) as db:
        await db.execute(update(ApiToken).values(expires_at=utc_now() - timedelta(seconds=1)))
    return await script.send("GET", "/api/courses")


async def revoked(script: Script) -> httpx.Response:
    await script.teacher.delete(f"/api/api-tokens/{script.token['id']}")
    return await script.send("GET", "/api/courses")


async def never_made(script: Script) -> httpx.Response:
    headers = {"Authorization": f"Bearer {new_token()}"}
    return await script.send("GET", "/api/courses", headers=headers)


async def no_token(script: Script) -> httpx.Response:
    return await script.send("GET", "/api/courses", headers={"Authorization": "Basic eDp5"})


async def token_of_another_person(script: Script) -> httpx.Response:
    """It revokes what is not its own: the other token is not there for it."""
    other = await script.campus.teacher("other")
    return await other.http.delete(f"/api/api-tokens/{script.token['id']}")


async def course_of_another_person(script: Script) -> httpx.Response:
    other = await script.campus.teacher("other")
    course = await other.post("/api/courses", DRAFT)
    return await script.send("GET", f"/api/courses/{course['id']}")


async def of_a_disabled_person(script: Script) -> httpx.Response:
    await script.campus.grant(script.teacher, disabled_at=utc_now())
    return await script.send("GET", "/api/courses")


async def for_people_only(script: Script) -> httpx.Response:
    return await script.send("GET", "/api/account")


async def too_large(script: Script) -> httpx.Response:
    content = b'{"title": "' + b"a" * MOST_BYTES + b'"}'
    return await script.send("POST", "/api/courses", content=content, headers=JSON)


async def wrong_content_type(script: Script) -> httpx.Response:
    headers = {"Content-Type": "text/plain"}
    return await script.send("POST", "/api/courses", content=b'{"title": "x"}', headers=headers)


async def broken_json(script: Script) -> httpx.Response:
    return await script.send("POST", "/api/courses", content=b'{"title"', headers=JSON)


async def body_that_is_no_text(script: Script) -> httpx.Response:
    return await script.send("POST", "/api/courses", content=b'{"title": "\xff"}', headers=JSON)


async def unknown_field(script: Script) -> httpx.Response:
    return await script.send("POST", "/api/courses", json={**DRAFT, "colour": "red"})


async def stale_version(script: Script) -> httpx.Response:
    course = await script.course()
    path, headers = f"/api/courses/{course['id']}", {"If-Match": course["etag"]}
    await script.send("PUT", path, json={**DRAFT, "title": "First"}, headers=headers)
    return await script.send("PUT", path, json={**DRAFT, "title": "Second"}, headers=headers)


async def no_version(script: Script) -> httpx.Response:
    course = await script.course()
    return await script.send("PUT", f"/api/courses/{course['id']}", json=DRAFT)


async def malformed_version(script: Script) -> httpx.Response:
    course = await script.course()
    headers = {"If-Match": "0f9a"}
    return await script.send("PUT", f"/api/courses/{course['id']}", json=DRAFT, headers=headers)


async def key_of_another_request(script: Script) -> httpx.Response:
    headers = {"Idempotency-Key": "august"}
    await script.send("POST", "/api/courses", json=DRAFT, headers=headers)
    other = {**DRAFT, "title": "Other"}
    return await script.send("POST", "/api/courses", json=other, headers=headers)


async def malformed_key(script: Script) -> httpx.Response:
    headers = {"Idempotency-Key": "a" * 256}
    return await script.send("POST", "/api/courses", json=DRAFT, headers=headers)


async def malformed_cursor(script: Script) -> httpx.Response:
    return await script.send("GET", "/api/courses?cursor=three")


async def no_such_path(script: Script) -> httpx.Response:
    return await script.send("GET", "/api/cources")


async def no_such_method(script: Script) -> httpx.Response:
    return await script.send("PATCH", "/api/courses", json={})


Case = Callable[[Script], Awaitable[httpx.Response]]
TABLE: list[tuple[Case, int, str, str | None]] = [
    (unknown_scope, 422, "invalid_request", "scopes.0"),
    (missing_scope, 403, "scope_missing", None),
    (expired, 401, "token_expired", None),
    (revoked, 401, "token_revoked", None),
    (never_made, 401, "token_unknown", None),
    (no_token, 401, "unauthenticated", None),
    (token_of_another_person, 404, "not_found", None),
    (course_of_another_person, 404, "not_found", None),
    (of_a_disabled_person, 403, "user_disabled", None),
    (for_people_only, 403, "token_not_accepted", None),
    (too_large, 413, "request_too_large", None),
    (wrong_content_type, 415, "content_type_unknown", None),
    (broken_json, 422, "invalid_request", "8"),
    (body_that_is_no_text, 422, "invalid_request", "body"),
    (unknown_field, 422, "invalid_request", "colour"),
    (stale_version, 412, "edited_meanwhile", None),
    (no_version, 428, "if_match_required", None),
    (malformed_version, 400, "precondition_malformed", None),
    (key_of_another_request, 422, "idempotency_key_reused", None),
    (malformed_key, 400, "idempotency_key_malformed", None),
    (malformed_cursor, 422, "cursor_malformed", "cursor"),
    (no_such_path, 404, "not_found", None),
    (no_such_method, 405, "method_not_allowed", None),
]
"""Request, status, code, and the field that is named."""


@pytest.mark.parametrize(
    ("case", "status", "code", "field"), TABLE, ids=[case.__name__ for case, *_ in TABLE]
)
async def test_its_code_and_sentence(
    campus: Campus, case: Case, status: int, code: str, field: str | None
) -> None:
    teacher = await campus.teacher()
    draft = {"name": "August", "scopes": ["courses:write"]}
    script = Script(campus, teacher, await teacher.post("/api/me/api-tokens", draft))
    answer = await case(script)
    assert answer.headers["Content-Type"] == "application/problem+json", answer.text
    problem = answer.json()
    assert (answer.status_code, problem["status"], problem["code"]) == (status, status, code)
    assert [flaw["field"] for flaw in problem["fields"]] == ([field] if field else [])
    assert problem["request_id"] == answer.headers["X-Request-Id"]
    assert script.token["token"] not in answer.text
    for language in ("en", "fr"):
        texts = (LOCALES / language / "problems.ts").read_text(encoding="utf-8")
        assert re.search(rf"^  {code}:", texts, re.MULTILINE), (language, code)


def test_the_guide_says_what_each_of_them_means() -> None:
    guide = (LOCALES.parents[2] / "docs/integrators.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (\d{3}) \| `(\w+)` \| (.+) \| (.+) \|$", guide, re.MULTILINE)
    explained = {(int(status), code) for status, code, _, _ in rows}
    assert len(explained) == len(rows), "one row for each"
    sent_elsewhere = {(403, "service_owner_inactive"), (429, "too_many_requests")}
    assert explained == {(status, code) for _, status, code, _ in TABLE} | sent_elsewhere
