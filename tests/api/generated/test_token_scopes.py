"""Every operation with a token that lacks its scope, and with one that has nothing else."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any, NamedTuple
from uuid import uuid4

import httpx
import pytest
from tests.api.campus import Campus, Person
from tests.api.operating.fake_invitations import add_invitations
from tests.api.operating.fake_platforms import FakePlatforms
from tests.api.operating.fake_signing_keys import add_signing_keys

from mydocker_api.auth.api_tokens import REQUIRED_SCOPE
from mydocker_api.domain.tokens.form import SHOWN, digest, new_token
from mydocker_api.domain.tokens.scopes import ANY, Scope, allows
from mydocker_api.models import ApiToken
from mydocker_api.openapi import openapi_json
from mydocker_kit.clock import utc_now
from mydocker_kit.postgres.db import transaction


class Operation(NamedTuple):
    """One operation of the description."""

    name: str
    method: str
    path: str
    """With an id of nothing in each place."""
    scope: str | None
    body: bool


def operations() -> Iterator[Operation]:
    for path, item in json.loads(openapi_json())["paths"].items():
        for method, operation in item.items():
            yield Operation(
                operation["operationId"],
                method.upper(),
                _filled(path, operation.get("parameters", [])),
                operation.get(REQUIRED_SCOPE),
                "requestBody" in operation,
            )


def _filled(path: str, parameters: list[dict[str, Any]]) -> str:
    for parameter in parameters:
        if parameter["in"] == "path":
            is_uuid = parameter["schema"].get("format") == "uuid"
            path = path.replace(f"{{{parameter['name']}}}", str(uuid4()) if is_uuid else "x")
    return path


async def token_with(campus: Campus, owner: Person, scopes: list[Scope]) -> str:
    """Stored at once: there are more of them than a person may make."""
    secret, now = new_token(), utc_now()
    async with transaction(campus.app.state.sessions) as db:
        db.add(
            ApiToken(
                id=uuid4(),
                user_id=owner.id,
                name="Walker",
                digest=digest(secret),
                ending=secret[-SHOWN:],
                scopes=[scope.value for scope in scopes],
                created_at=now,
                expires_at=now + timedelta(days=1),
            )
        )
    return secret


async def answer_to(http: httpx.AsyncClient, operation: Operation, token: str) -> tuple[int, str]:
    """Status and code of a refusal; the code is empty where nothing is refused."""
    answer = await http.request(
        operation.method,
        operation.path,
        headers={"Authorization": f"Bearer {token}"},
        json={} if operation.body else None,
    )
    is_problem = answer.headers.get("Content-Type") == "application/problem+json"
    if operation.method == "HEAD":
        return answer.status_code, ""
    return answer.status_code, answer.json()["code"] if is_problem else ""


class Walk:
    """Tokens of one person, and what answered otherwise than the description says."""

    def __init__(self, campus: Campus, owner: Person, http: httpx.AsyncClient) -> None:
        self._campus, self._owner, self._http = campus, owner, http
        self._lacking: dict[Scope, str] = {}
        self._having: dict[Scope, str] = {}
        self.wrong: list[tuple[str, tuple[int, str]]] = []

    async def make_tokens(self) -> None:
        for scope in Scope:
            others = [other for other in Scope if not allows([other], scope)]
            self._lacking[scope] = await token_with(self._campus, self._owner, others)
            self._having[scope] = await token_with(self._campus, self._owner, [scope])
        self._nothing = await token_with(self._campus, self._owner, [])
        self._everything = await token_with(self._campus, self._owner, list(Scope))

    async def step(self, operation: Operation) -> None:
        if operation.scope is None:
            await self._refused(operation, self._everything, "token_not_accepted")
        elif operation.scope == ANY:
            await self._passed(operation, self._nothing)
        else:
            scope = Scope(operation.scope)
            await self._refused(operation, self._lacking[scope], "scope_missing")
            also = NEEDS_ALSO.get(operation.name)
            both = await token_with(self._campus, self._owner, [scope, also]) if also else None
            await self._passed(operation, both or self._having[scope])

    async def _refused(self, operation: Operation, token: str, code: str) -> None:
        answer = await answer_to(self._http, operation, token)
        if answer != (403, "" if operation.method == "HEAD" else code):
            self.wrong.append((operation.name, answer))

    async def _passed(self, operation: Operation, token: str) -> None:
        """Nothing is there and most bodies are empty: refused for that, if at all."""
        status, code = await answer_to(self._http, operation, token)
        if status >= 500 or code in ("scope_missing", "token_not_accepted"):
            self.wrong.append((operation.name, (status, code)))


NEEDS_ALSO = {"export_course": Scope.IMAGES_READ}
"""Its answer holds a second resource."""
NEVER_ENDS = "stream_changes"
HAVE_KEYS_OF_THEIR_OWN = ("download", "join_machine")
"""The first in its address; the second takes the one-time token of a machine."""


@pytest.mark.timeout(300)
async def test_every_operation_needs_the_scope_that_its_description_names(
    campus: Campus, platforms: FakePlatforms
) -> None:
    add_invitations(campus.gateway.app)
    add_signing_keys(campus.gateway.app)
    owner = await campus.teacher("walker")
    await campus.grant(owner, operator_since=utc_now())
    async with httpx.AsyncClient(base_url=campus.address, timeout=60) as http:
        walk = Walk(campus, owner, http)
        await walk.make_tokens()
        walked = [
            operation
            for operation in operations()
            if operation.name not in (NEVER_ENDS, *HAVE_KEYS_OF_THEIR_OWN)
        ]
        for operation in walked:
            await walk.step(operation)
    assert walk.wrong == []
    assert len(walked) > 150
