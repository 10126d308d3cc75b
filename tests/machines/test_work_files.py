"""Snapshots, reads and restores of work folders on real engines, by the agents of two machines."""

import io
import os
import tarfile
from collections.abc import AsyncIterator, Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from tests.faults.agents import secrets as secrets
from tests.machines.test_folders_stay import WORK, Platform, start, stop
from tests.machines.test_volume_plugin import MIB, a_notebook, shell
from tests.machines.test_volume_plugin import lab as lab
from tests.machines.test_volume_plugin import platform as platform
from tests.machines.test_volume_plugin import plugins as plugins
from tests.orchestrator.running import Running
from tests.support.engines.nodes import NodeLab
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import EnvironmentSpec, Phase, VolumeMount
from mydocker_kit.contracts.orchestrator.work_files import (
    ArchiveRequest,
    Snapshot,
    SnapshotKind,
    SnapshotState,
)
from mydocker_kit.errors import ProblemError

pytestmark = pytest.mark.timeout(600)


async def submit(orchestrator: Running, volume: str) -> Snapshot:
    """A snapshot of the volume, once it is taken or refused."""
    id = uuid4()
    await orchestrator.client.put_snapshot(volume, id, SnapshotKind.SUBMISSION)

    async def settled() -> Snapshot | None:
        snapshot = (await orchestrator.client.find_snapshots([id])).get(id)
        return snapshot if snapshot and snapshot.state is not SnapshotState.PENDING else None

    return await until(settled, "the snapshot is taken or refused")


async def read(orchestrator: Running, volume: str, path: str, snapshot: UUID | None) -> bytes:
    parts = [part async for part in orchestrator.client.file(volume, path, snapshot)]
    return b"".join(parts)


async def test_a_submission_under_a_running_writer_is_whole(
    platform: Platform, lab: NodeLab
) -> None:
    """A program replaces a numbered file all the time: the copy has one of its states."""
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    volume = spec.volumes[0].name
    machine = lab.machines[await start(orchestrator, id, spec)]
    await shell(machine, id, f"echo done > {WORK}/answer && ln -s /etc/passwd {WORK}/passwd")
    script = (
        "i=0; while [ ! -e stop ]; do i=$((i+1)); "
        "for n in 1 2 3 4 5 6 7 8; do echo $i; done > .new; mv .new state; done"
    )
    await shell(machine, id, f"cd {WORK} && ({script}) > /dev/null 2>&1 &")
    try:
        await until(_state_is_there(orchestrator, volume), "the writer writes")
        taken = await submit(orchestrator, volume)
        assert (taken.state, taken.problem) == (SnapshotState.READY, None)
        numbers = (await read(orchestrator, volume, "state", taken.id)).split()
        assert len(numbers) == 8
        assert len(set(numbers)) == 1
        later = (await read(orchestrator, volume, "state", None)).split()
        assert int(later[0]) > int(numbers[0]), "the writer went on"
    finally:
        await shell(machine, id, f"touch {WORK}/stop")
    with pytest.raises(ProblemError) as refused:
        await read(orchestrator, volume, "passwd", None)
    assert refused.value.code == "file_missing", "no link leads out of the folder"
    await stop(orchestrator, id, 1)


def _state_is_there(orchestrator: Running, volume: str) -> Callable[[], Awaitable[bool]]:
    async def look() -> bool:
        listed = await orchestrator.client.files(volume, "")
        return any(entry.name == "state" for entry in listed.entries)

    return look


async def test_a_stopped_folder_is_read_and_restored(platform: Platform, lab: NodeLab) -> None:
    """The agent mounts it by the plugin, and what the environment finds next is what it was."""
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    volume = spec.volumes[0].name
    machine = lab.machines[await start(orchestrator, id, spec)]
    random = os.urandom(64 * 1024).hex()
    await shell(machine, id, f"mkdir {WORK}/src && echo {random[:2000]} > {WORK}/src/notes")
    taken = await submit(orchestrator, volume)
    await shell(machine, id, f"echo worse > {WORK}/src/notes && echo new > {WORK}/new")
    await stop(orchestrator, id, 1)

    listed = await orchestrator.client.files(volume, "src")
    assert [entry.name for entry in listed.entries] == ["notes"]
    assert await read(orchestrator, volume, "src/notes", None) == b"worse\n"
    restored = await orchestrator.client.restore(volume, taken.id, [])
    assert (restored.files, restored.removed) == (1, 1)
    request = ArchiveRequest(prefix="ada")
    packed = [part async for part in orchestrator.client.archive(volume, request)]
    with tarfile.open(fileobj=io.BytesIO(b"".join(packed))) as archive:
        assert archive.getnames() == ["ada/src", "ada/src/notes"]

    again = spec.model_copy(update={"attempt": 2})
    assert await start(orchestrator, id, again) == machine.plan.name
    assert (await shell(machine, id, f"cat {WORK}/src/notes")).strip() == random[:2000]
    await stop(orchestrator, id, 2)


async def test_files_are_put_into_a_folder_in_use_and_a_stopped_one(
    platform: Platform, lab: NodeLab
) -> None:
    """The environment may change what was put there; what does not fit leaves nothing."""
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    volume = spec.volumes[0].name
    machine = lab.machines[await start(orchestrator, id, spec)]
    client = orchestrator.client

    written = await client.write_file(volume, "data/a.csv", _in_parts(b"1,2", 3), replace=False)
    assert (written.bytes, written.replaced) == (9, False)
    assert (
        await shell(machine, id, f"cd {WORK}/data && echo >> a.csv && cat a.csv") == "1,21,21,2\n"
    )
    with pytest.raises(ProblemError) as there:
        await client.write_file(volume, "data/a.csv", _in_parts(b"x"), replace=False)
    assert there.value.code == "file_exists"
    with pytest.raises(ProblemError) as full:
        await client.write_file(volume, "big", _in_parts(bytes(MIB), 80), replace=False)
    assert full.value.code == "work_folder_full"
    assert sorted((await shell(machine, id, f"ls -A {WORK}")).split()) == ["data"]

    await stop(orchestrator, id, 1)
    await client.write_file(volume, "late", _in_parts(b"later"), replace=False)
    assert (await client.remove_files(volume, ["data"])).removed == 1
    again = spec.model_copy(update={"attempt": 2})
    assert await start(orchestrator, id, again) == machine.plan.name
    assert (await shell(machine, id, f"cd {WORK} && ls -A && cat late")).split() == [
        "late",
        "later",
    ]
    await stop(orchestrator, id, 2)


async def _in_parts(part: bytes, count: int = 1) -> AsyncIterator[bytes]:
    for _ in range(count):
        yield part


async def test_a_full_folder_opens_and_names_what_to_delete(
    platform: Platform, lab: NodeLab
) -> None:
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    volume = spec.volumes[0].name
    machine = lab.machines[await start(orchestrator, id, spec)]
    said = await shell(machine, id, f"dd if=/dev/zero of={WORK}/full bs=1M count=64")
    assert "No space left on device" in said
    await stop(orchestrator, id, 1)
    assert await start(orchestrator, id, spec.model_copy(update={"attempt": 2}))
    [first, *_] = (await orchestrator.client.largest_files(volume)).files
    assert first.path == "full"
    assert first.bytes > 20 * MIB
    await shell(machine, id, f"rm {WORK}/full && echo fine > {WORK}/a")
    assert await read(orchestrator, volume, "a", None) == b"fine\n"
    await stop(orchestrator, id, 2)


async def test_erasing_waits_for_the_container_and_leaves_nothing(
    platform: Platform, lab: NodeLab
) -> None:
    orchestrator, id = platform.orchestrator, uuid4()
    spec: EnvironmentSpec = a_notebook(lab)
    mount: VolumeMount = spec.volumes[0]
    machine = lab.machines[await start(orchestrator, id, spec)]
    taken = await submit(orchestrator, mount.name)
    assert taken.state is SnapshotState.READY
    with pytest.raises(ProblemError) as refused:
        await orchestrator.client.erase_volume(mount.name)
    assert refused.value.code == "volume_in_use"
    await stop(orchestrator, id, 1)
    await orchestrator.phase(id, Phase.STOPPED)

    async def erased() -> bool:
        try:
            await orchestrator.client.erase_volume(mount.name)
        except ProblemError as error:
            if error.code != "volume_in_use":  # its container is just being removed
                raise
            return False
        return True

    await until(erased, "the folder is erased")
    stored = [path.name for path in (machine.folder / "snapshots").iterdir()]
    assert mount.name not in stored
    assert mount.name not in [path.name for path in (machine.folder / "volumes").iterdir()]
