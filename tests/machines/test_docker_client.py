"""Each call of the kit's Docker client, on a real engine."""

import asyncio
import io
import tarfile
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing
from uuid import uuid4

import pytest
from tests.orchestrator.specs import a_spec
from tests.support.engines.image_builds import build_image
from tests.support.engines.machines import Plan
from tests.support.engines.nodes import NodeLab
from tests.support.engines.opt_in import skip_unless_asked
from tests.support.waiting import until

from mydocker_kit.contracts.orchestrator.environments import Resources
from mydocker_kit.docker.client import NO_CREDENTIALS, DockerClient
from mydocker_kit.docker.errors import EngineError, EngineRefused, EngineUnavailable, NameTaken
from mydocker_orchestrator.swarm.specs import ServiceDefaults, service_json, service_name

PLATFORM = "client"
OURS = {"label": [f"mydocker.platform={PLATFORM}"]}


@pytest.fixture(scope="module")
def lab() -> Iterator[NodeLab]:
    skip_unless_asked()
    with NodeLab([Plan("only", "default")]) as lab:
        yield lab


@pytest.fixture
async def client(lab: NodeLab) -> AsyncIterator[DockerClient]:
    async with DockerClient(lab.manager.url) as client:
        yield client


def archive_of(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo(name)
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


async def test_a_service_its_task_and_its_container(lab: NodeLab, client: DockerClient) -> None:
    id, defaults = uuid4(), ServiceDefaults(PLATFORM, lab.network)
    spec = a_spec(
        image=lab.image,
        arguments=("say:hello", "ssh:22"),
        resources=Resources(cpu=0.05, memory_mib=32),
    )
    body = service_json(id, spec, defaults, api=(await client.negotiated()).api)
    async with aclosing(client.events(["service", "container"])) as events:
        first = asyncio.ensure_future(anext(events))
        await asyncio.sleep(1)
        await client.create_service(body)
        assert (await asyncio.wait_for(first, 60))["Type"] in ("service", "container")
    with pytest.raises(NameTaken):
        await client.create_service(body)
    name = service_name(id)
    [service] = await client.services(OURS)
    assert (await client.service(name))["ID"] == service["ID"]

    async def runs() -> bool:
        states = [task["Status"]["State"] for task in await client.tasks()]
        return states == ["running"]

    await until(runs, "its task runs", 60)
    [container] = await client.containers(OURS)
    assert (await client.container(container))["State"]["Running"] is True

    async def has_said() -> bool:
        return "hello" in await client.container_logs(container, 10)

    await until(has_said, "it has said hello", 30)
    assert "hello" in await client.service_logs(name, 10)
    assert "root" in await client.exec_output(container, ["busybox", "echo", "root"], 1000)
    assert len(await client.archive_start(container, "/bin/busybox", 512)) == 512
    [sized] = await client.container_sizes([container])
    assert sized["Id"] == container
    assert "Volumes" in await client.disk_usage()
    await client.remove_service(service["ID"])
    with pytest.raises(EngineRefused) as refused:
        await client.service(name)
    assert refused.value.status == 404


async def test_a_container_that_is_never_started(lab: NodeLab, client: DockerClient) -> None:
    id = await client.create_container({"Image": lab.image, "Cmd": ["-"]})
    await client.put_archive(id, "/tmp", archive_of("file", b"content"))  # noqa: S108
    assert b"content" in await client.archive_start(id, "/tmp/file", 2048)  # noqa: S108
    with pytest.raises(EngineRefused):
        await client.put_archive(id, "/absent", archive_of("file", b""))
    await client.remove_container(id)
    with pytest.raises(EngineRefused):
        await client.container(id)


async def test_a_node_is_changed(client: DockerClient) -> None:
    await client.ping()
    own = (await client.info())["Swarm"]["NodeID"]
    [listed] = await client.nodes()
    node = await client.node(own)
    assert listed["ID"] == node["ID"] == own
    spec = {**node["Spec"], "Labels": {**node["Spec"]["Labels"], "seen": "yes"}}
    await client.update_node(own, node["Version"]["Index"], spec)
    assert (await client.node(own))["Spec"]["Labels"]["seen"] == "yes"
    with pytest.raises(EngineError):
        await client.update_node(own, node["Version"]["Index"], spec)


async def test_an_image_is_built_pushed_and_found(lab: NodeLab, client: DockerClient) -> None:
    repository = f"{lab.registry}/built"
    context = archive_of("Dockerfile", f"FROM {lab.image}\nLABEL a=b\n".encode())
    async with aclosing(
        build_image(client, context, {"t": f"{repository}:1", "version": "1"})
    ) as built:
        messages = [message async for message in built]
    assert any("ID" in (message.get("aux") or {}) for message in messages)
    async with aclosing(client.push(repository, "1", NO_CREDENTIALS)) as pushed:
        digests = [
            digest
            async for message in pushed
            if (digest := (message.get("aux") or {}).get("Digest"))
        ]
    assert digests == [await client.digest(f"{repository}:1", NO_CREDENTIALS)]
    assert (await client.image(f"{repository}:1"))["Config"]["Labels"]["a"] == "b"
    await client.remove_image(f"{repository}:1")
    for tag in ("1", "2"):
        with pytest.raises(EngineRefused):
            await client.image(f"{repository}:{tag}")
    with pytest.raises(EngineError):
        await client.digest(f"{repository}:2", NO_CREDENTIALS)
    broken = archive_of("Dockerfile", b"FROM scratch\nRUN false\n")
    with pytest.raises(EngineError, match=r"returned|failed|exec"):
        async with aclosing(build_image(client, broken, {"version": "1"})) as built:
            [message async for message in built]


async def test_an_engine_that_is_not_there_is_unavailable() -> None:
    async with DockerClient("unix:///nonexistent/docker.sock") as client:
        with pytest.raises(EngineUnavailable) as away:
            await client.ping()
    assert away.value.status is None
