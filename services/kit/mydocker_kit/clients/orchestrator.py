"""What runs, and where."""

from collections.abc import AsyncIterator, Sequence
from urllib.parse import quote
from uuid import UUID

from pydantic import TypeAdapter

from ..contracts.base import Page
from ..contracts.cursors import Parameters
from ..contracts.orchestrator.environments import EnvironmentSpec, EnvironmentStatus, StopRequest
from ..contracts.orchestrator.pools import Node, NodeChange, NodeSort, Pool, PoolState
from ..contracts.orchestrator.usage import EnvironmentUsage, UsageList
from ..contracts.orchestrator.volumes import (
    VolumeInventory,
    VolumeNode,
    VolumeSizes,
    VolumeSizesRequest,
)
from ..contracts.orchestrator.work_files import (
    ArchiveRequest,
    FilesRemoved,
    FileWritten,
    FolderListing,
    LargestFiles,
    RemovalRequest,
    Restored,
    RestoreRequest,
    Snapshot,
    SnapshotKind,
    SnapshotList,
    SnapshotLookup,
    SnapshotRequest,
)
from ..etags import IfMatch
from ..sse import follow
from .machines import MachineCalls, conditions

AUDIENCE = "mydocker-orchestrator"
_PAGE = TypeAdapter(Page[EnvironmentStatus])
_POOLS = TypeAdapter(list[PoolState])
_NODES = TypeAdapter(Page[Node])
_FOLDER_SECONDS = 60.0
"""A large folder of a busy machine is listed slowly."""
_RESTORE_SECONDS = 900.0


class OrchestratorClient(MachineCalls):
    """Calls to the orchestrator; every one may be repeated."""

    async def put(self, id: UUID, spec: EnvironmentSpec) -> EnvironmentStatus:
        """Ask for this Environment. Secrets travel in the body, inside the control plane."""
        body = spec.model_dump(mode="json")
        body["credentials"]["password"] = spec.credentials.password.get_secret_value()
        response = await self._service.call("PUT", f"/environments/{id}", json=body)
        return EnvironmentStatus.model_validate_json(response.content)

    async def stop(self, id: UUID, request: StopRequest) -> EnvironmentStatus:
        response = await self._service.call(
            "POST", f"/environments/{id}/stop", json=request.model_dump(mode="json")
        )
        return EnvironmentStatus.model_validate_json(response.content)

    async def get(self, id: UUID) -> EnvironmentStatus:
        response = await self._service.call("GET", f"/environments/{id}")
        return EnvironmentStatus.model_validate_json(response.content)

    async def page(self, page: int, page_size: int = 500) -> Page[EnvironmentStatus]:
        """All Environments ever known, oldest change first."""
        response = await self._service.call(
            "GET", "/environments", params={"page": page, "page_size": page_size}
        )
        return _PAGE.validate_json(response.content)

    async def logs(self, id: UUID, lines: int = 200) -> str:
        """The container's last lines of output."""
        response = await self._service.call(
            "GET", f"/environments/{id}/logs", params={"lines": lines}
        )
        return response.text

    async def usage(self) -> tuple[EnvironmentUsage, ...]:
        """CPU and memory in use by all environments whose machines could be asked."""
        response = await self._service.call("GET", "/usage", tries=1)
        return UsageList.model_validate_json(response.content).items

    async def changes(self, after: int) -> AsyncIterator[EnvironmentStatus]:
        """Every status change after number `after`, for ever."""
        async for _, _, data in follow(self._service, "/changes", after):
            yield EnvironmentStatus.model_validate(data)

    async def pools(self) -> list[PoolState]:
        """Every pool, and what is free in it."""
        response = await self._service.call("GET", "/pools")
        return _POOLS.validate_json(response.content)

    async def pool(self, name: str) -> PoolState:
        """One pool, and what is free in it; `NotFound` (`pool_unknown`)."""
        response = await self._service.call("GET", f"/pools/{quote(name, safe='')}")
        return PoolState.model_validate_json(response.content)

    async def put_pool(
        self, name: str, pool: Pool, *, new: bool = False, if_match: IfMatch | None = None
    ) -> Pool:
        """Make or change a pool; refused when its own name is another.

        `new`: and when there is one (`pool_exists`). `if_match`: and when it is in another version
        or removed (`EditedMeanwhile`).
        """
        condition = {"If-None-Match": "*"} if new else conditions(if_match)
        response = await self._service.call(
            "PUT",
            f"/pools/{quote(name, safe='')}",
            headers=condition,
            json=pool.model_dump(mode="json"),
        )
        return Pool.model_validate_json(response.content)

    async def remove_pool(self, name: str, *, if_match: IfMatch | None = None) -> None:
        """Forget a pool; refused while machines or environments are in it."""
        await self._service.call(
            "DELETE", f"/pools/{quote(name, safe='')}", headers=conditions(if_match)
        )

    async def nodes(self, asked: Parameters, sort: NodeSort = NodeSort.NAME) -> Page[Node]:
        """The machines of the Swarm; `search` looks at their names."""
        response = await self._service.call("GET", "/nodes", params={**asked, "sort": sort})
        return _NODES.validate_json(response.content)

    async def change_node(self, id: str, change: NodeChange) -> None:
        """Drain, pause, activate, or label into a pool."""
        await self._service.call(
            "PATCH", f"/nodes/{quote(id, safe='')}", json=change.model_dump(mode="json")
        )

    async def volume_node(self, name: str) -> VolumeNode:
        """On which node this volume is; `NotFound`."""
        response = await self._service.call("GET", f"/volumes/{quote(name, safe='')}/node")
        return VolumeNode.model_validate_json(response.content)

    async def release_volume(self, name: str) -> None:
        """Forget on which node this volume is; refused while it is mounted (`volume_in_use`)."""
        await self._service.call("DELETE", f"/volumes/{quote(name, safe='')}/node")

    async def put_snapshot(self, volume: str, id: UUID, kind: SnapshotKind) -> Snapshot:
        """Ask for a snapshot of a volume; its state says when it is taken."""
        body = SnapshotRequest(kind=kind).model_dump(mode="json")
        response = await self._service.call("PUT", f"/volumes/{volume}/snapshots/{id}", json=body)
        return Snapshot.model_validate_json(response.content)

    async def snapshots(self, volume: str) -> tuple[Snapshot, ...]:
        """The snapshots of a volume, the newest first."""
        response = await self._service.call("GET", f"/volumes/{volume}/snapshots")
        return SnapshotList.model_validate_json(response.content).items

    async def find_snapshots(self, ids: Sequence[UUID]) -> dict[UUID, Snapshot]:
        """The snapshots of these ids that are known."""
        body = SnapshotLookup(ids=tuple(ids)).model_dump(mode="json")
        response = await self._service.call("POST", "/volumes/snapshots/lookup", json=body)
        snapshots = SnapshotList.model_validate_json(response.content).items
        return {snapshot.id: snapshot for snapshot in snapshots}

    async def files(self, volume: str, path: str, snapshot: UUID | None = None) -> FolderListing:
        """One folder of a volume as it is now, or of a snapshot."""
        response = await self._service.call(
            "GET",
            f"/volumes/{volume}/files",
            params=_below(path, snapshot),
            timeout=_FOLDER_SECONDS,
        )
        return FolderListing.model_validate_json(response.content)

    async def largest_files(self, volume: str) -> LargestFiles:
        """The files of a volume that take most."""
        response = await self._service.call(
            "GET", f"/volumes/{volume}/largest", timeout=_FOLDER_SECONDS
        )
        return LargestFiles.model_validate_json(response.content)

    async def file(
        self, volume: str, path: str, snapshot: UUID | None = None
    ) -> AsyncIterator[bytes]:
        """The bytes of one file, as they come."""
        async for data in self._service.download(
            f"/volumes/{volume}/content", params=_below(path, snapshot), timeout=_FOLDER_SECONDS
        ):
            yield data

    async def archive(self, volume: str, request: ArchiveRequest) -> AsyncIterator[bytes]:
        """Files of a volume or a snapshot as a tar stream."""
        async for data in self._service.download_asked(
            f"/volumes/{volume}/archive",
            json=request.model_dump(mode="json"),
            timeout=_FOLDER_SECONDS,
        ):
            yield data

    async def restore(self, volume: str, snapshot: UUID, paths: Sequence[str]) -> Restored:
        """Put files of a snapshot back; without any, the whole folder."""
        body = RestoreRequest(snapshot=snapshot, paths=tuple(paths)).model_dump(mode="json")
        response = await self._service.call(
            "POST", f"/volumes/{volume}/restore", tries=1, json=body, timeout=_RESTORE_SECONDS
        )
        return Restored.model_validate_json(response.content)

    async def write_file(
        self, volume: str, path: str, content: AsyncIterator[bytes], *, replace: bool
    ) -> FileWritten:
        """Put a file into a folder; `file_exists` where one is that may not be replaced."""
        response = await self._service.call(
            "PUT",
            f"/volumes/{volume}/content",
            tries=1,
            params={"path": path, "replace": str(replace).lower()},
            content=content,
            timeout=_RESTORE_SECONDS,
        )
        return FileWritten.model_validate_json(response.content)

    async def remove_files(self, volume: str, paths: Sequence[str]) -> FilesRemoved:
        """Delete files and folders. Idempotent."""
        body = RemovalRequest(paths=tuple(paths)).model_dump(mode="json")
        response = await self._service.call(
            "POST", f"/volumes/{volume}/removals", tries=1, json=body, timeout=_RESTORE_SECONDS
        )
        return FilesRemoved.model_validate_json(response.content)

    async def volumes(self) -> VolumeInventory:
        """All volumes of environments that engines have or records name."""
        response = await self._service.call("GET", "/volumes", tries=1, timeout=_FOLDER_SECONDS)
        return VolumeInventory.model_validate_json(response.content)

    async def volume_sizes(self, names: Sequence[str]) -> dict[str, int]:
        """Bytes that these volumes take; without those that could not be measured in time."""
        body = VolumeSizesRequest(names=tuple(names)).model_dump(mode="json")
        response = await self._service.call(
            "POST", "/volumes/sizes", tries=1, json=body, timeout=_FOLDER_SECONDS
        )
        return VolumeSizes.model_validate_json(response.content).sizes

    async def erase_volume(self, volume: str, node_id: str | None = None) -> None:
        """Delete a volume and its snapshots; refused while it is mounted (`volume_in_use`).

        `node_id`: the copy on this machine, whatever the record says.
        """
        asked = {"node_id": node_id} if node_id else {}
        await self._service.call(
            "DELETE", f"/volumes/{volume}", params=asked, timeout=_RESTORE_SECONDS
        )

    async def aclose(self) -> None:
        await self._service.aclose()


def _below(path: str, snapshot: UUID | None) -> dict[str, str]:
    return {"path": path, **({"snapshot": str(snapshot)} if snapshot else {})}
