"""Builds on a real engine, pushed to a real registry."""

import asyncio
import io
import json
import os
import re
import signal
import subprocess
import sys
import tarfile
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from uuid import UUID, uuid4

import aiodocker
import pytest
from deploy.demo.engines.build_engine import limit_builds
from deploy.machine.docker import Docker
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

CURRENT = """\ufeff# syntax=docker/dockerfile:1
# escape=`
ARG VERSION=12
FROM debian:${VERSION} AS base
SHELL ["bash", "-c"]
RUN [[ -n $BASH_VERSION ]] && echo says shell bash
RUN <<-EOF
\tset -e
\techo says from the heredoc
EOF
COPY <<one.txt <<two.txt /texts/
FROM not an instruction
one.txt
CMD none either
two.txt

FROM base
COPY --link --chmod=750 wrapper.sh /wrapper.sh
RUN --mount=type=cache,target=/cache `
    --mount=type=bind,from=base,source=/texts,target=/mnt `
    --mount=type=secret,id=absent `
    echo 1 > /cache/seen && grep -q "not an" /mnt/one.txt && echo says cached $(cat /cache/seen)
RUN echo says mode $(stat -c %a /wrapper.sh)
ONBUILD RUN echo never
""".replace("\n", "\r\n")
SLEEPS = "FROM debian:12\nRUN echo awake && sleep 61\n"


MEMORY_MIB = 256
PROCESSES = 100


@pytest.fixture(scope="module")
def cgroup() -> Iterator[str]:
    """Control groups as the engine's host makes them, with less memory and processes."""
    name = f"/mydocker-test-{os.getpid()}"
    limits = {"MEMORY_MIB": str(MEMORY_MIB), "PROCESSES": str(PROCESSES)}
    named = {f"MYDOCKER_BUILD_{limit}": value for limit, value in limits.items()}
    limit_builds("lay", name, **named)
    yield name
    limit_builds("remove", name)


@pytest.fixture
def on_engine(settings: BuilderSettings, build_engine: BuildEngine, cgroup: str) -> BuilderSettings:
    """Settings of a builder on the real engine."""
    changes = {
        "build_engine_url": build_engine.url,
        "registry": build_engine.registry,
        "buildx": build_engine.buildx,
        "build_cgroup": cgroup,
        "build_lease_seconds": 3.0,
    }
    return settings.model_copy(update=changes)


@pytest.fixture
async def docker(build_engine: BuildEngine) -> AsyncIterator[aiodocker.Docker]:
    """The same engine, to look at."""
    client = aiodocker.Docker(url=build_engine.url)
    yield client
    await client.close()


def is_running(command: str) -> bool:
    """Whether a process of this machine runs exactly this command."""
    wanted = command.replace(" ", "\0").encode() + b"\0"
    for process in Path("/proc").glob("[0-9]*/cmdline"):
        with suppress(OSError):
            if process.read_bytes() == wanted:
                return True
    return False


async def none_runs(command: str) -> None:
    """Return once no process runs this command."""
    await until(lambda: not is_running(command), f"no process runs {command}")


def sleeps(seconds: int) -> str:
    """A Dockerfile no other test shares, since its process is looked for."""
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
    assert (status.step, status.steps) == (2, 2), "CMD makes no layer"
    assert "[2/2] COPY wrapper.sh /wrapper.sh" in log
    assert LABEL not in log
    assert status.tag
    assert status.reference
    with pytest.raises(aiodocker.DockerError, match="No such image"):
        await docker.images.inspect(status.tag)  # only the registry keeps it
    await docker.images.pull(status.reference)
    image = await docker.images.inspect(status.reference)
    assert image["Config"]["Labels"] == {LABEL: str(id)}
    container = await docker.containers.run({"Image": status.reference})
    await container.wait()
    assert await container.log(stdout=True) == ["works as 0\n"]
    await container.delete(force=True)


def base_image_with_a_user(engine_url: str, user: str) -> str:
    """A base image in the engine's store, as the machine's Debian is; its name is of docker.io."""
    name, dockerfile = "mydocker-test/with-user:1", f"FROM debian:12\nUSER {user}\n".encode()
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w") as archive:
        entry = tarfile.TarInfo("Dockerfile")
        entry.size = len(dockerfile)
        archive.addfile(entry, io.BytesIO(dockerfile))
    with Docker(engine_url, seconds=60) as docker:
        for _ in docker.follow("/build", packed.getvalue(), t=name):
            pass
    return name


async def test_the_user_of_the_base_image_is_read_from_the_engine(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    base = await asyncio.to_thread(base_image_with_a_user, on_engine.build_engine_url, "games")
    async with open_builder(on_engine) as builder:
        named, derived = uuid4(), uuid4()
        await builder.put(named, a_request("FROM debian:12\nUSER games\n"))
        [finding] = (await ended(builder, named)).root_findings or ()
        assert (finding.kind, finding.line) == ("other_user", 2)
        await builder.put(derived, a_request(f"FROM {base}\nCMD id\n"))
        status = await ended(builder, derived)
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
    assert [re.findall(r"^#3 CACHED$", log, re.M) for log in logs] == [[], ["#3 CACHED"]]


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
        ("FROM ghcr.invalid/base:1\nRUN x\n", BuildFailure.BASE_IMAGE_FORBIDDEN, 1, "ghcr"),
        ("FROM nowhere.test/base:1\nRUN x\n", BuildFailure.REGISTRY_UNREACHABLE, 1, "nowhere"),
        ("FROM DEBIAN:12\n", BuildFailure.BASE_IMAGE_NAME_INVALID, 1, "lowercase"),
        ("FROM debian:12\nENV =\n", BuildFailure.DOCKERFILE_REFUSED, 2, "ENV"),
        ("FROM debian:12\nRUN --network=host x\n", BuildFailure.DOCKERFILE_REFUSED, None, "host"),
        ("FROM debian:12\n\nRUN tail /dev/zero\n", BuildFailure.OUT_OF_MEMORY, 3, "137"),
    ],
)
async def test_a_failure_is_explained(
    on_engine: BuilderSettings,
    open_builder: OpenBuilder,
    dockerfile: str,
    failure: BuildFailure,
    line: int | None,
    words: str,
) -> None:
    id = uuid4()
    registries = on_engine.build_registries + ",nowhere.test"
    wider = on_engine.model_copy(update={"build_registries": registries})
    async with open_builder(wider) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        assert (status.failure, status.line) == (failure, line), status.message
        assert words in status.message
        assert words in await log_of(builder, id)


async def test_what_current_dockerfiles_use_works(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(CURRENT, wrapper="#!/bin/sh\n"))
        status = await ended(builder, id)
        log = await log_of(builder, id)
    assert status.phase == BuildPhase.SUCCEEDED, log
    said = re.findall(r"^#\d+ \d+\.\d+ says (.*)$", log, re.M)
    assert sorted(said) == ["cached 1", "from the heredoc", "mode 750", "shell bash"]


async def test_a_step_imitates_no_other_step(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    forged = '#9 [9/9] RUN x\\nStep 9/9 : RUN x\\n{\\"vertexes\\":[]}\\nERROR: x\\n'
    dockerfile = f"FROM debian:12\nRUN printf '{forged}'; echo {id}; exit 3\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        log = await log_of(builder, id)
    assert (status.failure, status.line) == (BuildFailure.STEP_FAILED, 2)
    assert (status.step, status.steps) == (2, 2)
    assert re.search(r"^#3 \d+\.\d+ #9 \[9/9\] RUN x$", log, re.M)


async def test_the_end_of_a_long_log_is_stored(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    dockerfile = f"FROM debian:12\nRUN yes {id} | head -n 3000000; echo the reason; exit 3\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
        last = await builder.log(id, max(0, status.log_lines - 5))
    assert "the reason" in status.message
    assert any("the reason" in line.text for line in last.lines)


async def test_a_fork_bomb_ends_at_its_limit(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    dockerfile = "FROM debian:12\nRUN for i in $(seq 500); do sleep 67 & done\n"
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(dockerfile))
        status = await ended(builder, id)
    assert status.failure == BuildFailure.STEP_FAILED
    assert "fork" in status.message
    await none_runs("sleep 67")


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
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id = uuid4()
    async with open_builder(on_engine) as builder:
        await builder.put(id, a_request(sleeps(62)))
        await reaches(builder, id, is_at_step_two)
        await until(lambda: is_running("sleep 62"), "a process that runs sleep 62")
        await builder.cancel(id)
        await none_runs("sleep 62")
        assert (await ended(builder, id, within=100)).phase == BuildPhase.CANCELLED


async def test_a_slow_build_is_ended(on_engine: BuilderSettings, open_builder: OpenBuilder) -> None:
    id = uuid4()
    short = on_engine.model_copy(update={"build_seconds": 2})
    async with open_builder(short) as builder:
        await builder.put(id, a_request(sleeps(63)))
        status = await ended(builder, id)
        assert (status.failure, status.step) == (BuildFailure.TOO_SLOW, 2)
        await none_runs("sleep 63")


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
    port: int,
) -> None:
    id: UUID = uuid4()
    dockerfile = f"FROM debian:12\nRUN echo {id} && sleep 65\n"
    builder = client_at(port)
    with builder_process(on_engine, port) as first:
        await serves(first, port)
        await builder.put(id, a_request(dockerfile))
        await reaches(builder, id, is_at_step_two)
        first.send_signal(signal.SIGKILL)
        first.wait()
    await none_runs("sleep 65")
    with builder_process(on_engine, port) as second:
        await serves(second, port)

        async def second_attempt() -> bool:
            # Until the first attempt's lease is over, the status is still that of the first.
            return "Attempt 2" in await log_of(builder, id)

        await until(second_attempt, "the second attempt")
        await reaches(builder, id, is_at_step_two)
        await builder.cancel(id)
        assert (await ended(builder, id)).phase == BuildPhase.CANCELLED


async def test_a_stopped_builder_gives_back_at_once_and_ends_its_containers(
    on_engine: BuilderSettings,
    client_at: Callable[[int], BuilderClient],
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
    await none_runs("sleep 64")
    with builder_process(patient, port) as second:
        await serves(second, port)
        await reaches(builder, id, is_at_step_two)
        await builder.cancel(id)
        assert (await ended(builder, id)).phase == BuildPhase.CANCELLED
