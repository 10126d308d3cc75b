"""LTI Advantage services of a platform in memory: Moodle's rules, and injected faults."""

from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs
from uuid import UUID, uuid4

import httpx
import jwt
import pytest

from mydocker_kit.clients.lti import LtiClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.gateway.rosters import ContextKey
from mydocker_kit.contracts.gateway.scores import Score, ScoreStatus
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from mydocker_lti.domain.services.service_urls import GRADES_CLAIM, ROSTER_CLAIM, Scope
from tests.conftest import ServiceKeys

from ..conftest import Tool, Visit

ALL_SCOPES = [scope.value for scope in Scope if scope is not Scope.ROSTER]
LEARNERS = ("5", "6", "7")


def without(*scopes: Scope) -> list[str]:
    return [scope for scope in ALL_SCOPES if scope not in scopes]


def member(id: str, role: str = "Learner", **more: Any) -> dict[str, Any]:
    return {"user_id": id, "roles": [role], **more}


def container(*members: dict[str, Any], context: str = "2") -> dict[str, Any]:
    return {"context": {"id": context}, "members": list(members)}


@dataclass
class Services:
    """Token, roster and gradebook services of a platform."""

    origin: str
    requests: list[httpx.Request] = field(default_factory=list)
    bearers: set[str] = field(default_factory=set)
    down: bool = False
    faults: dict[str, list[httpx.Response]] = field(default_factory=dict)
    """Injected answers by the last part of the path, given before the normal ones."""
    expires_in: int = 3600
    pages: list[dict[str, Any]] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    items: list[dict[str, Any]] = field(default_factory=list)
    item_link: str = ""
    scores: dict[tuple[str, str], dict[str, Any]] = field(default_factory=dict)
    """Last stored score by line item path and person."""
    taken: list[dict[str, Any]] = field(default_factory=list)
    lose_answers: bool = False

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if self.down:
            raise httpx.ConnectError("nobody there")
        name = request.url.path.rpartition("/")[2]
        if waiting := self.faults.get(name):
            return waiting.pop(0)
        if name != "token" and request.headers.get("Authorization", "")[7:] not in self.bearers:
            return httpx.Response(401)
        answer: httpx.Response = getattr(self, f"_{name}")(request)
        return answer

    def count(self, name: str, method: str | None = None) -> int:
        return len(self.calls(name, method))

    def calls(self, name: str, method: str | None = None) -> list[httpx.Request]:
        return [
            request
            for request in self.requests
            if request.url.path.endswith(f"/{name}") and method in (None, request.method)
        ]

    def _token(self, request: httpx.Request) -> httpx.Response:
        form = parse_qs(request.content.decode())
        bearer = uuid4().hex
        self.bearers.add(bearer)
        body = {"access_token": bearer, "token_type": "Bearer", "expires_in": self.expires_in}
        response = httpx.Response(200, json={**body, "scope": form["scope"][0]})
        response.headers["Content-Type"] = "text/html"
        return response

    def _members(self, request: httpx.Request) -> httpx.Response:
        page = int(request.url.params.get("from", "0"))
        link = self.links[page] if page < len(self.links) else ""
        return httpx.Response(200, json=self.pages[page], headers={"Link": link} if link else {})

    def _lineitems(self, request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            headers = {b"Link": self.item_link.encode()} if self.item_link else {}
            return httpx.Response(200, json=self.items, headers=headers)
        item = {**_json(request), "id": f"{self.origin}/2/{uuid4().hex}/lineitem?type_id=1"}
        self.items.append(item)
        return httpx.Response(201, json=item)

    def _scores(self, request: httpx.Request) -> httpx.Response:
        column, body = request.url.path.removesuffix("/scores"), _json(request)
        if body["userId"] not in LEARNERS:
            return httpx.Response(400, text="Incorrect score received")
        known = self.scores.get((column, body["userId"]))
        if known and _second(body) <= _second(known):
            return httpx.Response(409)
        self.scores[column, body["userId"]] = body
        self.taken.append(body)
        if self.lose_answers:
            self.lose_answers = False
            raise httpx.ReadTimeout("the answer was lost")
        return httpx.Response(200)

    def _results(self, request: httpx.Request) -> httpx.Response:
        column, user = request.url.path.removesuffix("/results"), request.url.params["user_id"]
        known = self.scores.get((column, user), {})
        if known.get("gradingProgress") != "FullyGraded":
            return httpx.Response(200, json=[])
        result = {"resultScore": known["scoreGiven"], "resultMaximum": known["scoreMaximum"]}
        return httpx.Response(200, json=[{"userId": user, **result}])

    def grade(self, user: str = "5") -> list[float | None]:
        """Results of this person in each line item."""
        return [
            score.get("scoreGiven") if score["gradingProgress"] == "FullyGraded" else None
            for (_, who), score in self.scores.items()
            if who == user
        ]

    def repeated_users(self) -> Counter[str]:
        return Counter(score["userId"] for score in self.taken)


def _json(request: httpx.Request) -> dict[str, Any]:
    body: dict[str, Any] = httpx.Response(200, content=request.content).json()
    return body


def _second(body: dict[str, Any]) -> int:
    return int(datetime.fromisoformat(body["timestamp"]).timestamp())


def assertion_of(request: httpx.Request) -> tuple[dict[str, Any], dict[str, Any], str]:
    """Header, claims and encoded text of the client assertion in a token request."""
    text = parse_qs(request.content.decode())["client_assertion"][0]
    return (
        jwt.get_unverified_header(text),
        jwt.decode(text, options={"verify_signature": False}),
        text,
    )


@dataclass
class PlatformWithServices:
    """A platform with services, and a client of the gateway as api has it."""

    visit: Visit
    services: Services
    api: LtiClient

    @property
    def tool(self) -> Tool:
        return self.visit.tool

    @property
    def context(self) -> ContextKey:
        context = self.visit.last_launch().context
        assert context is not None
        return ContextKey(
            registration_id=context.registration_id,
            deployment_id=context.deployment_id,
            context_id=context.context_id,
        )

    async def launch(
        self, *, link: str = "1", roster: object = "claim", **grades: Any
    ) -> ContextKey:
        """A launch that offers roster and grades, with changes of the claims."""
        origin = self.services.origin
        endpoint = {
            "scope": ALL_SCOPES,
            "lineitems": f"{origin}/2/lineitems?type_id=1",
            "lineitem": f"{origin}/2/{link}/lineitem?type_id=1",
            **grades,
        }
        names = {"context_memberships_url": f"{origin}/2/members", "service_versions": ["2.0"]}
        claims: dict[str, Any] = {
            GRADES_CLAIM: endpoint if endpoint["scope"] is not None else None,
            ROSTER_CLAIM: names if roster == "claim" else roster,
        }
        answer = await self.visit.launch(resource_link={"id": link}, **claims)
        assert answer.status_code == 303, answer.text
        return self.context

    def score(self, **changes: Any) -> Score:
        values: dict[str, Any] = {
            "context": self.context,
            "resource_link_id": "1",
            "resource_id": "course-1",
            "label": "OpenSSL practice",
            "subject": "5",
            "given": 80.0,
            "at": self.tool.now,
            **changes,
        }
        return Score(**values)

    async def send(self, **changes: Any) -> ScoreStatus:
        """Queue a score and run a step of the worker; returns the score's status."""
        id = await self.queue(**changes)
        await self.step()
        return await self.api.score(id)

    async def queue(self, **changes: Any) -> UUID:
        id = uuid4()
        await self.api.put_score(id, self.score(**changes))
        return id

    async def step(self) -> None:
        await self.tool.app.state.score_worker.step()


@pytest.fixture
async def platform(visit: Visit, service_keys: ServiceKeys) -> AsyncIterator[PlatformWithServices]:
    """A platform whose launches offer all services."""
    services = Services(visit.platform.issuer)
    visit.platform.services = services
    key = service_keys.private["mydocker-api"].get_secret_value()
    service = ServiceClient(
        "http://gateway",
        "mydocker-lti-gateway",
        ServiceIdentity.load("mydocker-api", key),
        utc_now,
        httpx.ASGITransport(app=visit.tool.app),
    )
    api = LtiClient(service)
    yield PlatformWithServices(visit, services, api)
    await api.aclose()
