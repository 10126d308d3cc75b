"""Volumes of the played orchestrator: where they are, what they take, and their erasure."""

from fastapi import FastAPI, Response

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.pools import Node
from mydocker_kit.contracts.orchestrator.volumes import (
    StoredVolume,
    VolumeInventory,
    VolumeNode,
    VolumeSizes,
    VolumeSizesRequest,
)
from mydocker_kit.errors import FolderUnavailable

from .service import Away, problem
from .work_files import FakeWorkFiles


class FakeVolumes:
    """Every folder of `files` is a recorded volume of `node`."""

    def __init__(self, app: FastAPI, files: FakeWorkFiles, node: Node) -> None:
        self.files, self.away = files, False
        self.volume_nodes: dict[str, VolumeNode] = {}
        self.mounted: set[str] = set()
        """Names of volumes that can be neither released nor erased."""
        self.erased: list[str] = []
        """Names of volumes, in the order of their erasure."""
        self.other_copies: list[StoredVolume] = []
        """Volumes of other machines, which have no record."""
        self.unknown_nodes: list[str] = []
        self.volumes_made_at = utc_now()
        self._add_routes_of_volumes(app, node)

    def _check(self) -> None:
        if self.away:
            raise Away

    def _add_routes_of_volumes(self, app: FastAPI, node: Node) -> None:
        @app.get("/volumes/{name}/node", response_model=None)
        async def volume_node(name: str) -> VolumeNode | Response:
            self._check()
            return self.volume_nodes.get(name) or problem(404, "not_found")

        @app.delete("/volumes/{name}/node", status_code=204, response_model=None)
        async def release(name: str) -> Response:
            self._check()
            if name in self.mounted:
                return problem(409, "volume_in_use")
            self.volume_nodes.pop(name, None)
            return Response(status_code=204)

        @app.get("/volumes")
        async def inventory() -> VolumeInventory:
            self._check()
            stored = [
                StoredVolume(
                    name=folder.name,
                    node_id=node.id,
                    node=node.name,
                    created_at=self.volumes_made_at,
                    recorded=True,
                )
                for folder in sorted(self.files.volumes.glob("*"))
            ]
            copies = tuple(self.other_copies)
            return VolumeInventory(
                volumes=(*stored, *copies), unknown_nodes=tuple(self.unknown_nodes)
            )

        @app.post("/volumes/sizes")
        async def sizes(body: VolumeSizesRequest) -> VolumeSizes:
            self._check()
            return VolumeSizes(sizes=self.files.sizes(body.names))

        @app.delete("/volumes/{name}", status_code=204, response_model=None)
        async def erase(name: str, node_id: str | None = None) -> Response:
            self._check()
            if name in self.mounted:
                return problem(409, "volume_in_use")
            if self.files.away:
                raise FolderUnavailable
            self.erased.append(name)
            if node_id in (None, node.id):
                self.files.erase(name)
            self.other_copies = [
                copy for copy in self.other_copies if (copy.name, copy.node_id) != (name, node_id)
            ]
            return Response(status_code=204)
