"""Work folders of tests: folders of this machine, served by the real `deploy.node.folder_files`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
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

    def erase(self, volume: str) -> None:
        folder = self._root / volume
        if folder.is_dir():
            folder.rename(self._root / f".erased-{volume}")


class LocalFolders(FolderAgents):
    """Every node has its volumes below `root`; `away`: nodes whose agent does not answer."""

    def __init__(self, root: Path, trusted: Path, identity: ServiceIdentity) -> None:
        self.volumes, self.away = root / "volumes", set[str]()
        self.volumes.mkdir(parents=True)
        app = build("unix:///nowhere", root / "snapshots", trusted)
        access = Directories(self.volumes)
        self.store = SnapshotStore(root / "snapshots", spare=0)
        app.state.folder_files = FolderFiles(lambda: access, self.store)
        transport = httpx.ASGITransport(app)
        self._one = ServiceClient("http://folders", AUDIENCE, identity, utc_now, transport)

    async def of(self, node_id: str) -> FolderAgent:
        if node_id in self.away:
            raise FolderUnavailable(f"{node_id} is away")
        return FolderAgent(self._one)

    async def aclose(self) -> None:
        await self._one.aclose()
