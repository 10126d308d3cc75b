"""The build engine: builds through buildx, the rest through the Docker API.

One connection or child process per call; closing it cancels.
"""

import asyncio
import base64
import itertools
import json
import shutil
import tempfile
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Mapping
from contextlib import aclosing, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from mydocker_kit.docker.client import NO_CREDENTIALS, DockerClient
from mydocker_kit.docker.errors import EngineError, EngineIncompatible, EngineUnavailable
from mydocker_kit.observability.logging import get_logger

from ..domain.buildkit import BuildKitEvent
from ..inventory.reading import Inventory, read_archive, unknown
from .build_context import write_context
from .buildx import BuildxMissing, Solve, solve
from .processes import ProcessExcess, ended_by

log = get_logger()
_INVENTORY_SECONDS = 300.0
"""An image of 8 GiB is read in less."""


class ImageNotFound(EngineError):
    """The registry has no such image."""


@dataclass(frozen=True)
class Sources:
    """What a build is made from, and the name and the labels of its image."""

    dockerfile: str
    wrapper: str
    tag: str
    labels: Mapping[str, str]
    files: Path | None
    """Folder with the other files of the build context; its content is moved from there."""
    cache_namespace: str
    """Builds with the same value share their cache mounts."""
    use_cache: bool = True


@dataclass(frozen=True)
class BuildSetup:
    """How builds run: the client, what the engine may fetch, the parent of their control groups."""

    buildx: str
    policy: str
    cgroup: str
    group: int | None = None
    """The group id by which the firewall knows the client's connections."""


@dataclass(frozen=True)
class RegistryLogin:
    """Push credentials; only the builder has them."""

    username: str
    password: str


@dataclass(frozen=True)
class Pushed:
    """The registry holds the image under this digest."""

    digest: str


@dataclass(frozen=True)
class ImageSize:
    """All layers of an image, unpacked."""

    bytes: int
    layers: int


class Engine:
    """Builds, pushes and looks up digests through one Docker engine."""

    def __init__(self, url: str, setup: BuildSetup, login: RegistryLogin | None) -> None:
        self._url, self._setup, self._login = url, setup, login
        self._slots: set[int] = set()

    async def ping(self) -> None:
        """Raise `EngineUnavailable` if the engine does not answer or is incompatible."""
        if shutil.which(self._setup.buildx) is None:
            raise EngineUnavailable(f"{self._setup.buildx} is not there: install docker-buildx.")
        async with self._client() as client:
            await client.ping()

    async def build(self, sources: Sources) -> AsyncGenerator[BuildKitEvent, None]:
        """Build an image into the engine's store; `SolveFailed` when BuildKit ends with an error.

        The images of the store are removed by `forget`, the cache by the engine itself.
        """
        await self.ping()  # its error is clearer than that of buildx
        with (
            tempfile.TemporaryDirectory(prefix="build-") as folder,
            self._cgroup() as cgroup,
        ):
            write_context(Path(folder), sources.dockerfile, sources.wrapper, sources.files)
            build = Solve(
                context=Path(folder),
                tag=sources.tag,
                labels=sources.labels,
                cache_namespace=sources.cache_namespace,
                cgroup=cgroup,
                policy=self._setup.policy,
                use_cache=sources.use_cache,
                group=self._setup.group,
            )
            excess = ProcessExcess(cgroup)
            try:
                async with aclosing(solve(self._setup.buildx, self._url, build)) as events:
                    async for event in ended_by(excess, events):
                        yield event
            except BuildxMissing as error:
                raise EngineUnavailable(str(error)) from error

    @contextmanager
    def _cgroup(self) -> Iterator[str]:
        """A control group that no other build of this process uses."""
        slot = next(number for number in itertools.count(1) if number not in self._slots)
        self._slots.add(slot)
        try:
            yield f"{self._setup.cgroup}/{slot}"
        finally:
            self._slots.discard(slot)

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

    async def inventory(self, tag: str) -> Inventory:
        """What this local image contains. A failure is an unknown content, never an error.

        The engine hands over the files of a container that is made of the image and never starts.
        """
        try:
            async with asyncio.timeout(_INVENTORY_SECONDS), self._client() as client:
                id = await client.create_container({"Image": tag, "Cmd": ["-"]})
                try:
                    async with client.exported(id) as files:
                        return await read_archive(files)
                finally:
                    await client.remove_container(id)
        except (EngineError, ValueError, OSError, TimeoutError) as error:
            log.warning("build.inventory_failed", tag=tag, error=repr(error))
            return unknown(f"the image's files could not be read: {error}")

    async def foreign_digest(self, reference: str) -> str:
        """The digest behind a reference in any registry, asked without credentials of ours."""
        async with self._client() as client:
            return await client.digest(reference, NO_CREDENTIALS)

    async def user(self, repository: str, tag: str) -> str:
        """The user in the configuration of this local image; empty: none is set."""
        async with self._client() as client:
            image = await client.image(f"{repository}:{tag}")
        return str((image.get("Config") or {}).get("User") or "")

    async def size(self, tag: str) -> ImageSize:
        """How large this local image is."""
        async with self._client() as client:
            image = await client.image(tag)
        layers = (image.get("RootFS") or {}).get("Layers") or ()
        return ImageSize(bytes=int(image.get("Size") or 0), layers=len(layers))

    async def forget(self, tag: str) -> None:
        """Remove an image from the engine's store; its layers stay in the build cache."""
        async with self._client() as client:
            await client.remove_image(tag)

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
        """A separate client per call."""
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
