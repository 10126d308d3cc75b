"""Work folders of tests: folders of this machine, served by the real `deploy.node.folder_files`."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from deploy.node.agent.disk import measured
from deploy.node.folder_files.__main__ import build
from deploy.node.folder_files.access import VolumeAccess
from deploy.node.folder_files.endpoints import FolderFiles
from deploy.node.folder_files.snapshots import SnapshotStore

from mydocker_kit.clock import utc_now
from mydocker_kit.errors import FolderMissing, FolderUnavailable
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity
from mydocker_orchestrator.folders.agents import FolderAgent, FolderAgents
from mydocker_orchestrator.swarm.agents import AUDIENCE


class Directories(VolumeAccess):
    """Volumes that are folders below `root`: what an engine's driver `local` makes."""

    def __init__(self, root: Path) -> None:
        self._root = root

    @contextmanager
    def opened(self, volume: str) -> Iterator[Path]:
        folder = self._root / volume
        if not folder.is_dir():
            raise FolderMissing
        yield folder

    def sizes(self, volumes: Iterable[str]) -> dict[str, int]:
        folders = [self._root / volume for volume in volumes]
        paths = [str(folder) for folder in folders if folder.is_dir()]
        return {Path(path).name: size for path, size in measured(paths, 20).items()}

    def erase(self, volume: str) -> None:
        folder = self._root / volume
        if folder.is_dir():
            folder.rename(self._root / f".erased-{volume}")


class LocalFolders(FolderAgents):
    """Every node has its volumes below `root`, unless `volumes_of` gave it folders of its own.

    `away`: nodes whose agent does not answer.
    """

    def __init__(self, root: Path, trusted: Path, identity: ServiceIdentity) -> None:
        self._root, self._trusted, self._identity = root, trusted, identity
        self.volumes, self.away = root / "volumes", set[str]()
        self.store = SnapshotStore(root / "snapshots", spare=0)
        self._one = self._served(root, self.store)
        self._own: dict[str, ServiceClient] = {}

    def volumes_of(self, node_id: str) -> Path:
        """The volumes of this node, which then has its own."""
        root = self._root / node_id
        if node_id not in self._own:
            self._own[node_id] = self._served(root, SnapshotStore(root / "snapshots", spare=0))
        return root / "volumes"

    def _served(self, root: Path, store: SnapshotStore) -> ServiceClient:
        volumes = root / "volumes"
        volumes.mkdir(parents=True)
        app, access = (
            build("unix:///nowhere", root / "snapshots", self._trusted),
            Directories(volumes),
        )
        app.state.folder_files = FolderFiles(lambda: access, store)
        transport = httpx.ASGITransport(app)
        return ServiceClient("http://folders", AUDIENCE, self._identity, utc_now, transport)

    async def of(self, node_id: str) -> FolderAgent:
        if node_id in self.away:
            raise FolderUnavailable(f"{node_id} is away")
        return FolderAgent(self._own.get(node_id, self._one))

    async def aclose(self) -> None:
        for client in (self._one, *self._own.values()):
            await client.aclose()
