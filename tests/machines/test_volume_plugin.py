"""Work folders with a size, on real engines: the volume plugin of two machines."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from tests.faults.agents import PORT, agents, await_agent
from tests.faults.agents import secrets as secrets
from tests.machines.test_folders_stay import (
    BYTES,
    SMALL,
    WORK,
    Platform,
    available,
    container,
    read,
    start,
    stop,
    write,
)
from tests.orchestrator.running import Run
from tests.orchestrator.specs import a_port, a_spec
from tests.support.engines.machines import Machine, Plan
from tests.support.engines.nodes import NodeLab
from tests.support.engines.opt_in import skip_unless_asked
from tests.support.engines.volume_plugins import VolumePlugin

from mydocker_kit.contracts.orchestrator.environments import (
    EnvironmentSpec,
    Phase,
    PortKind,
    ReasonCode,
    VolumeMount,
)
from mydocker_kit.contracts.orchestrator.pools import Pool, Storage
from mydocker_kit.docker.client import DockerClient
from mydocker_orchestrator.settings import Settings

PLANS = (
    Plan("boss"),
    Plan("left", "default", volumes=True),
    Plan("right", "default", volumes=True),
)
MIB = 1024 * 1024
SIZE_MIB = 32

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def lab() -> Iterator[NodeLab]:
    """A manager that takes nothing, and two machines of one pool."""
    skip_unless_asked()
    with NodeLab(PLANS) as lab:
        yield lab


@pytest.fixture(scope="module")
def plugins(lab: NodeLab) -> Iterator[dict[str, VolumePlugin]]:
    """The plugin of every worker, by the worker's name."""
    running = {machine.plan.name: VolumePlugin(machine) for machine in lab.workers}
    for plugin in running.values():
        plugin.start()
    yield running
    for plugin in running.values():
        plugin.kill()


@pytest.fixture
async def platform(
    run: Run,
    settings: Settings,
    lab: NodeLab,
    plugins: dict[str, VolumePlugin],
    secrets: Path,
) -> AsyncIterator[Platform]:
    there = settings.model_copy(
        update={
            "engine_url": lab.manager.url,
            "environment_network": lab.network,
            "node_address": "",
            "node_agent_port": PORT,
        }
    )
    with agents(lab, secrets) as running:
        async with run(there) as orchestrator:
            pool = Pool(name="default", title="CPU", storage=Storage.NODE_QUOTA)
            await orchestrator.client.put_pool("default", pool)
            yield Platform(orchestrator, running)


def a_notebook(lab: NodeLab, size_mib: int = SIZE_MIB, **given: object) -> EnvironmentSpec:
    """An environment whose work folder has this size."""
    mount = VolumeMount(name=f"work-{uuid4().hex[:12]}", path=WORK, quota_mib=size_mib)
    values: dict[str, object] = {
        "image": lab.image,
        "arguments": ("web:8080",),
        "ports": (a_port(PortKind.WEB, 8080),),
        "volumes": (mount,),
        "resources": SMALL,
    }
    return a_spec(**(values | given))


async def shell(machine: Machine, id: UUID, script: str) -> str:
    """What a program of the environment prints, errors included."""
    async with aclosing(DockerClient(machine.url)) as docker:
        command = ["busybox", "sh", "-c", f"({script}) 2>&1; true"]
        return await docker.exec_output(await container(docker, id), command, 64 * 1024)


async def test_a_folder_holds_its_size_and_no_more(platform: Platform, lab: NodeLab) -> None:
    """By bytes and by many small files; the owner sees how full it is; nobody else notices."""
    orchestrator, id, neighbour = platform.orchestrator, uuid4(), uuid4()
    await available(lab, "right", "pause")
    assert await start(orchestrator, id, a_notebook(lab)) == "left"
    assert await start(orchestrator, neighbour, a_notebook(lab)) == "left"
    left = lab.machines["left"]
    said = await shell(left, id, f"cd {WORK} && dd if=/dev/zero of=full bs=1M count=64")
    assert "No space left on device" in said
    full = await orchestrator.until(id, lambda s: bool(s.folder and s.folder.share > 0.95))
    assert full.folder is not None
    assert full.phase is Phase.READY, "a full folder ends nothing"
    assert full.folder.limit_bytes == SIZE_MIB * MIB
    assert full.folder.allowed_bytes >= SIZE_MIB * MIB

    await shell(left, id, f"rm {WORK}/full")
    script = "i=0; while true > f$i; do i=$((i+1)); done; echo made $i"
    said = await shell(left, id, f"mkdir {WORK}/m && cd {WORK}/m && {script}")
    assert "No space left on device" in said
    made = int(said.rsplit("made ", 1)[1])
    assert 1000 < made < SIZE_MIB * MIB // 16384 + 200

    assert "fine" in await shell(left, neighbour, f"echo fine > {WORK}/a && cat {WORK}/a")
    await stop(orchestrator, id, 1)
    await stop(orchestrator, neighbour, 1)
    await available(lab, "right", "active")


async def test_the_same_bytes_after_every_end(
    platform: Platform, lab: NodeLab, plugins: dict[str, VolumePlugin]
) -> None:
    """A stop, a plugin that is killed while it is mounted, an engine killed, a power cut."""
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    await available(lab, "right", "pause")
    assert await start(orchestrator, id, spec) == "left"
    await available(lab, "right", "active")
    left, plugin = lab.machines["left"], plugins["left"]
    await write(left, id, BYTES)

    await asyncio.to_thread(plugin.kill)
    assert "still" in await shell(left, id, f"echo still > {WORK}/b && cat {WORK}/b")
    await asyncio.to_thread(plugin.start)
    await stop(orchestrator, id, 1)
    assert await start(orchestrator, id, spec.model_copy(update={"attempt": 2})) == "left"
    assert await read(left, id) == BYTES

    await stop(orchestrator, id, 2)
    await asyncio.to_thread(left.kill_engine)
    await asyncio.to_thread(lab.start, left)
    await asyncio.to_thread(plugin.await_known)
    await asyncio.to_thread(lab.await_state, "left", "ready")
    assert await start(orchestrator, id, spec.model_copy(update={"attempt": 3})) == "left"
    assert await read(left, id) == BYTES
    await shell(left, id, "sync")

    await asyncio.to_thread(left.cut_power)
    await asyncio.to_thread(lab.await_state, "left", "down")
    await orchestrator.phase(id, Phase.FAILED)
    await asyncio.to_thread(plugin.launch)  # before the engine, as its unit says
    await asyncio.to_thread(lab.start, left)
    await asyncio.to_thread(plugin.await_known)
    platform.agents.start(left)
    await asyncio.to_thread(await_agent, left)
    assert await start(orchestrator, id, spec.model_copy(update={"attempt": 4})) == "left"
    assert await read(left, id) == BYTES
    await stop(orchestrator, id, 4)


async def test_a_folder_grows_and_does_not_shrink_below_what_it_holds(
    platform: Platform, lab: NodeLab, plugins: dict[str, VolumePlugin]
) -> None:
    orchestrator, id, spec = platform.orchestrator, uuid4(), a_notebook(lab)
    node = await start(orchestrator, id, spec)
    machine, name = lab.machines[node], spec.volumes[0].name
    await shell(machine, id, f"dd if=/dev/zero of={WORK}/half bs=1M count=20")
    await orchestrator.until(id, lambda s: bool(s.folder and s.folder.used_bytes > 20 * MIB))
    await stop(orchestrator, id, 1)

    larger = VolumeMount(name=name, path=WORK, quota_mib=96)
    grown = spec.model_copy(update={"attempt": 2, "volumes": (larger,)})
    assert await start(orchestrator, id, grown) == node
    said = await shell(machine, id, f"dd if=/dev/zero of={WORK}/more bs=1M count=60 && echo wrote")
    assert "wrote" in said
    await orchestrator.until(id, lambda s: bool(s.folder and s.folder.limit_bytes == 96 * MIB))
    await stop(orchestrator, id, 2)

    refused = plugins[node].call("/MyDocker.Resize", json.dumps({"name": name, "bytes": 32 * MIB}))
    assert "holds 81 MiB and cannot be limited to 32 MiB" in json.loads(refused)["Err"]
    smaller = VolumeMount(name=name, path=WORK, quota_mib=32)
    refused_start = spec.model_copy(update={"attempt": 3, "volumes": (smaller,)})
    assert await start(orchestrator, id, refused_start) == node, "it starts with what it has"
    await stop(orchestrator, id, 3)


async def test_a_machine_without_room_says_so_in_the_plugins_own_words(
    platform: Platform, lab: NodeLab
) -> None:
    orchestrator, id = platform.orchestrator, uuid4()
    await orchestrator.client.put(id, a_notebook(lab, size_mib=16_000_000))
    failed = await orchestrator.until(id, lambda status: status.phase is Phase.FAILED)
    assert failed.reason is not None
    assert failed.reason.code is ReasonCode.FOLDER_REFUSED
    assert failed.reason.parameters["problem"] == "no_room"
    assert "no room for this folder: it needs" in failed.reason.detail
