"""The build engine: builds, pushes and looks up digests. One connection per call; closing it
cancels."""

import base64
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from mydocker_kit.docker.client import NO_CREDENTIALS, DockerClient
from mydocker_kit.docker.errors import EngineError, EngineIncompatible, EngineUnavailable

_MIB = 1024 * 1024
_CPU_PERIOD = 100_000


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

    async def ping(self) -> None:
        """Raise `EngineUnavailable` if the engine does not answer or is incompatible."""
        async with self._client() as client:
            await client.ping()

    async def build(
        self, context: bytes, tag: str, labels: Mapping[str, str]
    ) -> AsyncGenerator[str, None]:
        """Build `context` as `tag`, yielding output in pieces of any length."""
        params = {"t": tag, "labels": json.dumps(dict(labels)), **self._build_limits()}
        is_built = False
        async with self._client() as client, aclosing(client.build(context, params)) as messages:
            async for message in messages:
                is_built = is_built or "ID" in (message.get("aux") or {})
                if text := message.get("stream") or _progress(message):
                    yield text
        if not is_built:
            raise EngineUnavailable("The build engine ended the build without a result.")

    async def push(self, repository: str, tag: str) -> AsyncGenerator[str | Pushed, None]:
        """Push `repository:tag`, yielding its output and, at the end, `Pushed`."""
        digest, auth = "", self._auth_header(repository)
        async with (
            self._client() as client,
            aclosing(client.push(repository, tag, auth)) as messages,
        ):
            async for message in messages:
                digest = (message.get("aux") or {}).get("Digest") or digest
                if text := _progress(message):
                    yield text
        yield Pushed(digest or await self.digest(repository, tag))

    async def digest(self, repository: str, tag: str) -> str:
        """The digest the registry holds under this tag; `ImageNotFound` when it holds none."""
        async with self._client() as client:
            return await client.digest(f"{repository}:{tag}", self._auth_header(repository))

    async def user(self, repository: str, tag: str) -> str:
        """The user in the configuration of this local image; empty: none is set."""
        async with self._client() as client:
            image = await client.image(f"{repository}:{tag}")
        return str((image.get("Config") or {}).get("User") or "")

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
            return NO_CREDENTIALS
        login = {
            "username": self._login.username,
            "password": self._login.password,
            "serveraddress": repository.partition("/")[0],
        }
        return base64.urlsafe_b64encode(json.dumps(login).encode()).decode()

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[DockerClient]:
        """A separate client per call: the engine stops a build when its connection closes."""
        try:
            async with DockerClient(self._url) as client:
                yield client
        except EngineError as error:
            raise _translated(error) from error


def _translated(error: EngineError) -> EngineError:
    """An answer with a 5xx is a refusal here: the registry's own words arrive so."""
    if isinstance(error, EngineIncompatible):
        return error
    if isinstance(error, EngineUnavailable) and error.status is None:
        return EngineUnavailable(f"The build engine does not answer: {error}")
    # Registries differ for a missing image: their own 404, or a 403 of the engine.
    if error.status == 404 or "manifest unknown" in str(error):
        return ImageNotFound(str(error), error.status)
    return EngineError(str(error), error.status)


def _progress(message: Mapping[str, Any]) -> str:
    """A line for the state of a layer; empty for its progress bar."""
    status = message.get("status")
    if not status or message.get("progressDetail"):
        return ""
    layer = f"{message['id']}: " if message.get("id") else ""
    return f"{layer}{status}\n"
