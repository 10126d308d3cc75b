"""The other services, played: they speak HTTP, live in memory, and can be made to fail."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from fastapi import Depends, FastAPI, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse, StreamingResponse
from jwt.algorithms import OKPAlgorithm

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.builds import (
    BuildPhase,
    BuildRequest,
    BuildStatus,
    LogLine,
    LogPage,
)
from mydocker_kit.contracts.environments import (
    Address,
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    Reason,
    StopRequest,
    SwarmStep,
)
from mydocker_kit.contracts.pools import (
    Node,
    NodeAvailability,
    NodeChange,
    Pool,
    PoolState,
    Room,
)
from mydocker_kit.contracts.refusals import RefusalPage, RefusedEntry
from mydocker_kit.contracts.rosters import Member, RosterPage
from mydocker_kit.contracts.scores import Score, ScoreState, ScoreStatus
from mydocker_kit.contracts.sessions import EndedSession, EndPerson, SessionEnd
from mydocker_kit.dependencies import calling_service
from mydocker_kit.tokens import AccessToken, ServiceTrust, access_claims

DIGEST = "sha256:" + "a" * 64
A_POOL = Pool(name="default", title="CPU")
A_NODE = Node(
    id="n1",
    name="one",
    address="192.0.2.10",
    pool="default",
    reachable=True,
    availability=NodeAvailability.ACTIVE,
    admitted=True,
    manages=False,
    engine_version="20.10.24",
    room=Room(cpu=4, free_cpu=1, memory_mib=8192, free_memory_mib=4096),
    environments=2,
)


class Away(Exception):
    """The service is not there."""


def _app(trust: ServiceTrust) -> FastAPI:
    app = FastAPI(dependencies=[Depends(calling_service)])
    app.state.trust = trust

    @app.exception_handler(Away)
    async def _away(request: Request, error: Away) -> Response:
        return Response(status_code=503)

    return app


def _problem(status: int, code: str) -> JSONResponse:
    return JSONResponse({"title": code, "code": code, "status": status, "detail": code}, status)


class FakeOrchestrator:
    """Keeps statuses; tests move them on."""

    def __init__(self, trust: ServiceTrust) -> None:
        self.statuses: dict[UUID, EnvironmentStatus] = {}
        self.specs: dict[UUID, EnvironmentSpec] = {}
        self.puts: list[EnvironmentSpec] = []
        self.stops: list[StopRequest] = []
        self.away = False
        self.refusing = False
        self.delay = 0.0
        self.version = 0
        self._changed = asyncio.Condition()
        self.node_changes: list[tuple[str, NodeChange]] = []
        self.app = _app(trust)
        self._add_routes()
        self._add_capacity()

    def _add_capacity(self) -> None:
        @self.app.get("/nodes")
        async def nodes(page: int, page_size: int) -> Page[Node]:
            self._check()
            return Page(items=[A_NODE], total=1, page=page, page_size=page_size)

        @self.app.patch("/nodes/{id}", status_code=204, response_model=None)
        async def change(id: str, change: NodeChange) -> Response:
            self.node_changes.append((id, change))
            return Response(status_code=204) if id == A_NODE.id else _problem(404, "not_found")

        @self.app.get("/pools")
        async def pools() -> list[PoolState]:
            return [
                PoolState(
                    pool=A_POOL, nodes=1, usable_nodes=1, room=A_NODE.room, largest=A_NODE.room
                )
            ]

        @self.app.put("/pools/{name}")
        async def put_pool(name: str, pool: Pool) -> Pool:
            return pool

    async def record(self, id: UUID, **changes: Any) -> EnvironmentStatus:
        """A change of a status, with its number."""
        self.version += 1
        now = utc_now()
        old = self.statuses[id]
        values = {"version": self.version, "since": now, **changes}
        self.statuses[id] = old.model_copy(update=values)
        async with self._changed:
            self._changed.notify_all()
        return self.statuses[id]

    async def starting(self, id: UUID, step: SwarmStep = SwarmStep.PREPARING) -> None:
        await self.record(id, phase=Phase.STARTING, step=step)

    async def ready(self, id: UUID, after: timedelta = timedelta(seconds=3)) -> None:
        """The environment answers on every port."""
        status, spec = self.statuses[id], self.specs[id]
        addresses = tuple(
            Address(port=port.number, host="127.0.0.1", host_port=32768 + index)
            for index, port in enumerate(spec.ports)
        )
        await self.record(
            id,
            phase=Phase.READY,
            step=None,
            ready_at=status.asked_at + after,
            addresses=addresses,
        )

    async def end(
        self, id: UUID, phase: Phase = Phase.STOPPED, reason: Reason | None = None, logs: str = ""
    ) -> None:
        await self.record(id, phase=phase, step=None, reason=reason, addresses=(), last_logs=logs)

    def _check(self) -> None:
        if self.away:
            raise Away

    def _add_routes(self) -> None:
        @self.app.put("/environments/{id}", response_model=None)
        async def put(id: UUID, spec: EnvironmentSpec) -> EnvironmentStatus | Response:
            self._check()
            await asyncio.sleep(self.delay)
            if self.refusing:
                return _problem(422, "invalid_request")
            self.puts.append(spec)
            self.specs[id] = spec
            old = self.statuses.get(id)
            if old is not None and old.attempt >= spec.attempt:
                if (old.ends_at, old.lease_ends_at) == (spec.ends_at, spec.lease_ends_at):
                    return old
                lease = spec.lease_ends_at or old.lease_ends_at
                ends = [at for at in (spec.ends_at, lease) if at]
                ends_at = min(ends, default=None)
                return await self.record(id, ends_at=ends_at, lease_ends_at=lease, since=old.since)
            now = utc_now()
            self.statuses[id] = EnvironmentStatus(
                id=id,
                owner_id=spec.owner_id,
                course_id=spec.course_id,
                session_id=spec.session_id,
                attempt=spec.attempt,
                version=self.version,
                phase=Phase.QUEUED,
                since=now,
                asked_at=now,
                ends_at=spec.ends_at,
            )
            return await self.record(id)

        @self.app.post("/environments/{id}/stop", response_model=None)
        async def stop(id: UUID, body: StopRequest) -> EnvironmentStatus | Response:
            self._check()
            self.stops.append(body)
            if id not in self.statuses:
                return _problem(404, "not_found")
            if self.statuses[id].phase in (Phase.STOPPED, Phase.FAILED):
                return self.statuses[id]
            return await self.record(
                id, phase=Phase.STOPPING, step=None, reason=Reason(code=body.reason)
            )

        @self.app.get("/environments")
        async def page(page: int, page_size: int) -> Page[EnvironmentStatus]:
            self._check()
            found = sorted(self.statuses.values(), key=lambda one: one.version)
            items = found[(page - 1) * page_size : page * page_size]
            return Page(items=items, total=len(found), page=page, page_size=page_size)

        @self.app.get("/environments/{id}", response_model=None)
        async def get(id: UUID) -> EnvironmentStatus | Response:
            self._check()
            return self.statuses.get(id) or _problem(404, "not_found")

        @self.app.get("/environments/{id}/logs")
        async def logs(id: UUID, lines: int) -> PlainTextResponse:
            self._check()
            return PlainTextResponse("hello\n")

        @self.app.get("/changes")
        async def changes(after: int) -> StreamingResponse:
            self._check()
            return StreamingResponse(self._stream(after), media_type="text/event-stream")

    async def _stream(self, after: int) -> AsyncIterator[str]:
        yield ": here\n\n"
        while not self.away:
            found = sorted(
                (one for one in self.statuses.values() if one.version > after),
                key=lambda one: one.version,
            )
            for status in found:
                after = status.version
                data = status.model_dump_json()
                yield f"event: environment.changed\nid: {after}\ndata: {data}\n\n"
            async with self._changed:
                if self.version <= after:
                    await self._changed.wait()


class FakeBuilder:
    """Keeps builds; each succeeds at once unless told otherwise."""

    def __init__(self, trust: ServiceTrust) -> None:
        self.builds: dict[UUID, BuildStatus] = {}
        self.requests: dict[UUID, BuildRequest] = {}
        self.logs: dict[UUID, list[str]] = {}
        self.outcome = BuildPhase.SUCCEEDED
        self.away = False
        self.app = _app(trust)
        self._add_routes()

    def _check(self) -> None:
        if self.away:
            raise Away

    def _add_routes(self) -> None:
        @self.app.put("/builds/{id}")
        async def put(id: UUID, request: BuildRequest) -> BuildStatus:
            self._check()
            self.requests[id] = request
            done = self.outcome is BuildPhase.SUCCEEDED
            self.builds[id] = BuildStatus(
                id=id,
                image_id=request.image_id,
                author_id=request.author_id,
                number=request.number,
                phase=self.outcome,
                reference=f"registry/images/{request.repository}@{DIGEST}" if done else None,
                queued_at=utc_now(),
            )
            self.logs[id] = ["Step 1/1 : FROM debian:12", "done"]
            return self.builds[id]

        @self.app.get("/builds/{id}", response_model=None)
        async def get(id: UUID) -> BuildStatus | Response:
            self._check()
            return self.builds.get(id) or _problem(404, "not_found")

        @self.app.get("/builds")
        async def of_image(image_id: UUID, page: int, page_size: int) -> Page[BuildStatus]:
            self._check()
            found = [one for one in self.builds.values() if one.image_id == image_id]
            found.sort(key=lambda one: -one.number)
            return Page(items=found, total=len(found), page=page, page_size=page_size)

        @self.app.post("/builds/latest")
        async def latest(ids: list[UUID]) -> list[BuildStatus]:
            self._check()
            newest = {}
            for one in sorted(self.builds.values(), key=lambda one: one.number):
                newest[one.image_id] = one
            return [newest[id] for id in ids if id in newest]

        @self.app.post("/builds/{id}/cancel")
        async def cancel(id: UUID) -> BuildStatus:
            self._check()
            self.builds[id] = self.builds[id].model_copy(update={"phase": BuildPhase.CANCELLED})
            return self.builds[id]

        @self.app.get("/builds/{id}/log")
        async def log(id: UUID, after: int, limit: int) -> LogPage:
            self._check()
            lines = [
                LogLine(number=number, text=text)
                for number, text in enumerate(self.logs[id], 1)
                if number > after
            ]
            ended = self.builds[id].phase is not BuildPhase.BUILDING
            return LogPage(lines=tuple(lines[:limit]), ended=ended)

        @self.app.get("/changes")
        async def changes(after: int) -> StreamingResponse:
            return StreamingResponse(self._stream(), media_type="text/event-stream")

    async def _stream(self) -> AsyncIterator[str]:
        yield ": here\n\n"
        await asyncio.sleep(3600)


class FakeGateway:
    """Signs people's access tokens."""

    def __init__(self, trust: ServiceTrust) -> None:
        self.kid, self.key = "first", Ed25519PrivateKey.generate()
        self.asked = 0
        self.away = False
        self.ended: list[EndedSession] = []
        self.shut_out: list[tuple[UUID, SessionEnd]] = []
        self._changed = asyncio.Condition()
        self.rosters: dict[str, list[Member]] = {}
        """By the platform's id of the context; none offered for the others."""
        self.roster_at: datetime | None = None
        self.stale = False
        self.scores: dict[UUID, Score] = {}
        self.score_state: tuple[ScoreState, str | None] = (ScoreState.QUEUED, None)
        self.takes_scores = True
        self.refusals: list[RefusedEntry] = []
        self.app = _app(trust)
        self._add_sessions()
        self._add_services()

        @self.app.get("/internal/access-keys")
        async def keys() -> dict[str, Any]:
            self.asked += 1
            public = json.loads(OKPAlgorithm.to_jwk(self.key.public_key()))
            return {"keys": [public | {"kid": self.kid, "alg": "EdDSA", "use": "sig"}]}

    def _add_sessions(self) -> None:
        @self.app.get("/internal/ended-sessions")
        async def ended(after: int) -> StreamingResponse:
            if self.away:
                raise Away
            return StreamingResponse(self._endings(after), media_type="text/event-stream")

        @self.app.post("/internal/people/{user_id}/end-sessions", status_code=204)
        async def end_person(user_id: UUID, body: EndPerson) -> None:
            if self.away:
                raise Away
            self.shut_out.append((user_id, body.reason))

    def _add_services(self) -> None:
        @self.app.get("/internal/contexts/{registration_id}/members", response_model=None)
        async def members(
            registration_id: UUID, deployment_id: str, context_id: str, page: int, page_size: int
        ) -> RosterPage | Response:
            if self.away:
                raise Away
            found = self.rosters.get(context_id)
            if found is None:
                return _problem(404, "roster_not_offered")
            return RosterPage(
                items=found[(page - 1) * page_size : page * page_size],
                total=len(found),
                page=page,
                page_size=page_size,
                fetched_at=self.roster_at or utc_now(),
                stale=self.stale,
            )

        @self.app.put("/internal/scores/{id}", response_model=None)
        async def put_score(id: UUID, score: Score) -> ScoreStatus | Response:
            if self.away:
                raise Away
            if not self.takes_scores:
                return _problem(409, "grades_not_offered")
            self.scores[id] = score
            return self._status(id)

        @self.app.get("/internal/scores/{id}")
        async def score(id: UUID) -> ScoreStatus:
            return self._status(id)

        @self.app.get("/internal/refusals")
        async def refusals(
            search: str, page: int, page_size: int, platform_id: UUID | None = None
        ) -> RefusalPage:
            if self.away:
                raise Away
            found = [
                one
                for one in self.refusals
                if one.reference.startswith(search) and platform_id in (None, one.registration_id)
            ]
            return RefusalPage(
                items=found[(page - 1) * page_size : page * page_size],
                total=len(found),
                page=page,
                page_size=page_size,
                reasons={one.reason: 1 for one in found},
            )

        @self.app.get("/internal/refusals/{reference}", response_model=None)
        async def refusal(reference: str) -> RefusedEntry | Response:
            found = [one for one in self.refusals if one.reference == reference]
            return found[0] if found else _problem(404, "refusal_unknown")

    def _status(self, id: UUID) -> ScoreStatus:
        state, reason = self.score_state
        return ScoreStatus(id=id, state=state, reason=reason, attempts=1)

    async def _endings(self, after: int) -> AsyncIterator[str]:
        yield ": here\n\n"
        while not self.away:
            for one in self.ended[after:]:
                after = one.number
                data = one.model_dump_json()
                yield f"event: session.ended\nid: {after}\ndata: {data}\n\n"
            async with self._changed:
                if len(self.ended) <= after and not self.away:
                    await self._changed.wait()

    async def end(self, web_session_id: UUID, reason: SessionEnd = SessionEnd.SIGNED_OUT) -> None:
        """A web session ends; followers hear of it."""
        number = len(self.ended) + 1
        self.ended.append(
            EndedSession(
                number=number,
                web_session_id=web_session_id,
                user_id=uuid4(),
                reason=reason,
                ended_at=utc_now(),
            )
        )
        await self.ring()

    async def ring(self) -> None:
        """Wake those who follow."""
        async with self._changed:
            self._changed.notify_all()

    def token(
        self,
        user_id: UUID,
        now: datetime,
        *,
        web_session_id: UUID | None = None,
        life: timedelta = timedelta(minutes=10),
        **forged: Any,
    ) -> str:
        """An access token as the gateway issues them; `forged` replaces claims."""
        told = access_claims(AccessToken(user_id, web_session_id or uuid4(), now + life), now)
        return jwt.encode(told | forged, self.key, "EdDSA", headers={"kid": self.kid})

    def rotate(self) -> None:
        self.kid, self.key = f"after-{self.kid}", Ed25519PrivateKey.generate()
