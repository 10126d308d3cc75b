"""A Swarm in memory whose tasks start by themselves, with ports that really answer."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from uuid import UUID

from mydocker_kit.contracts.orchestrator.environments import Address, EnvironmentSpec, PortKind
from mydocker_orchestrator.domain.observed_state import ObservedService, TaskState
from mydocker_orchestrator.domain.placement.gpus import UNCONSTRAINED, Placement
from tests.orchestrator.fake_swarm import FakeSwarm

_LOOPBACK = "127.0.0.1"
_STEP_SECONDS = 0.3
"""Slow enough to see each step of a start on the page."""
_STARTING = (
    TaskState.PENDING,
    TaskState.ASSIGNED,
    TaskState.ACCEPTED,
    TaskState.PREPARING,
    TaskState.READY,
    TaskState.STARTING,
)
_GREETINGS = {PortKind.SSH: b"SSH-2.0-Fake\r\n", PortKind.VNC: b"RFB 003.008\n"}
Answer = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


class AutomaticSwarm(FakeSwarm):
    """Moves each new task through Swarm's states and opens its ports on the loopback."""

    def __init__(self) -> None:
        super().__init__()
        self.node = replace(self.node, cpu=64, memory_mib=131_072, engine_version="fake")
        self._servers: dict[UUID, list[asyncio.Server]] = {}
        self._starts: set[asyncio.Task[None]] = set()

    async def create(
        self, id: UUID, spec: EnvironmentSpec, placement: Placement = UNCONSTRAINED
    ) -> None:
        await super().create(id, spec, placement)
        start = asyncio.create_task(self._start(id, spec))
        self._starts.add(start)
        start.add_done_callback(self._starts.discard)

    async def remove(self, service: ObservedService) -> None:
        await super().remove(service)
        self._close(service.environment_id)

    async def logs(self, id: UUID, lines: int) -> str:
        return f"The fake container of environment {id} is running.\n"

    async def _start(self, id: UUID, spec: EnvironmentSpec) -> None:
        for state in _STARTING:
            await asyncio.sleep(_STEP_SECONDS)
            if id not in self.services:
                return
            self.task(id, state=state)
        addresses = await self._listen(id, spec)
        if id not in self.services:
            self._close(id)
            return
        self.task(id, state=TaskState.RUNNING, container_id=f"fake-{id.hex}", addresses=addresses)

    async def _listen(self, id: UUID, spec: EnvironmentSpec) -> tuple[Address, ...]:
        addresses, servers = [], self._servers.setdefault(id, [])
        for port in spec.ports:
            server = await asyncio.start_server(_answer(id, port.kind), _LOOPBACK, 0)
            servers.append(server)
            number = int(server.sockets[0].getsockname()[1])
            addresses.append(Address(port=port.number, host=_LOOPBACK, host_port=number))
        return tuple(addresses)

    def _close(self, id: UUID) -> None:
        for server in self._servers.pop(id, []):
            server.close()


def _answer(id: UUID, kind: PortKind) -> Answer:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            if kind is PortKind.WEB:
                await reader.readuntil(b"\r\n\r\n")
                writer.write(_page(id))
            else:
                writer.write(_GREETINGS.get(kind, b""))
            await writer.drain()
        except (OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    return answer


def _page(id: UUID) -> bytes:
    body = (
        '<!doctype html><html lang="en"><title>Fake environment</title>'
        f"<h1>A fake environment</h1><p>{id}</p></html>"
    ).encode()
    head = (
        "HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n"
        f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n"
    )
    return head.encode() + body
