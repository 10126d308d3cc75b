"""Each entry of the catalogue is built as the platform builds it, started, and used.

The long form (`MYDOCKER_LONG_TESTS=1`, `make catalogue`) takes every entry; CI one of them.
"""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from uuid import uuid4

import aiodocker
import httpx
import pytest
from tests.builder.conftest import BuildEngine, OpenBuilder, a_request, ended, log_of
from tests.support.long_tests import LONG as LONG_TESTS

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildPhase

CATALOGUE = Path(__file__).parents[4] / "deploy" / "catalogue"
PASSWORD = "correct-horse-battery"
UP_SECONDS = 100.0

# What a student does first, as the container's user: a command and what it prints.
FIRST_WORK = {
    "desktop": ("xfce4-terminal --version", "xfce4-terminal"),
    "jupyterlab": ("python3 -c 'import numpy, matplotlib; print(numpy.arange(3).sum())'", "3"),
    "openssl": ("openssl version", "OpenSSL 3"),
    "programming": (
        "cd /tmp && echo 'int main(){return 42;}' > a.c && gcc a.c -o a; ./a; echo $?;"
        " javac -version; python3 --version",
        "42",
    ),
}
# What the page of a web port says.
PAGES = {
    ("jupyterlab", 8888): "JupyterLab",
    ("openssl", 8080): "OpenSSL",
}
SHORT = ["openssl"]
LONG = sorted(FIRST_WORK)
_ASKED = os.environ.get("MYDOCKER_CATALOGUE_ENTRIES", "")
ENTRIES = _ASKED.split(",") if _ASKED else LONG if LONG_TESTS else SHORT


def test_every_entry_is_opened_by_the_long_form() -> None:
    assert {file.parent.name for file in CATALOGUE.glob("*/entry.json")} == set(LONG)


@pytest.fixture
async def engine() -> AsyncIterator[aiodocker.Docker]:
    """The engine that runs environments."""
    url = os.environ.get("MYDOCKER_TEST_ENGINE")
    if not url:
        pytest.skip("MYDOCKER_TEST_ENGINE names no engine to run on (make engines)")
    client = aiodocker.Docker(url=url)
    yield client
    await client.close()


@pytest.fixture
def with_real_limits(settings: BuilderSettings, build_engine: BuildEngine) -> BuilderSettings:
    """Settings of a builder on the real engine, with the limits of a platform."""
    changes = {
        "build_engine_url": build_engine.url,
        "registry": build_engine.registry,
        "buildx": build_engine.buildx,
        "build_cgroup": os.environ.get("MYDOCKER_TEST_BUILD_CGROUP", "/mydocker-builds"),
        "build_group": build_engine.group,
    }
    return settings.model_copy(update=changes)


@pytest.mark.parametrize("name", ENTRIES)
async def test_an_entry_is_built_started_and_used(
    name: str,
    with_real_limits: BuilderSettings,
    open_builder: OpenBuilder,
    engine: aiodocker.Docker,
) -> None:
    entry = json.loads((CATALOGUE / name / "entry.json").read_text())
    reference = await _built(name, with_real_limits, open_builder)
    await engine.images.pull(reference)
    async with _started(engine, reference, entry) as container:
        for port in entry["ports"]:
            await _answers(name, port, container)
        command, said = FIRST_WORK[name]
        assert said in await _output(container, command)
        stopped = asyncio.get_running_loop().time()
        await container.stop(timeout=30)
        assert asyncio.get_running_loop().time() - stopped < 29, "it did not heed SIGTERM"
    image = await engine.images.inspect(reference)
    print(f"{name}: {image['Size'] / 1e6:.0f} MB")


async def _built(name: str, settings: BuilderSettings, open_builder: OpenBuilder) -> str:
    wrapper = CATALOGUE / name / "wrapper.sh"
    request = a_request((CATALOGUE / name / "Dockerfile").read_text(), wrapper=wrapper.read_text())
    id = uuid4()
    async with open_builder(settings) as builder:
        await builder.put(id, request)
        status = await ended(builder, id, within=settings.build_seconds)
        if status.phase != BuildPhase.SUCCEEDED:
            print(await log_of(builder, id))
    assert status.phase == BuildPhase.SUCCEEDED, status.message
    assert status.reference
    return status.reference


@asynccontextmanager
async def _started(
    engine: aiodocker.Docker, reference: str, entry: dict[str, Any]
) -> AsyncIterator[aiodocker.containers.DockerContainer]:
    """A container of it, held as an environment of its profile is, on the run's own network."""
    strict = entry["profile"] == "strict"
    work = "uid=1000,gid=1000,mode=755,exec"
    config: dict[str, Any] = {
        "Image": reference,
        "Env": [
            "MYDOCKER_USERNAME=brave_noether",
            f"MYDOCKER_PASSWORD={PASSWORD}",
            "MYDOCKER_BASE_URL=/",
        ],
        "HostConfig": {
            "NetworkMode": "host",
            "Memory": entry["resources"]["memory_mib"] * 1024 * 1024,
            "PidsLimit": 512,
            "ReadonlyRootfs": strict,
            "CapDrop": ["ALL"] if strict else [],
            "SecurityOpt": ["no-new-privileges"] if strict else [],
            "Tmpfs": {entry["work_path"]: work, "/tmp": "exec,mode=1777"},  # noqa: S108 - inside the container
        },
    }
    container = await engine.containers.run(config)
    try:
        yield container
    except BaseException:
        print("".join(await container.log(stdout=True, stderr=True)))
        raise
    finally:
        await container.delete(force=True, v=True)


async def _answers(
    name: str, port: dict[str, Any], container: aiodocker.containers.DockerContainer
) -> None:
    """Wait until the port speaks its protocol, and says what it should."""
    problem = "nothing"
    async with asyncio.timeout(UP_SECONDS):
        while True:
            assert (await container.show())["State"]["Running"], f"it ended: {problem}"
            try:
                if port["kind"] == "web":
                    text = await _page(port["number"])
                    if PAGES[name, port["number"]] in text:
                        return
                    problem = text[:2000]
                else:
                    banner = await _banner(port["number"])
                    assert banner.startswith({"ssh": b"SSH-2.0", "vnc": b"RFB 003"}[port["kind"]])
                    return
            except (OSError, httpx.HTTPError) as error:
                problem = repr(error)
            await asyncio.sleep(0.5)


async def _page(number: int) -> str:
    async with httpx.AsyncClient(trust_env=False, follow_redirects=True, timeout=20) as http:
        answer = await http.get(f"http://127.0.0.1:{number}/")
        return answer.text if answer.is_success else f"{answer.status_code}: {answer.text}"


async def _banner(number: int) -> bytes:
    reader, writer = await asyncio.open_connection("127.0.0.1", number)
    try:
        async with asyncio.timeout(20):
            return await reader.read(12)
    finally:
        writer.close()


async def _output(container: aiodocker.containers.DockerContainer, command: str) -> str:
    execution = await container.exec(["/bin/bash", "-c", f"({command}) 2>&1"])
    said = b""
    async with execution.start() as stream:
        while (message := await stream.read_out()) is not None:
            said += message.data
    return said.decode()
