"""What a node's agent tells of its disk: measured by walking, for the orchestrator alone."""

import os
from pathlib import Path

import httpx
import pytest
from deploy.node.agent import app as agent
from deploy.node.agent import disk
from deploy.node.settings import ORCHESTRATOR, NodeSettings
from tests.conftest import ServiceKeys
from tests.deploy.demo.test_swarm import Serve
from tests.deploy.demo.test_swarm import serve as serve
from tests.deploy.node.test_node import settings as settings
from tests.deploy.node.test_node import signed

from mydocker_kit.contracts.orchestrator.disks import DiskArea, DiskLook, DiskUse, DiskWalk
from mydocker_kit.contracts.orchestrator.usage import UsageLook

MIB = 1024 * 1024


def write(path: Path, mib: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(b"x" * (mib * MIB))


def deep(folder: Path, levels: int) -> None:
    """Deeper than a path may be long, as a person makes it from inside."""
    here = os.open(folder, os.O_RDONLY)
    for _ in range(levels):
        os.mkdir("d" * 200, dir_fd=here)
        below = os.open("d" * 200, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    file = os.open("hidden", os.O_CREAT | os.O_WRONLY, dir_fd=here)
    os.write(file, b"x" * (2 * MIB))
    os.close(file)
    os.close(here)


def test_a_walk_counts_what_is_taken_however_deep_it_lies(tmp_path: Path) -> None:
    first, other, gone = (tmp_path / name for name in ("one", "other", "gone"))
    write(first / "a", 3)
    os.link(first / "a", first / "the same")
    with (first / "sparse").open("wb") as file:
        file.truncate(1 << 40)
    (first / "away").symlink_to("/usr")
    other.mkdir()
    deep(other, 40)
    sizes = disk.measured([str(first), str(other), str(gone)], seconds=30)
    assert sizes.keys() == {str(first), str(other)}
    assert 3 * MIB <= sizes[str(first)] < 4 * MIB
    assert 2 * MIB <= sizes[str(other)] < 4 * MIB
    assert disk.measured([], seconds=30) == {}


def test_what_is_not_walked_in_time_is_left_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    slow = tmp_path / "du"
    slow.write_text("#!/bin/sh\nprintf '5\\t/one\\0007\\t/tw'; exec sleep 60\n")
    slow.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    assert disk.measured(["/one", "/two"], seconds=1) == {"/one": 5}


@pytest.mark.parametrize(
    ("mountinfo", "folder"),
    [
        (
            "217 104 0:53 / / rw,relatime master:21 - overlay overlay rw,"
            "lowerdir=/d/snapshots/2/fs:/d/snapshots/1/fs,upperdir=/d/snapshots/3/fs,"
            "workdir=/d/snapshots/3/work\n218 217 0:60 / /proc rw - proc proc rw\n",
            "/d/snapshots/3/fs",
        ),
        (r"217 104 0:53 / / rw - overlay overlay rw,upperdir=/a\040b/fs,workdir=/w", "/a b/fs"),
        ("217 104 0:53 / /mnt rw - overlay overlay rw,upperdir=/other", ""),
        ("217 104 8:1 / / rw - ext4 /dev/sda1 rw", ""),
        ("217 104 0:53 / / rw - overlay overlay ro,lowerdir=/a:/b", ""),
        ("garbage\n\n - \n", ""),
    ],
)
def test_what_a_root_keeps_is_read_off_its_mount(mountinfo: str, folder: str) -> None:
    assert disk.upper_folder(mountinfo) == folder


async def test_the_agent_tells_what_our_containers_wrote(
    serve: Serve, settings: NodeSettings, service_keys: ServiceKeys, tmp_path: Path
) -> None:
    nameless = "0" * 64
    for name, mib in (("work", 3), ("more", 2), (nameless, 1), ("upper", 4)):
        write(tmp_path / name / "file", mib)
    mounts = [
        {"Type": "volume", "Name": name, "Source": str(tmp_path / name)}
        for name in ("work", "more", nameless)
    ]
    layer = {"Data": {"UpperDir": str(tmp_path / "upper")}}
    answers = {
        "/info": {"DockerRootDir": str(tmp_path)},
        "/containers/json": [{"Id": "a", "Mounts": mounts}, {"Id": "b", "Mounts": None}],
        "/containers/a/json": {"GraphDriver": layer, "HostConfig": {"ReadonlyRootfs": False}},
        "/containers/b/json": {"GraphDriver": layer, "HostConfig": {"ReadonlyRootfs": True}},
    }
    with serve(answers) as docker:
        app = agent.build(settings.model_copy(update={"engine": docker.url}))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node")
        async with http:
            for walk in DiskWalk:
                path = f"/disk?walk={walk.value}"
                assert (await http.get(path)).status_code == 401
                api = signed(service_keys, "mydocker-api")
                assert (await http.get(path, headers=api)).status_code == 401
            allowed = signed(service_keys, ORCHESTRATOR)
            volumes = await http.get("/disk?walk=volumes", headers=allowed)
            layers = await http.get("/disk?walk=layers", headers=allowed)
            assert (await http.get("/disk?walk=all", headers=allowed)).status_code == 422
            async with app.state.walking[DiskWalk.LAYERS]:
                busy = await http.get("/disk?walk=layers", headers=allowed)
                assert busy.status_code == 409
    areas = {use.area: use for use in DiskLook.model_validate(volumes.json()).uses}
    assert 5 * MIB <= areas[DiskArea.WORK_FOLDER].bytes < 6 * MIB
    assert 1 * MIB <= areas[DiskArea.CONTAINER].bytes < 2 * MIB
    look = DiskLook.model_validate(layers.json())
    [use] = look.uses
    assert use == DiskUse(container="a", area=DiskArea.CONTAINER, bytes=use.bytes)
    assert 4 * MIB <= use.bytes < 5 * MIB
    assert (look.free or 0) > 0


async def test_the_agent_reads_cpu_and_memory_of_our_containers(
    serve: Serve, settings: NodeSettings, service_keys: ServiceKeys
) -> None:
    id = "7f6ef6d0-0b3c-4d4a-8f0e-3f7bb0f0a001"
    stats = {
        "cpu_stats": {"cpu_usage": {"total_usage": 2_500_000_000}},
        "memory_stats": {"usage": 300 * MIB, "stats": {"inactive_file": 100 * MIB}},
    }
    answers = {
        "/containers/json": [{"Id": "a", "Labels": {"mydocker.environment": id}}],
        "/containers/a/stats": stats,
    }
    with serve(answers) as docker:
        app = agent.build(settings.model_copy(update={"engine": docker.url}))
        http = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://node")
        async with http:
            assert (await http.get("/usage")).status_code == 401
            look = await http.get("/usage", headers=signed(service_keys, ORCHESTRATOR))
    [reading] = UsageLook.model_validate(look.json()).readings
    assert (str(reading.environment), reading.cpu_seconds, reading.memory_mib) == (id, 2.5, 200)
