"""Builds on a real engine, pushed to a real registry."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager
from uuid import UUID, uuid4

import aiodocker
import pytest
from tests.builder.conftest import BuildEngine, OpenBuilder, a_request, ended, log_of, reaches
from tests.support.ports import is_listener, reserved
from tests.support.waiting import until

from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker.pipeline import LABEL
from mydocker_kit.clients.builder import AUDIENCE, BuilderClient
from mydocker_kit.clock import utc_now
from mydocker_kit.contracts.builds import BuildFailure, BuildPhase, BuildStatus
from mydocker_kit.http import ServiceClient
from mydocker_kit.tokens import ServiceIdentity

SLEEPS = "FROM debian:12\nRUN echo awake && sleep 61\n"


@pytest.fixture
def on_engine(settings: BuilderSettings, build_engine: BuildEngine) -> BuilderSettings:
    """Settings of a builder on the real engine."""
    changes = {
        "build_engine_url": build_engine.url,
        "registry": build_engine.registry,
        "build_lease_seconds": 3.0,
    }
    return settings.model_copy(update=changes)


@pytest.fixture
async def docker(build_engine: BuildEngine) -> AsyncIterator[aiodocker.Docker]:
    """The same engine, to look at."""
    client = aiodocker.Docker(url=build_engine.url)
    yield client
    await client.close()


async def containers_running(docker: aiodocker.Docker, command: str) -> int:
    """How many containers run this command now."""
    containers = await docker.containers.list()
    return sum(command in one["Command"] for one in containers)


async def none_runs(docker: aiodocker.Docker, command: str) -> None:
    """Return once no container runs this command."""

    async def is_gone() -> bool:
        return not await containers_running(docker, command)

    await until(is_gone, f"no container runs {command}")


def sleeps(seconds: int) -> str:
    """A Dockerfile no other test shares, since its container is looked for."""
    return SLEEPS.replace("61", str(seconds))


def is_at_step_two(status: BuildStatus) -> bool:
    return status.step == 2


async def test_a_build_is_pushed_and_can_be_pulled_by_its_digest(
    on_engine: BuilderSettings, open_builder: OpenBuilder, docker: aiodocker.Docker
) -> None:
    id = uuid4()
    request = a_request(
        "FROM debian:12\r\nCOPY wrapper.sh /wrapper.sh\r\nCMD /wrapper.sh\r\n",
        wrapper="#!/bin/sh\r\necho works as $(id -u)\r\n",
    )
    async with open_builder(on_engine) as builder:
        await builder.put(id, request)
        status = await ended(builder, id)
        log = await log_of(builder, id)
    assert status.phase == BuildPhase.SUCCEEDED, status.message
    assert (status.step, status.steps) == (3, 3)
    assert "Step 3/3 : CMD /wrapper.sh" in log
    assert LABEL not in log
    assert status.tag
    assert status.reference
    await docker.images.delete(status.tag, force=True)
    await docker.images.pull(status.reference)
    image = await docker.images.inspect(status.reference)
    assert image["Config"]["Labels"] == {LABEL: str(id)}
    container = await docker.containers.run({"Image": status.reference})
    await container.wait()
    assert await container.log(stdout=True) == ["works as 0\n"]
    await container.delete(force=True)


async def test_the_user_of_the_base_image_is_read_from_the_engine(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    image = uuid4()
    async with open_builder(on_engine) as builder:
        first, second = uuid4(), uuid4()
        await builder.put(first, a_request("FROM debian:12\nUSER games\n", image_id=image))
        base = await ended(builder, first)
        assert base.root_findings is not None
        assert (base.root_findings[0].kind, base.root_findings[0].line) == ("other_user", 2)
        derived = f"FROM {base.tag}\nCMD id\n"
        await builder.put(second, a_request(derived, image_id=image, number=2))
        status = await ended(builder, second)
    assert status.root_findings is not None, status.message
    [finding] = status.root_findings
    assert (finding.kind, finding.line, finding.detail) == ("other_user", None, "games")


async def test_the_same_sources_find_the_cache(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    dockerfile = f"FROM debian:12\nRUN echo {uuid4()}\n"
    async with open_builder(on_engine) as builder:
        logs = []
        for number in (1, 2):
            id = uuid4()
            await builder.put(id, a_request(dockerfile, number=number))
            assert (await ended(builder, id)).phase == BuildPhase.SUCCEEDED
            logs.append(await log_of(builder, id))
    assert ["Using cache" in log for log in logs] == [False, True]


@pytest.mark.parametrize(
    ("dockerfile", "failure", "line", "words"),
    [
        (
            "FROM debian:12\n\nRUN echo about to fail && exit 7\n",
            BuildFailure.STEP_FAILED,
            3,
            "about to fail",
        ),
        ("FROM debian:12\nCOPY nothing /x\n", BuildFailure.STEP_FAILED, 2, "nothing"),
        ("FROM nowhere.invalid/base:1\nRUN x\n", BuildFailure.BASE_IMAGE_MISSING, 1, "nowhere"),
        ("FROM debian:12\nENV =\n", BuildFailure.DOCKERFILE_REFUSED, 2, "ENV"),
        (
            "FROM debian:12\nRUN head -c 200m /dev/zero | tail > /x\n",
            BuildFailure.OUT_OF_MEMORY,
            2,
            "137",
        ),
    ],
)
async def test_a_failure_is_explained(
    on_engine: BuilderSettings,
    open_builder: OpenBuilder,
    dockerfile: str,
    failure: BuildFailure,
    line: int,
    words: str,
) -> None:
    id = uuid4()
    small = on_engine.model_copy(update={"build_memory_mib": 64})
    async with open_builder(small) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        assert (status.failure, status.line) == (failure, line), status.message
        assert words in status.message
        assert words in await log_of(builder, id)


async def test_a_push_that_fails_is_said(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    nowhere = on_engine.model_copy(update={"registry": "127.0.0.1:9"})
    async with open_builder(nowhere) as builder:
        await builder.put(id, a_request())
        status = await ended(builder, id)
    assert status.failure == BuildFailure.PUSH_FAILED
    assert "127.0.0.1:9" in status.message


async def test_an_engine_that_is_not_there_is_said(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    nowhere = on_engine.model_copy(update={"build_engine_url": "unix:///nonexistent.sock"})
    async with open_builder(nowhere) as builder:
        await builder.put(id, a_request())
        assert (await ended(builder, id)).failure == BuildFailure.ENGINE_REFUSED


async def test_cancelling_ends_the_container(
    on_engine: BuilderSettings, open_builder: OpenBuilder, docker: aiodocker.Docker
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(sleeps(62)))
        await reaches(builder, id, is_at_step_two)
        await until(
            lambda: containers_running(docker, "sleep 62"), "a container that runs sleep 62"
        )
        await builder.cancel(id)
        await none_runs(docker, "sleep 62")
        assert (await ended(builder, id, within=100)).phase == BuildPhase.CANCELLED


async def test_a_slow_build_is_ended(
    on_engine: BuilderSettings, open_builder: OpenBuilder, docker: aiodocker.Docker
) -> None:
    id = uuid4()
    short = on_engine.model_copy(update={"build_seconds": 2})
    async with open_builder(short) as builder:
        await builder.put(id, a_request(sleeps(63)))
        status = await ended(builder, id)
        assert (status.failure, status.step) == (BuildFailure.TOO_SLOW, 2)
        await none_runs(docker, "sleep 63")


@pytest.fixture
def port() -> Iterator[int]:
    """Of a builder that is killed and started again."""
    with reserved() as (port,):
        yield port


@contextmanager
def builder_process(settings: BuilderSettings, port: int) -> Iterator[subprocess.Popen[bytes]]:
    """The builder as it runs in production; killed at the end if it still lives."""
    values = json.loads(settings.model_dump_json())
    secrets = {
        "database_url": settings.database_url.get_secret_value(),
        "service_key": settings.service_key.get_secret_value(),
        "listen_port": port,
    }
    environment = {
        f"MYDOCKER_{name.upper()}": str(value)
        for name, value in (values | secrets).items()
        if value is not None
    }
    command = [sys.executable, "-m", "mydocker_builder", "serve"]
    process = subprocess.Popen(command, env=os.environ | environment)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@pytest.fixture
async def client_at(identity: ServiceIdentity) -> AsyncIterator[Callable[[int], BuilderClient]]:
    async with AsyncExitStack() as stack:

        def client(port: int) -> BuilderClient:
            address = f"http://127.0.0.1:{port}"
            client = BuilderClient(ServiceClient(address, AUDIENCE, identity, utc_now))
            stack.push_async_callback(client.aclose)
            return client

        yield client


async def serves(process: subprocess.Popen[bytes], port: int) -> None:
    """Wait until the process itself listens on its port."""

    def listens() -> bool:
        assert process.poll() is None, "the builder ended"
        return is_listener(process.pid, port)

    await until(listens, "the builder listens")


async def test_a_killed_builder_leaves_no_build_running(
    on_engine: BuilderSettings,
    client_at: Callable[[int], BuilderClient],
    docker: aiodocker.Docker,
    port: int,
) -> None:
    id: UUID = uuid4()
    dockerfile = f"FROM debian:12\nRUN echo {id} && sleep 4\nRUN echo finished\n"
    builder = client_at(port)
    with builder_process(on_engine, port) as first:
        await serves(first, port)
        await builder.put(id, a_request(dockerfile))
        await reaches(builder, id, is_at_step_two)
        first.send_signal(signal.SIGKILL)
        first.wait()
    await none_runs(docker, "sleep 4")
    with builder_process(on_engine, port) as second:
        await serves(second, port)
        status = await ended(builder, id)
        log = await log_of(builder, id)
    assert status.phase == BuildPhase.SUCCEEDED
    assert "Attempt 2" in log
    assert "finished" in log


async def test_a_stopped_builder_gives_back_at_once_and_ends_its_containers(
    on_engine: BuilderSettings,
    client_at: Callable[[int], BuilderClient],
    docker: aiodocker.Docker,
    port: int,
) -> None:
    id = uuid4()
    builder = client_at(port)
    patient = on_engine.model_copy(update={"build_lease_seconds": 600.0})
    with builder_process(patient, port) as first:
        await serves(first, port)
        await builder.put(id, a_request(sleeps(64)))
        await reaches(builder, id, is_at_step_two)
        first.terminate()
        first.wait(10)
    await none_runs(docker, "sleep 64")
    with builder_process(patient, port) as second:
        await serves(second, port)
        await reaches(builder, id, is_at_step_two)
        await builder.cancel(id)
        assert (await ended(builder, id)).phase == BuildPhase.CANCELLED
