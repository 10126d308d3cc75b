"""The real edge and the real api as processes, between played services and played environments."""

import asyncio
import json
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import aiohttp
import asyncssh
from pydantic import SecretStr

from mydocker_api.access import port_tokens
from mydocker_api.domain.edge import labels
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import Address, EnvironmentStatus, Phase
from mydocker_kit.tokens import ServiceTrust
from tests.conftest import ServiceKeys
from tests.edge import programs
from tests.edge.programs import ROOT, Program
from tests.support.fakes.builder import FakeBuilder
from tests.support.fakes.gateway import FakeGateway
from tests.support.fakes.orchestrator import FakeOrchestrator
from tests.support.ports import reserved
from tests.support.serving import serving

COOKIE = "__Host-mydocker-access"
COOKIE_KEY = "k" * 40
PORT = 8888


@dataclass(frozen=True)
class Home:
    """One environment, its owner, and what the owner's browser holds."""

    id: UUID
    owner_id: UUID
    web_session_id: UUID
    upstream: int
    host: str
    cookie: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Host": self.host, "Cookie": f"{COOKIE}={self.cookie}"}


@dataclass
class Town:
    """What a test holds."""

    api: Program
    edge: Program
    orchestrator: FakeOrchestrator
    gateway: FakeGateway
    builder: FakeBuilder
    gateway_key: str
    """The played gateway's private key (PEM)."""
    ports: list[int]
    """Of played environments."""
    http: aiohttp.ClientSession
    bastion: Program
    access_port: int = 0
    """Where the edge asks who may pass."""
    given: int = 0

    def url(self, path: str = "/", scheme: str = "http") -> str:
        return f"{scheme}://127.0.0.1:{self.edge.port}{path}"

    async def open(self, count: int = 1) -> list[Home]:
        """Environments become ready, all in one breath."""
        homes = [self._home() for _ in range(count)]
        for home in homes:
            self.orchestrator.statuses[home.id] = _ready(home)
        for home in homes:
            await self.orchestrator.record(home.id)
        return homes

    async def close(self, home: Home, phase: Phase = Phase.STOPPED) -> None:
        """It is over; nothing is at its address any more."""
        await self.orchestrator.record(home.id, phase=phase, addresses=())

    async def reopen(self, home: Home) -> None:
        """Started again: another attempt, the same address."""
        addresses = _ready(home).addresses
        await self.orchestrator.record(home.id, phase=Phase.READY, addresses=addresses)

    def _home(self) -> Home:
        id, owner, session = uuid4(), uuid4(), uuid4()
        upstream = self.ports[self.given % len(self.ports)]
        self.given += 1
        label = labels.label(COOKIE_KEY.encode(), id, PORT)
        return Home(
            id=id,
            owner_id=owner,
            web_session_id=session,
            upstream=upstream,
            host=f"{label}.env.localhost:{self.edge.port}",
            cookie=port_tokens.issue(
                COOKIE_KEY, port_tokens.Kind.COOKIE, owner, id, PORT, session, utc_now()
            ),
        )

    async def get(self, home: Home, path: str = "/", **headers: str) -> tuple[int, str]:
        """Status and body of one request by the owner's browser."""
        async with self.http.get(self.url(path), headers={**home.headers, **headers}) as answer:
            return answer.status, await answer.text()

    async def until(self, home: Home, status: int, **headers: str) -> float:
        """Seconds until requests are answered with this status."""
        loop = asyncio.get_running_loop()
        began = loop.time()
        while (seen := (await self.get(home, **headers))[0]) != status:
            assert loop.time() - began < programs.PATIENCE, f"still {seen}"
            await asyncio.sleep(0.01)
        return loop.time() - began

    async def chat(self, home: Home) -> aiohttp.ClientWebSocketResponse:
        """An open WebSocket that has been greeted."""
        headers = {**home.headers, "Origin": f"http://{home.host}"}
        socket = await self.http.ws_connect(self.url("/chat"), headers=headers)
        assert (await socket.receive_json())["port"] == home.upstream
        return socket


def _ready(home: Home) -> EnvironmentStatus:
    now = utc_now()
    return EnvironmentStatus(
        id=home.id,
        owner_id=home.owner_id,
        course_id=uuid4(),
        session_id=None,
        attempt=1,
        version=0,
        phase=Phase.READY,
        since=now,
        asked_at=now,
        ready_at=now,
        addresses=(Address(port=PORT, host="127.0.0.1", host_port=home.upstream),),
    )


@asynccontextmanager
async def town(
    folder: Path, database_url: str, keys: ServiceKeys, vault_keys: SecretStr, places: int
) -> AsyncIterator[Town]:
    """All of it at work, with this many places to put environments."""
    orchestrator = FakeOrchestrator(_trust(keys, "mydocker-orchestrator"))
    gateway = FakeGateway(_trust(keys, "mydocker-lti-gateway"))
    builder = FakeBuilder(_trust(keys, "mydocker-builder"))
    async with AsyncExitStack() as stack:
        edge_port, api_port, access_port, bastion_port, stream_port = stack.enter_context(
            reserved(5)
        )
        gateway_url = await stack.enter_async_context(serving(gateway.app))
        variables = {
            "MYDOCKER_DATABASE_URL": database_url,
            "MYDOCKER_SERVICE_KEY": keys.private["mydocker-api"].get_secret_value(),
            "MYDOCKER_TRUSTED_SERVICE_KEYS": str(keys.folder),
            "MYDOCKER_VAULT_KEYS": vault_keys.get_secret_value(),
            "MYDOCKER_COOKIE_KEY": COOKIE_KEY,
            "MYDOCKER_APP_ORIGIN": f"http://localhost:{edge_port}",
            "MYDOCKER_USER_CONTENT_ORIGIN": f"http://env.localhost:{edge_port}",
            "MYDOCKER_ORCHESTRATOR_URL": await stack.enter_async_context(serving(orchestrator.app)),
            "MYDOCKER_BUILDER_URL": await stack.enter_async_context(serving(builder.app)),
            "MYDOCKER_LTI_URL": gateway_url,
            "MYDOCKER_ACCESS_PORT": str(access_port),
        }
        api = programs.service("mydocker_api", api_port, variables, folder)
        gateway_port = urlsplit(gateway_url).port or 0
        edge = programs.edge(
            edge_port, api_port, gateway_port, folder, access=access_port, stream=stream_port
        )
        bastion = programs.service(
            "mydocker_bastion", bastion_port, _of_bastion(keys, api_port, stream_port), folder
        )
        ports = stack.enter_context(_upstreams(places))
        for program in (api, edge, bastion):
            program.start()
            stack.callback(program.end)
        for program in (api, edge, bastion):
            await program.await_open()
        await bastion.await_ready()
        await api.await_ready()
        await api.await_ready(access_port)
        connector = aiohttp.TCPConnector(limit=0)
        http = await stack.enter_async_context(aiohttp.ClientSession(connector=connector))
        pem = keys.private["mydocker-lti-gateway"].get_secret_value()
        yield Town(
            api, edge, orchestrator, gateway, builder, pem, ports, http, bastion, access_port
        )


def _of_bastion(keys: ServiceKeys, api: int, stream: int) -> dict[str, str]:
    host_key = asyncssh.generate_private_key("ssh-ed25519").export_private_key().decode()
    return {
        "MYDOCKER_SERVICE_KEY": keys.private["mydocker-bastion"].get_secret_value(),
        "MYDOCKER_TRUSTED_SERVICE_KEYS": str(keys.folder),
        "MYDOCKER_API_URL": f"http://127.0.0.1:{api}",
        "MYDOCKER_SSH_LISTEN_PORT": "0",
        "MYDOCKER_SSH_HOST_KEY": host_key,
        "MYDOCKER_DESKTOP_LISTEN_PORT": "0",
        "MYDOCKER_STREAM_LISTEN_PORT": str(stream),
    }


def _trust(keys: ServiceKeys, service: str) -> ServiceTrust:
    return ServiceTrust.load(service, keys.folder)


@contextmanager
def _upstreams(count: int) -> Iterator[list[int]]:
    command = [sys.executable, "-m", "tests.edge.upstreams", str(count)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, cwd=ROOT)
    try:
        assert process.stdout
        yield json.loads(process.stdout.readline())
    finally:
        process.terminate()
        process.communicate(timeout=100)
