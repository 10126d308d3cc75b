"""The build engine: the only aiodocker import. One connection per call; closing it cancels."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiodocker
import aiohttp
from aiodocker.utils import compose_auth_header

from mydocker_kit.docker_api import Negotiated, UnusableEngine, negotiate
from mydocker_kit.logging import get_logger

log = get_logger()
_MIB = 1024 * 1024
_CPU_PERIOD = 100_000
_SHORT_TIMEOUT = aiohttp.ClientTimeout(total=20, sock_connect=5)
# No total limit: the runner has one of its own.
_NO_TOTAL_TIMEOUT = aiohttp.ClientTimeout(total=None, sock_connect=5)


class EngineError(Exception):
    """The engine's message when it refused or failed."""


class EngineUnavailable(EngineError):
    """The engine does not answer, or no longer does."""


class ImageNotFound(EngineError):
    """The registry has no such image."""


@dataclass(frozen=True)
class BuildLimits:
    """Resource limits of the containers of one build."""

    memory_mib: int
    cpu: float


@dataclass(frozen=True)
class RegistryLogin:
    """Push credentials; only the builder has them."""

    username: str
    password: str


@dataclass(frozen=True)
class Pushed:
    """The registry holds the image under this digest."""

    digest: str


class Engine:
    """Builds, pushes and looks up digests through one Docker engine."""

    def __init__(self, url: str, limits: BuildLimits, login: RegistryLogin | None) -> None:
        self._url, self._limits, self._login = url, limits, login
        self._agreed: Negotiated | None = None

    async def ping(self) -> None:
        """Raise `EngineUnavailable` if the engine does not answer or is incompatible."""
        async with (
            self._connection() as docker,
            self._answer(docker, "GET", "_ping", limits=_SHORT_TIMEOUT),
        ):
            pass

    async def build(
        self, context: bytes, tag: str, labels: Mapping[str, str]
    ) -> AsyncGenerator[str, None]:
        """Build `context` as `tag`, yielding output in pieces of any length."""
        params = {"t": tag, "labels": json.dumps(dict(labels)), **self._build_limits()}
        is_built = False
        async with (
            self._connection() as docker,
            self._answer(docker, "POST", "build", params=params, data=context) as answer,
        ):
            async for message in _messages(answer):
                is_built = is_built or "ID" in (message.get("aux") or {})
                if text := message.get("stream") or _progress(message):
                    yield text
        if not is_built:
            raise EngineUnavailable("The build engine ended the build without a result.")

    async def push(self, repository: str, tag: str) -> AsyncGenerator[str | Pushed, None]:
        """Push `repository:tag`, yielding its output and, at the end, `Pushed`."""
        digest = ""
        async with (
            self._connection() as docker,
            self._answer(
                docker, "POST", f"images/{repository}/push", {"tag": tag}, auth=repository
            ) as answer,
        ):
            async for message in _messages(answer):
                digest = (message.get("aux") or {}).get("Digest") or digest
                if text := _progress(message):
                    yield text
        yield Pushed(digest or await self.digest(repository, tag))

    async def digest(self, repository: str, tag: str) -> str:
        """The digest the registry holds under this tag; `ImageNotFound` when it holds none."""
        path = f"distribution/{repository}:{tag}/json"
        async with (
            self._connection() as docker,
            self._answer(docker, "GET", path, auth=repository, limits=_SHORT_TIMEOUT) as answer,
        ):
            body = await answer.json(content_type=None)
        return str(body["Descriptor"]["digest"])

    async def user(self, repository: str, tag: str) -> str:
        """The user in the configuration of this local image; empty: none is set."""
        path = f"images/{repository}:{tag}/json"
        async with (
            self._connection() as docker,
            self._answer(docker, "GET", path, limits=_SHORT_TIMEOUT) as answer,
        ):
            body = await answer.json(content_type=None)
        return str((body.get("Config") or {}).get("User") or "")

    def _build_limits(self) -> dict[str, str]:
        memory = str(self._limits.memory_mib * _MIB)
        return {
            "version": "1",  # the classic builder: plain log lines, one per step
            "rm": "1",
            "forcerm": "1",
            "memory": memory,
            "memswap": memory,  # equal means: no swap on top
            "cpuperiod": str(_CPU_PERIOD),
            "cpuquota": str(int(_CPU_PERIOD * self._limits.cpu)),
        }

    def _auth_header(self, repository: str) -> str:
        if self._login is None:
            return "e30="  # {} : the engine insists on a header even without credentials
        auth = {"username": self._login.username, "password": self._login.password}
        return str(compose_auth_header(auth, repository.partition("/")[0]))

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[aiodocker.Docker]:
        """A separate client per call: the engine stops a build when its connection closes."""
        docker = aiodocker.Docker(url=self._url)
        try:
            yield docker
        finally:
            await docker.close()

    @asynccontextmanager
    async def _answer(
        self,
        docker: aiodocker.Docker,
        method: str,
        path: str,
        params: Mapping[str, str] | None = None,
        *,
        data: bytes | None = None,
        auth: str | None = None,
        limits: aiohttp.ClientTimeout = _NO_TOTAL_TIMEOUT,
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        headers = {"Content-Type": "application/x-tar"} if data is not None else {}
        if auth:
            headers["X-Registry-Auth"] = self._auth_header(auth)
        query = docker._query(
            path, method, params=params, data=data, headers=headers, timeout=limits
        )
        try:
            if docker.api_version == "auto":
                docker.api_version = (await self._negotiated(docker)).api.path
            async with query as answer:
                try:
                    yield answer
                finally:
                    answer.close()
        except UnusableEngine as error:
            log.error("engine.unusable", error=str(error))
            raise EngineUnavailable(str(error)) from error
        except aiodocker.DockerError as error:
            raise _translated(error) from error
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise EngineUnavailable(f"The build engine does not answer: {error}") from error

    async def _negotiated(self, docker: aiodocker.Docker) -> Negotiated:
        """The version negotiated for this connection; logged when it changes."""
        async with docker._query("version", versioned_api=False, timeout=_SHORT_TIMEOUT) as answer:
            agreed = negotiate(await answer.read(), self._url)
        if agreed != self._agreed:
            log.info("engine.connected", engine=agreed.engine, api=str(agreed.api))
            self._agreed = agreed
        return agreed


def _translated(error: aiodocker.DockerError) -> EngineError:
    if error.status == 900:
        return EngineUnavailable(error.message)
    # Registries differ for a missing image: their own 404, or a 403 of the engine.
    if error.status == 404 or "manifest unknown" in error.message:
        return ImageNotFound(error.message)
    return EngineError(error.message)


async def _messages(answer: aiohttp.ClientResponse) -> AsyncIterator[dict[str, Any]]:
    """The JSON objects of a progress stream, of any length; `EngineError` for an error in it."""
    rest = b""
    async for chunk in answer.content.iter_any():
        *lines, rest = (rest + chunk).split(b"\n")
        for line in lines:
            if not line.strip():
                continue
            message: dict[str, Any] = json.loads(line)
            if "error" in message or "errorDetail" in message:
                detail = (message.get("errorDetail") or {}).get("message")
                raise EngineError(str(detail or message.get("error")))
            yield message
            await asyncio.sleep(0)  # a flood of output must not starve the heartbeat


def _progress(message: Mapping[str, Any]) -> str:
    """A line for the state of a layer; empty for its progress bar."""
    status = message.get("status")
    if not status or message.get("progressDetail"):
        return ""
    layer = f"{message['id']}: " if message.get("id") else ""
    return f"{layer}{status}\n"
