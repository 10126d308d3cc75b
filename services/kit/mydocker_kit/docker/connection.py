"""The connection of an async program to one Docker engine; the only module with aiodocker.

The API version is negotiated at the first call. A broken connection or an engine that refuses the
version makes the next call negotiate again: the engine may have been upgraded meanwhile, which
always breaks at least the event stream. Every failure is an `EngineError`; calls are timed and
counted by the program's `Observer`.
"""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any, Protocol, Self

import aiodocker
import aiohttp

from ..observability.logging import get_logger
from .errors import EngineError, EngineIncompatible, EngineUnavailable, error_of
from .versions import Negotiated, UnusableEngine, negotiate

log = get_logger()
TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=2)
_NO_ANSWER = 900
"""aiodocker's status of a connection that failed."""


class Observer(Protocol):
    """Metrics of a program's calls."""

    def connected(self, negotiated: Negotiated) -> None:
        """Engine or API version changed."""

    def answered(self, call: str, seconds: float) -> None:
        """A call was answered after this time."""

    def failed(self, call: str, error: EngineError) -> None:
        """A call failed."""


class EngineConnection:
    """A connection to the engine at `url` (`unix://…`, `http://…`)."""

    def __init__(
        self,
        url: str,
        timeout: aiohttp.ClientTimeout = TIMEOUT,
        observer: Observer | None = None,
    ) -> None:
        self.url, self._timeout, self._observer = url, timeout, observer
        self._docker: aiodocker.Docker | None = None
        self._negotiated: Negotiated | None = None
        self._is_stale = True
        self._negotiation: asyncio.Task[Negotiated] | None = None
        self._last_logged = ""

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.aclose()

    async def negotiated(self) -> Negotiated:
        """Engine and API version; negotiates if they are unknown or stale."""
        async with self._failures("GET version"):
            return (await self._ready())[1]

    def renegotiate(self) -> None:
        """Negotiate again at the next call."""
        self._is_stale = True

    @asynccontextmanager
    async def calling(self, name: str) -> AsyncIterator[aiodocker.Docker]:
        """aiodocker's client, for one call of its public interface."""
        async with self._failures(name):
            docker, _ = await self._ready()
            began = time.perf_counter()
            yield docker
            self._answered(name, began)

    @asynccontextmanager
    async def request(
        self, path: str, method: str = "GET", *, name: str = "", **options: Any
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """One HTTP request, for what aiodocker's public interface lacks; `options` are aiohttp's.

        On aiodocker's own session, in the negotiated version. `name` is the call's in metrics.
        """
        name = name or f"{method} {path.split('/')[0]}"
        async with self._failures(name):
            docker, negotiated = await self._ready()
            began = time.perf_counter()
            url = f"{docker.docker_host}/{negotiated.api.path}/{path}"
            async with docker.session.request(method, url, **options) as response:
                if response.status >= 400:
                    raise error_of(response.status, await response.read())
                self._answered(name, began)
                yield response

    async def aclose(self) -> None:
        if self._negotiation:
            self._negotiation.cancel()
        if self._docker:
            await self._docker.close()

    async def _ready(self) -> tuple[aiodocker.Docker, Negotiated]:
        if self._docker is None:  # needs a running loop, so not in __init__
            self._docker = aiodocker.Docker(url=self.url, timeout=self._timeout)
        if self._negotiated is None or self._is_stale:
            # One shared negotiation: an engine that does not answer costs each caller one timeout.
            if self._negotiation is None or self._negotiation.done():
                self._negotiation = asyncio.create_task(self._negotiate(self._docker))
                self._negotiation.add_done_callback(_retrieve)
            self._negotiated = await asyncio.shield(self._negotiation)
        return self._docker, self._negotiated

    async def _negotiate(self, docker: aiodocker.Docker) -> Negotiated:
        # Not `docker.version()`: that already speaks a version, the engine's newest.
        async with docker.session.get(f"{docker.docker_host}/version") as response:
            body = await response.read()
            if response.status >= 400:
                raise error_of(response.status, body)
        try:
            negotiated = negotiate(body, self.url)
        except UnusableEngine as error:
            if self._is_new(str(error)):
                log.error("engine.unusable", error=str(error))
            raise EngineIncompatible(str(error), error.mismatch, error.engine) from error
        if self._is_new(str(negotiated)):
            log.info("engine.connected", engine=negotiated.engine, api=str(negotiated.api))
            if self._observer:
                self._observer.connected(negotiated)
        docker.api_version = negotiated.api.path
        self._is_stale = False
        return negotiated

    def _is_new(self, text: str) -> bool:
        """Whether this was not the last thing logged: reconnections are not logged again."""
        is_new, self._last_logged = text != self._last_logged, text
        return is_new

    def _answered(self, name: str, began: float) -> None:
        if self._observer:
            self._observer.answered(name, time.perf_counter() - began)

    @asynccontextmanager
    async def _failures(self, name: str) -> AsyncIterator[None]:
        try:
            yield
        except EngineError as error:
            self._failed(name, error)
            raise
        except aiodocker.DockerError as error:
            if error.status == _NO_ANSWER:
                raise self._failed(name, EngineUnavailable(error.message)) from error
            raise self._failed(name, error_of(error.status, error.message.encode())) from error
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise self._failed(name, EngineUnavailable(f"{name}: {error!r}")) from error

    def _failed(self, name: str, error: EngineError) -> EngineError:
        if isinstance(error, EngineUnavailable):
            self.renegotiate()
        if self._observer:
            self._observer.failed(name, error)
        return error


def _retrieve(negotiation: asyncio.Task[Negotiated]) -> None:
    """Mark its exception as retrieved: its callers may have been cancelled."""
    if not negotiation.cancelled():
        negotiation.exception()
