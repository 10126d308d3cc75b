"""Calls to a Docker engine, in an API version agreed with it; the only module with aiodocker.

The version is negotiated at the first call. A broken connection or an engine that refuses the
version makes the next call negotiate again: the engine may have been upgraded meanwhile, which
always breaks at least the event stream.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiodocker
import aiohttp
from aiodocker.exceptions import DockerError

from mydocker_kit.docker_api import Negotiated, UnusableEngine, negotiate
from mydocker_kit.logging import get_logger

from .. import metrics
from .interface import AlreadyThere, EngineAway, EngineError, EngineRefused, EngineUnusable
from .json_parsing import parsed

log = get_logger()
_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=2)
_WRONG_VERSION = "client version "
"""Of an engine's 400 to a version it does not speak."""


class EngineConnection:
    """One engine; every failure is an `EngineError`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._docker: aiodocker.Docker | None = None
        self._agreed: Negotiated | None = None
        self._is_stale = True
        self._negotiation: asyncio.Task[Negotiated] | None = None
        self._said = ""

    async def agreed(self) -> Negotiated:
        """Engine and API version; asks the engine where that is not known or no longer sure."""
        async with self._failures("GET version"):
            return (await self._ready())[1]

    def forget(self) -> None:
        """Negotiate again at the next call."""
        self._is_stale = True

    @asynccontextmanager
    async def call(
        self, path: str, method: str = "GET", name: str = "", **kwargs: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One call: timed, counted, its failure as one of ours."""
        name = name or f"{method} {path.split('/')[0]}"
        async with self._failures(name):
            docker, _ = await self._ready()
            began = time.perf_counter()
            async with docker._query(path, method, **kwargs) as response:
                metrics.ENGINE_SECONDS.labels(name).observe(time.perf_counter() - began)
                yield response

    async def json(self, path: str, method: str = "GET", **kwargs: Any) -> Any:
        """The parsed answer of one call."""
        async with self.call(path, method, **kwargs) as response:
            return parsed(await response.read())

    async def aclose(self) -> None:
        if self._negotiation:
            self._negotiation.cancel()
        if self._docker:
            await self._docker.close()

    async def _ready(self) -> tuple[aiodocker.Docker, Negotiated]:
        if self._docker is None:  # needs a running loop, so not in __init__
            self._docker = aiodocker.Docker(url=self._url, timeout=_TIMEOUT)
        if self._agreed is None or self._is_stale:
            # One negotiation for all who wait: a silent engine costs each of them one timeout.
            if self._negotiation is None or self._negotiation.done():
                self._negotiation = asyncio.create_task(self._negotiate(self._docker))
                self._negotiation.add_done_callback(_retrieve)
            self._agreed = await asyncio.shield(self._negotiation)
        return self._docker, self._agreed

    async def _negotiate(self, docker: aiodocker.Docker) -> Negotiated:
        async with docker._query("version", versioned_api=False) as response:
            body = await response.read()
        try:
            agreed = negotiate(body, self._url)
        except UnusableEngine as error:
            self._say(str(error), "engine.unusable")
            raise EngineUnusable(str(error), error.mismatch, error.engine) from error
        if self._say(str(agreed), "engine.connected", engine=agreed.engine, api=str(agreed.api)):
            metrics.ENGINE_INFO.clear()
            metrics.ENGINE_INFO.labels(agreed.engine, str(agreed.api)).set(1)
        docker.api_version = agreed.api.path
        self._is_stale = False
        return agreed

    def _say(self, text: str, event: str, **fields: str) -> bool:
        """Log what changed, not every reconnection."""
        if text == self._said:
            return False
        self._said = text
        if event == "engine.unusable":
            log.error(event, error=text)
        else:
            log.info(event, **fields)
        return True

    @asynccontextmanager
    async def _failures(self, name: str) -> AsyncIterator[None]:
        try:
            yield
        except DockerError as error:
            ours = _error(error)
            if isinstance(ours, EngineAway):
                self.forget()
            metrics.ENGINE_ERRORS.labels(name, type(ours).__name__).inc()
            raise ours from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.forget()
            metrics.ENGINE_ERRORS.labels(name, "EngineAway").inc()
            raise EngineAway(f"{name}: {error!r}") from error


def _retrieve(negotiation: asyncio.Task[Negotiated]) -> None:
    """Mark its exception as seen: whoever waited for it may have been cancelled."""
    if not negotiation.cancelled():
        negotiation.exception()


def _error(error: DockerError) -> EngineError:
    """409: the name is taken. Other 4xx: no, for good. The rest passes: no leader, restarting."""
    if error.status == 409:
        return AlreadyThere(error.message)
    if error.status == 400 and _WRONG_VERSION in error.message:
        return EngineAway(error.message)
    if 400 <= error.status < 500:
        return EngineRefused(error.message, error.status)
    return EngineAway(error.message)
