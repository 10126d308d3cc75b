"""Calls to a Docker engine, in a negotiated API version; the only module with aiodocker.

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
from .interface import EngineError, EngineIncompatible, EngineRefused, EngineUnavailable, NameTaken
from .json_parsing import parse_json

log = get_logger()
_TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=2)
_WRONG_VERSION = "client version "
"""Start of an engine's 400 to an unsupported version."""


class EngineConnection:
    """A connection to one engine; every failure is an `EngineError`."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._docker: aiodocker.Docker | None = None
        self._negotiated: Negotiated | None = None
        self._is_stale = True
        self._negotiation: asyncio.Task[Negotiated] | None = None
        self._last_logged = ""

    async def negotiated(self) -> Negotiated:
        """Engine and API version; negotiates if they are unknown or stale."""
        async with self._failures("GET version"):
            return (await self._ready())[1]

    def renegotiate(self) -> None:
        """Negotiate again at the next call."""
        self._is_stale = True

    @asynccontextmanager
    async def call(
        self, path: str, method: str = "GET", name: str = "", **kwargs: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """Make one call: timed, counted, its failure raised as `EngineError`."""
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
            return parse_json(await response.read())

    async def aclose(self) -> None:
        if self._negotiation:
            self._negotiation.cancel()
        if self._docker:
            await self._docker.close()

    async def _ready(self) -> tuple[aiodocker.Docker, Negotiated]:
        if self._docker is None:  # needs a running loop, so not in __init__
            self._docker = aiodocker.Docker(url=self._url, timeout=_TIMEOUT)
        if self._negotiated is None or self._is_stale:
            # One shared negotiation: an engine that does not answer costs each caller one timeout.
            if self._negotiation is None or self._negotiation.done():
                self._negotiation = asyncio.create_task(self._negotiate(self._docker))
                self._negotiation.add_done_callback(_retrieve)
            self._negotiated = await asyncio.shield(self._negotiation)
        return self._docker, self._negotiated

    async def _negotiate(self, docker: aiodocker.Docker) -> Negotiated:
        async with docker._query("version", versioned_api=False) as response:
            body = await response.read()
        try:
            negotiated = negotiate(body, self._url)
        except UnusableEngine as error:
            self._log_change(str(error), "engine.unusable")
            raise EngineIncompatible(str(error), error.mismatch, error.engine) from error
        if self._log_change(
            str(negotiated), "engine.connected", engine=negotiated.engine, api=str(negotiated.api)
        ):
            metrics.ENGINE_INFO.clear()
            metrics.ENGINE_INFO.labels(negotiated.engine, str(negotiated.api)).set(1)
        docker.api_version = negotiated.api.path
        self._is_stale = False
        return negotiated

    def _log_change(self, text: str, event: str, **fields: str) -> bool:
        """Log a change, not every reconnection."""
        if text == self._last_logged:
            return False
        self._last_logged = text
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
            translated = _translated(error)
            if isinstance(translated, EngineUnavailable):
                self.renegotiate()
            metrics.ENGINE_ERRORS.labels(name, type(translated).__name__).inc()
            raise translated from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self.renegotiate()
            metrics.ENGINE_ERRORS.labels(name, "EngineUnavailable").inc()
            raise EngineUnavailable(f"{name}: {error!r}") from error


def _retrieve(negotiation: asyncio.Task[Negotiated]) -> None:
    """Mark its exception as retrieved: its callers may have been cancelled."""
    if not negotiation.cancelled():
        negotiation.exception()


def _translated(error: DockerError) -> EngineError:
    """409: the name is taken. Other 4xx: refused. The rest is temporary: no leader, restarting."""
    if error.status == 409:
        return NameTaken(error.message)
    if error.status == 400 and _WRONG_VERSION in error.message:
        return EngineUnavailable(error.message)
    if 400 <= error.status < 500:
        return EngineRefused(error.message, error.status)
    return EngineUnavailable(error.message)
