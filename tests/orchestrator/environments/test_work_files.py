"""Files and snapshots of work folders through the orchestrator, on the program of real machines."""

import io
import tarfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.conftest import ServiceKeys
from tests.orchestrator.fake_swarm import FakeSwarm
from tests.orchestrator.running import Run, Running
from tests.orchestrator.specs import a_spec
from tests.support.fakes.folders import LocalFolders
from tests.support.waiting import until

from mydocker_kit.clients.orchestrator import AUDIENCE
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.orchestrator.environments import VolumeMount
from mydocker_kit.contracts.orchestrator.volumes import NamedVolume
from mydocker_kit.contracts.orchestrator.work_files import (
    ArchiveRequest,
    Snapshot,
    SnapshotKind,
    SnapshotState,
)
from mydocker_kit.errors import (
    FileMissing,
    FolderMissing,
    FolderUnavailable,
    ProblemError,
    SnapshotMissing,
)
from mydocker_kit.postgres.db import transaction
from mydocker_kit.tokens import ServiceIdentity
from mydocker_orchestrator.models import VolumeNodeRow
from mydocker_orchestrator.settings import Settings


@dataclass
class Site:
    """An orchestrator, its machines' folders, and one work folder on machine n1."""

    orchestrator: Running
    folders: LocalFolders
    volume: str
    swarm: FakeSwarm

    @property
    def work(self) -> Path:
        return self.folders.volumes / self.volume

    async def snapshot(self, kind: SnapshotKind = SnapshotKind.SUBMISSION) -> Snapshot:
        """A snapshot that was asked for, once its try has ended."""
        id = uuid4()
        asked = await self.orchestrator.client.put_snapshot(self.volume, id, kind)
        assert asked.state is SnapshotState.PENDING
        return await self.settled(id)

    async def settled(self, id: UUID) -> Snapshot:
        async def look() -> Snapshot | None:
            snapshot = (await self.orchestrator.client.find_snapshots([id])).get(id)
            return snapshot if snapshot and snapshot.state is not SnapshotState.PENDING else None

        return await until(look, "the snapshot is taken or refused")


@pytest.fixture
async def site(
    run: Run, settings: Settings, service_keys: ServiceKeys, tmp_path: Path
) -> AsyncIterator[Site]:
    identity = ServiceIdentity.load(AUDIENCE, service_keys.private[AUDIENCE].get_secret_value())
    folders = LocalFolders(tmp_path, service_keys.folder, identity)
    swarm = FakeSwarm()
    async with run(settings, swarm=swarm, folder_agents=folders) as orchestrator:
        made = Site(orchestrator, folders, f"work-{uuid4().hex}", swarm)
        await _record(orchestrator, made.volume)
        made.work.mkdir()
        (made.work / "notes.txt").write_text("first")
        yield made


async def _record(orchestrator: Running, volume: str) -> None:
    async with transaction(orchestrator.app.state.sessions) as db:
        db.add(VolumeNodeRow(name=volume, node_id="n1", node="one", recorded_at=utc_now()))


async def test_a_submission_is_what_the_folder_was(site: Site) -> None:
    client = site.orchestrator.client
    taken = await site.snapshot()
    assert (taken.state, taken.problem) == (SnapshotState.READY, None)
    assert taken.content is not None
    assert taken.content.files == 1
    (site.work / "notes.txt").write_text("second")
    stored = b"".join([part async for part in client.file(site.volume, "notes.txt", taken.id)])
    now = b"".join([part async for part in client.file(site.volume, "notes.txt")])
    assert (stored, now) == (b"first", b"second")
    listed = await client.files(site.volume, "", taken.id)
    assert [entry.name for entry in listed.entries] == ["notes.txt"]
    request = ArchiveRequest(snapshot=taken.id, prefix="ada")
    packed = b"".join([part async for part in client.archive(site.volume, request)])
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        assert archive.getnames() == ["ada/notes.txt"]


async def test_a_snapshot_is_read_through_its_own_folder_only(site: Site) -> None:
    taken, other = await site.snapshot(), f"work-{uuid4().hex}"
    await _record(site.orchestrator, other)
    client = site.orchestrator.client
    with pytest.raises(ProblemError) as refused:
        await client.files(other, "", taken.id)
    assert refused.value.code == SnapshotMissing.code
    with pytest.raises(ProblemError) as refused:
        [part async for part in client.file(site.volume, "../secret")]
    assert refused.value.code == "file_path_invalid"
    with pytest.raises(ProblemError) as refused:
        [part async for part in client.file(site.volume, "never", taken.id)]
    assert refused.value.code == FileMissing.code


async def test_what_cannot_be_copied_says_why(site: Site) -> None:
    """A folder that was never made at once, a machine that is away after some tries."""
    site.work.rename(site.folders.volumes / "elsewhere")
    gone = await site.snapshot()
    assert (gone.state, gone.problem) == (SnapshotState.FAILED, FolderMissing.code)
    site.folders.away.add("n1")
    away = await site.snapshot()
    assert (away.state, away.problem) == (SnapshotState.FAILED, FolderUnavailable.code)


async def test_a_restore_keeps_what_was_there_as_a_snapshot(site: Site) -> None:
    client, taken = site.orchestrator.client, await site.snapshot()
    (site.work / "notes.txt").write_text("second")
    (site.work / "new").write_text("new")
    restored = await client.restore(site.volume, taken.id, [])
    assert (restored.files, restored.removed) == (1, 1)
    assert (site.work / "notes.txt").read_text() == "first"
    [before, *_] = await client.snapshots(site.volume)
    assert before.kind is SnapshotKind.BEFORE_RESTORE
    await client.restore(site.volume, before.id, ["new"])
    assert (site.work / "new").read_text() == "new"


async def test_a_new_environment_is_preceded_by_a_snapshot(site: Site) -> None:
    client, id = site.orchestrator.client, uuid4()
    spec = a_spec(volumes=(VolumeMount(name=site.volume, path="/work"),))
    await client.put(id, spec)
    assert await client.snapshots(site.volume) == ()
    await client.put(id, spec.model_copy(update={"attempt": 2}))
    [asked] = await client.snapshots(site.volume)
    assert asked.kind is SnapshotKind.BEFORE_NEW
    assert (await site.settled(asked.id)).state is SnapshotState.READY


async def test_all_volumes_are_listed_and_measured(site: Site) -> None:
    """Recorded ones, copies on other machines, and machines that do not answer."""
    client, swarm = site.orchestrator.client, site.swarm
    made = NamedVolume(name=site.volume, platform="mydocker", created_at=utc_now())
    lost = made.model_copy(update={"name": f"work-{uuid4().hex}"})
    swarm.others = [replace(swarm.node, id=f"n{number}", name=f"n{number}") for number in (2, 3)]
    swarm.volumes_on = {"n1": [made], "n2": [made, lost]}
    listed = await client.volumes()
    stored = {(volume.name, volume.node_id): volume for volume in listed.volumes}
    assert stored[site.volume, "n1"].recorded
    assert not stored[site.volume, "n2"].recorded
    assert (lost.name, "n2") in stored
    assert listed.unknown_nodes == ("n3",)
    (site.work / "data").write_bytes(b"x" * 300_000)
    sizes = await client.volume_sizes([site.volume, lost.name])
    assert list(sizes) == [site.volume]
    assert sizes[site.volume] >= 300_000
    site.folders.away.add("n1")
    assert await client.volume_sizes([site.volume]) == {}


async def test_erasing_another_copy_leaves_the_current_one(site: Site) -> None:
    """The record names n1: what goes on n2 is a copy that nothing uses any more."""
    client, taken = site.orchestrator.client, await site.snapshot()
    stale = site.folders.volumes_of("n2") / site.volume
    stale.mkdir()
    (stale / "old").write_text("old")
    await client.erase_volume(site.volume, "n2")
    assert not stale.exists()
    assert (site.work / "notes.txt").read_text() == "first"
    assert (await client.find_snapshots([taken.id]))[taken.id].state is SnapshotState.READY
    await client.erase_volume(site.volume, "n1")
    assert not site.work.exists()
    assert await client.find_snapshots([taken.id]) == {}


async def test_an_erased_folder_is_gone_with_its_snapshots(site: Site) -> None:
    client, taken = site.orchestrator.client, await site.snapshot()
    await client.erase_volume(site.volume)
    assert not site.work.exists()
    assert await client.find_snapshots([taken.id]) == {}
    with pytest.raises(SnapshotMissing):
        site.folders.store.data(site.volume, str(taken.id))
    with pytest.raises(ProblemError) as refused:
        await client.files(site.volume, "")
    assert refused.value.code == FolderMissing.code
    await client.erase_volume(site.volume)
