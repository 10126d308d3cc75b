"""HTTP client of the programs that read and copy work folders on their machines.

On other machines that is the agent, on the machine of the connected engine
`deploy.node.folder_files` at a unix socket.
"""

from collections.abc import AsyncIterator, Sequence
from typing import NoReturn
from uuid import UUID

import httpx
from pydantic import ValidationError

from mydocker_kit.clock import Clock
from mydocker_kit.contracts.orchestrator.volumes import VolumeSizes, VolumeSizesRequest
from mydocker_kit.contracts.orchestrator.work_files import (
    ArchiveRequest,
    FilesRemoved,
    FileWritten,
    FolderListing,
    LargestFiles,
    RemovalRequest,
    Restored,
    RestoreRequest,
    SnapshotContent,
)
from mydocker_kit.docker.errors import EngineError
from mydocker_kit.errors import (
    FileExists,
    FileMissing,
    FilePathInvalid,
    FolderFull,
    FolderMissing,
    FolderTooLarge,
    FolderUnavailable,
    ProblemError,
    SnapshotMissing,
    StoreFull,
)
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

from ..swarm.agents import AUDIENCE
from ..swarm.interface import SwarmClient
from .volume_use import VolumeInUse

_COPY_SECONDS = 900.0
"""A folder of some hundred thousand files, on a busy disk."""
_SIZES_SECONDS = 40.0
"""The program limits its own walk to 20 s."""


class FolderAgent:
    """The work folders of one machine. Every call raises `ProblemError`s of the contract."""

    def __init__(self, client: ServiceClient) -> None:
        self._client = client

    async def listing(self, volume: str, path: str, snapshot: UUID | None) -> FolderListing:
        """The entries of one folder."""
        try:
            answer = await self._client.call(
                "GET", f"/folders/{volume}/files", tries=1, params=_asked(path, snapshot)
            )
            return FolderListing.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def largest(self, volume: str) -> LargestFiles:
        """The files that take most."""
        try:
            answer = await self._client.call("GET", f"/folders/{volume}/largest", tries=1)
            return LargestFiles.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def content(self, volume: str, path: str, snapshot: UUID | None) -> AsyncIterator[bytes]:
        """The bytes of one file."""
        try:
            async for data in self._client.download(
                f"/folders/{volume}/content", params=_asked(path, snapshot)
            ):
                yield data
        except ProblemError as error:
            _refuse(error)

    async def archive(self, volume: str, request: ArchiveRequest) -> AsyncIterator[bytes]:
        """A tar stream."""
        try:
            async for data in self._client.download_asked(
                f"/folders/{volume}/archive", json=request.model_dump(mode="json")
            ):
                yield data
        except ProblemError as error:
            _refuse(error)

    async def take(self, volume: str, id: UUID) -> SnapshotContent:
        """Copy the folder; a snapshot that is there stays."""
        try:
            answer = await self._client.call(
                "PUT", f"/folders/{volume}/snapshots/{id}", tries=1, timeout=_COPY_SECONDS
            )
            return SnapshotContent.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def remove(self, volume: str, id: UUID) -> None:
        """Delete a snapshot. Idempotent."""
        try:
            await self._client.call(
                "DELETE", f"/folders/{volume}/snapshots/{id}", tries=1, timeout=_COPY_SECONDS
            )
        except ProblemError as error:
            _refuse(error)

    async def restore(self, volume: str, snapshot: UUID, paths: Sequence[str]) -> Restored:
        """Put files of a snapshot back."""
        body = RestoreRequest(snapshot=snapshot, paths=tuple(paths)).model_dump(mode="json")
        try:
            answer = await self._client.call(
                "POST", f"/folders/{volume}/restore", tries=1, json=body, timeout=_COPY_SECONDS
            )
            return Restored.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def write(
        self, volume: str, path: str, content: AsyncIterator[bytes], *, replace: bool
    ) -> FileWritten:
        """Put a file into the folder."""
        asked = {"path": path, "replace": str(replace).lower()}
        try:
            answer = await self._client.call(
                "PUT",
                f"/folders/{volume}/content",
                tries=1,
                params=asked,
                content=content,
                timeout=_COPY_SECONDS,
            )
            return FileWritten.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def remove_files(self, volume: str, paths: Sequence[str]) -> FilesRemoved:
        """Delete files of the folder. Idempotent."""
        body = RemovalRequest(paths=tuple(paths)).model_dump(mode="json")
        try:
            answer = await self._client.call(
                "POST", f"/folders/{volume}/removals", tries=1, json=body, timeout=_COPY_SECONDS
            )
            return FilesRemoved.model_validate(answer.json())
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def sizes(self, volumes: Sequence[str]) -> dict[str, int]:
        """Bytes that these volumes take; without those that were not measured in time."""
        body = VolumeSizesRequest(names=tuple(volumes)).model_dump(mode="json")
        try:
            answer = await self._client.call(
                "POST", "/folders/sizes", tries=1, json=body, timeout=_SIZES_SECONDS
            )
            return VolumeSizes.model_validate(answer.json()).sizes
        except (ProblemError, ValidationError, ValueError) as error:
            _refuse(error)

    async def erase(self, volume: str) -> None:
        """Delete the volume and its snapshots. Idempotent."""
        try:
            await self._client.call("DELETE", f"/folders/{volume}", tries=1, timeout=_COPY_SECONDS)
        except ProblemError as error:
            _refuse(error)


class FolderAgents:
    """One client per machine, made at its first call."""

    def __init__(
        self, swarm: SwarmClient, identity: ServiceIdentity, clock: Clock, port: int, socket: str
    ) -> None:
        self._swarm, self._identity, self._clock = swarm, identity, clock
        self._port, self._socket = port, socket
        self._clients: dict[str, ServiceClient] = {}

    async def of(self, node_id: str) -> FolderAgent:
        """The program of this node; `FolderUnavailable` where none can be asked."""
        try:
            if node_id == await self._swarm.own_node():
                return FolderAgent(self._client("http://folders", self._socket))
            nodes = {node.id: node for node in await self._swarm.nodes()}
        except EngineError as error:
            raise FolderUnavailable(str(error)) from error
        node = nodes.get(node_id)
        if node is None or not node.address or not self._port:
            raise FolderUnavailable(f"no agent of node {node_id} can be asked")
        return FolderAgent(self._client(f"http://{node.address}:{self._port}"))

    async def aclose(self) -> None:
        for client in self._clients.values():
            await client.aclose()

    def _client(self, url: str, socket: str | None = None) -> ServiceClient:
        if url not in self._clients:
            transport = httpx.AsyncHTTPTransport(uds=socket) if socket else None
            self._clients[url] = ServiceClient(
                url, AUDIENCE, self._identity, self._clock, transport
            )
        return self._clients[url]


def _asked(path: str, snapshot: UUID | None) -> dict[str, str]:
    return {"path": path, **({"snapshot": str(snapshot)} if snapshot else {})}


def _refuse(error: Exception) -> NoReturn:
    """Raise what the program of the machine refused with; anything else as its being away."""
    match getattr(error, "code", ""):
        case FolderMissing.code:
            raise FolderMissing from error
        case FileMissing.code:
            raise FileMissing from error
        case FileExists.code:
            raise FileExists from error
        case SnapshotMissing.code:
            raise SnapshotMissing from error
        case FilePathInvalid.code:
            raise FilePathInvalid from error
        case FolderTooLarge.code:
            raise FolderTooLarge from error
        case FolderFull.code:
            raise FolderFull from error
        case StoreFull.code:
            raise StoreFull from error
        case VolumeInUse.code:
            raise VolumeInUse from error
    raise FolderUnavailable(str(error)) from error
