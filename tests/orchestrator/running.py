"""An orchestrator at work, as its tests hold it."""

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from uuid import UUID

import httpx
from fastapi import FastAPI
from tests.conftest import ServiceKeys

from mydocker_kit.clients.orchestrator import AUDIENCE, OrchestratorClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import EnvironmentStatus, Phase
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

API = "mydocker-api"


@dataclass(frozen=True)
class RealSwarm:
    """A Swarm to test on: its manager, its network, the image `serve` pushed where it can pull."""

    url: str
    network: str
    image: str


@dataclass
class Reached:
    """An orchestrator, by api's client of it."""

    client: OrchestratorClient

    async def until(
        self, id: UUID, holds: Callable[[EnvironmentStatus], bool], within: float = 100
    ) -> EnvironmentStatus:
        return await until(self.client, id, holds, within)

    async def phase(self, id: UUID, phase: Phase, within: float = 100) -> EnvironmentStatus:
        return await until(self.client, id, lambda status: status.phase is phase, within)


@dataclass
class Running(Reached):
    """The whole service in this process."""

    app: FastAPI


Run = Callable[..., AbstractAsyncContextManager[Running]]


async def until(
    client: OrchestratorClient,
    id: UUID,
    holds: Callable[[EnvironmentStatus], bool],
    within: float = 100,
) -> EnvironmentStatus:
    """The first status seen that `holds`; fails loudly with the last one otherwise."""
    last: EnvironmentStatus | None = None
    deadline = asyncio.get_running_loop().time() + within
    while asyncio.get_running_loop().time() < deadline:
        last = await client.get(id)
        if holds(last):
            return last
        await asyncio.sleep(0.02)
    raise AssertionError(f"still {last!r} after {within} s")


def client_of(
    keys: ServiceKeys, url: str, transport: httpx.AsyncBaseTransport | None = None
) -> OrchestratorClient:
    """api's own client, with api's own key."""
    identity = ServiceIdentity.load(API, keys.private[API].get_secret_value())
    return OrchestratorClient(ServiceClient(url, AUDIENCE, identity, utc_now, transport))
