"""Work folders of the played orchestrator: folders of this machine, the real code of machines."""

import shutil
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from deploy.node.agent.disk import measured
from deploy.node.folder_files import tree
from deploy.node.folder_files.archives import tar_stream
from deploy.node.folder_files.restoring import restore
from deploy.node.folder_files.snapshots import SnapshotStore
from deploy.node.folder_files.writing import IncomingFile, remove
from fastapi import FastAPI, Request, Response
from fastapi.responses import StreamingResponse

from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.work_files import (
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
    SnapshotState,
)
from mydocker_kit.errors import FolderMissing, FolderUnavailable, ProblemError, SnapshotMissing
from mydocker_kit.problems import MEDIA_TYPE

from .service import problem


class FakeWorkFiles:
    """`away`: no machine answers; `refuses`: the code with which snapshots fail."""

    def __init__(self, app: FastAPI, root: Path) -> None:
        self.volumes, self.store = root / "volumes", SnapshotStore(root / "snapshots", spare=0)
        self.snapshots: dict[UUID, Snapshot] = {}
        self.away, self.refuses = False, ""
        app.add_exception_handler(ProblemError, _refused)
        self._add_snapshots(app)
        self._add_changes(app)
        self._add_files(app)

    def folder(self, volume: str) -> Path:
        """The work folder of this name, made if need be."""
        folder = self.volumes / volume
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def sizes(self, volumes: Iterable[str]) -> dict[str, int]:
        """Bytes of the volumes that are there."""
        folders = [self.volumes / volume for volume in volumes]
        sizes = measured([str(folder) for folder in folders if folder.is_dir()], 20)
        return {Path(path).name: size for path, size in sizes.items()}

    def erase(self, volume: str) -> None:
        """The folder and its snapshots."""
        shutil.rmtree(self.volumes / volume, ignore_errors=True)
        self.store.remove_all(volume)
        self.snapshots = {
            id: snapshot for id, snapshot in self.snapshots.items() if snapshot.volume != volume
        }

    def root(self, volume: str, snapshot: UUID | None) -> Path:
        if self.away:
            raise FolderUnavailable
        if snapshot is not None:
            if self.snapshots[snapshot].volume != volume:
                raise SnapshotMissing
            return self.store.data(volume, str(snapshot))
        if not (self.volumes / volume).is_dir():
            raise FolderMissing
        return self.volumes / volume

    def take(
        self, volume: str, id: UUID, kind: SnapshotKind, at: datetime | None = None
    ) -> Snapshot:
        """A snapshot, taken or refused at once."""
        values: dict[str, Any] = {"state": SnapshotState.FAILED, "problem": self.refuses}
        if not self.refuses:
            try:
                content = self.store.take(volume, str(id), self.root(volume, None))
                values = {"state": SnapshotState.READY, "content": content}
            except ProblemError as error:
                values["problem"] = error.code
        return Snapshot(id=id, volume=volume, kind=kind, asked_at=at or utc_now(), **values)

    def _add_snapshots(self, app: FastAPI) -> None:
        @app.post("/volumes/snapshots/lookup")
        async def lookup(body: SnapshotLookup) -> SnapshotList:
            known = [self.snapshots[id] for id in body.ids if id in self.snapshots]
            return SnapshotList(items=tuple(known))

        @app.put("/volumes/{volume}/snapshots/{id}")
        async def put(volume: str, id: UUID, body: SnapshotRequest) -> Snapshot:
            if id not in self.snapshots:
                self.snapshots[id] = self.take(volume, id, body.kind)
            return self.snapshots[id]

        @app.get("/volumes/{volume}/snapshots")
        async def listed(volume: str) -> SnapshotList:
            of_volume = [
                snapshot for snapshot in self.snapshots.values() if snapshot.volume == volume
            ]
            return SnapshotList(items=tuple(sorted(of_volume, key=_asked_at, reverse=True)))

        @app.post("/volumes/{volume}/restore")
        async def put_back(volume: str, body: RestoreRequest) -> Restored:
            if body.snapshot not in self.snapshots:
                raise SnapshotMissing
            before = uuid4()
            self.snapshots[before] = self.take(volume, before, SnapshotKind.BEFORE_RESTORE)
            data = self.root(volume, body.snapshot)
            return restore(data, self.root(volume, None), body.paths)

    def _add_changes(self, app: FastAPI) -> None:
        @app.put("/volumes/{volume}/content")
        async def write(
            volume: str, path: str, request: Request, replace: bool = False
        ) -> FileWritten:
            file = IncomingFile(self.root(volume, None), path, replace=replace)
            try:
                async for data in request.stream():
                    file.write(data)
                return file.finish()
            finally:
                file.discard()

        @app.post("/volumes/{volume}/removals")
        async def take_away(volume: str, body: RemovalRequest) -> FilesRemoved:
            return FilesRemoved(removed=remove(self.root(volume, None), body.paths))

    def _add_files(self, app: FastAPI) -> None:
        @app.get("/volumes/{volume}/files")
        async def files(volume: str, path: str, snapshot: UUID | None = None) -> FolderListing:
            return tree.listing(self.root(volume, snapshot), path)

        @app.get("/volumes/{volume}/largest")
        async def largest(volume: str) -> LargestFiles:
            return LargestFiles(files=tree.largest(self.root(volume, None)))

        @app.get("/volumes/{volume}/content")
        async def content(volume: str, path: str, snapshot: UUID | None = None) -> Response:
            with tree.file_at(self.root(volume, snapshot), path) as file:
                return Response(open(file, "rb", closefd=False).read())  # noqa: ASYNC230

        @app.post("/volumes/{volume}/archive")
        async def archive(volume: str, body: ArchiveRequest) -> StreamingResponse:
            root = self.root(volume, body.snapshot)
            packed = list(tar_stream(root, body.paths, body.prefix, end=body.end))
            return StreamingResponse(iter(packed))


async def _refused(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    answer = problem(error.status, error.code)
    answer.headers["Content-Type"] = MEDIA_TYPE  # else a 503 looks as if something between said it
    return answer


def _asked_at(snapshot: Snapshot) -> datetime:
    return snapshot.asked_at
