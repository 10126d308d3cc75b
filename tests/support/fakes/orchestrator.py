"""The orchestrator, played: statuses that tests move on."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from fastapi.responses import PlainTextResponse, StreamingResponse
from starlette.datastructures import Headers

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.base import Page
from mydocker_kit.contracts.orchestrator.environments import (
    Address,
    EnvironmentSpec,
    EnvironmentStatus,
    Phase,
    Reason,
    StopRequest,
    SwarmStep,
)
from mydocker_kit.contracts.orchestrator.pools import (
    Node,
    NodeAvailability,
    NodeChange,
    Pool,
    PoolState,
    Room,
)
from mydocker_kit.contracts.orchestrator.usage import EnvironmentUsage, UsageList
from mydocker_kit.etags import etag_of
from mydocker_kit.tokens import ServiceTrust

from .machines import FakeMachines
from .service import problem, service_app
from .volumes import FakeVolumes
from .work_files import FakeWorkFiles

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
    api_version="1.41",
    room=Room(cpu=4, free_cpu=1, memory_mib=8192, free_memory_mib=4096),
    environments=2,
)


class FakeOrchestrator(FakeVolumes):
    """Keeps statuses; tests move them on."""

    def __init__(self, trust: ServiceTrust, folder: Path | None = None) -> None:
        self.statuses: dict[UUID, EnvironmentStatus] = {}
        self.specs: dict[UUID, EnvironmentSpec] = {}
        self.puts: list[EnvironmentSpec] = []
        self.stops: list[StopRequest] = []
        self.refusing = False
        self.root_needs_approval = False
        self.delay = 0.0
        self.version = 0
        self._changed = asyncio.Condition()
        self.usage: list[EnvironmentUsage] = []
        self.pools = [A_POOL]
        self.nodes = [A_NODE]
        self.pool_headers: list[Headers] = []
        """Of requests to change a pool."""
        self.pool_refusal: Response | None = None
        self.node_changes: list[tuple[str, NodeChange]] = []
        self.app = service_app(trust)
        files = FakeWorkFiles(self.app, folder or Path(tempfile.mkdtemp()))
        super().__init__(self.app, files, A_NODE)
        self._add_routes()
        self._add_capacity()
        self.machines = FakeMachines(self.app, self._knows)

    def _add_capacity(self) -> None:
        @self.app.get("/nodes")
        async def nodes(page: int = 1, page_size: int = 50) -> Page[Node]:
            self._check()
            items = self.nodes[(page - 1) * page_size : page * page_size]
            return Page(items=items, total=len(self.nodes), page=page, page_size=page_size)

        @self.app.patch("/nodes/{id}", status_code=204, response_model=None)
        async def change(id: str, change: NodeChange) -> Response:
            self.node_changes.append((id, change))
            return Response(status_code=204) if id == A_NODE.id else problem(404, "not_found")

        @self.app.get("/pools")
        async def pools() -> list[PoolState]:
            return [self._state(pool) for pool in self.pools]

        @self.app.get("/pools/{name}", response_model=None)
        async def pool(name: str) -> PoolState | Response:
            known = (self._state(pool) for pool in self.pools if pool.name == name)
            return next(known, None) or problem(404, "pool_unknown")

        @self.app.put("/pools/{name}", response_model=None)
        async def put_pool(name: str, pool: Pool, request: Request) -> Any:
            self.pool_headers.append(request.headers)
            return pool if self.pool_refusal is None else self.pool_refusal

    def _knows(self, name: str) -> bool:
        return any(pool.name == name for pool in self.pools)

    def _state(self, pool: Pool) -> PoolState:
        nodes = [node for node in self.nodes if node.pool == pool.name]
        return PoolState(
            pool=pool,
            nodes=len(nodes),
            usable_nodes=len(nodes),
            room=A_NODE.room if nodes else Room(),
            largest=A_NODE.room if nodes else Room(),
            root_needs_approval=self.root_needs_approval,
            etag=etag_of(pool),
        )

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

    def _add_routes(self) -> None:
        @self.app.put("/environments/{id}", response_model=None)
        async def put(id: UUID, spec: EnvironmentSpec) -> EnvironmentStatus | Response:
            self._check()
            await asyncio.sleep(self.delay)
            if self.refusing:
                return problem(422, "invalid_request")
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
                return problem(404, "not_found")
            if self.statuses[id].phase in (Phase.STOPPED, Phase.FAILED):
                return self.statuses[id]
            return await self.record(
                id, phase=Phase.STOPPING, step=None, reason=Reason(code=body.reason)
            )

        @self.app.get("/environments")
        async def page(page: int = 1, page_size: int = 50) -> Page[EnvironmentStatus]:
            self._check()
            statuses = sorted(self.statuses.values(), key=lambda status: status.version)
            items = statuses[(page - 1) * page_size : page * page_size]
            return Page(items=items, total=len(statuses), page=page, page_size=page_size)

        @self.app.get("/environments/{id}", response_model=None)
        async def get(id: UUID) -> EnvironmentStatus | Response:
            self._check()
            return self.statuses.get(id) or problem(404, "not_found")

        @self.app.get("/environments/{id}/logs")
        async def logs(id: UUID, lines: int) -> PlainTextResponse:
            self._check()
            return PlainTextResponse("hello\n")

        @self.app.get("/usage")
        async def usage() -> UsageList:
            self._check()
            return UsageList(items=tuple(self.usage))

        @self.app.get("/changes")
        async def changes(after: int) -> StreamingResponse:
            self._check()
            return StreamingResponse(self._stream(after), media_type="text/event-stream")

    async def _stream(self, after: int) -> AsyncIterator[str]:
        yield ": here\n\n"
        while not self.away:
            matching = sorted(
                (status for status in self.statuses.values() if status.version > after),
                key=lambda status: status.version,
            )
            for status in matching:
                after = status.version
                data = status.model_dump_json()
                yield f"event: environment.changed\nid: {after}\ndata: {data}\n\n"
            async with self._changed:
                if self.version <= after:
                    await self._changed.wait()
