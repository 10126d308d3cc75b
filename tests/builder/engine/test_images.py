"""What a build makes: an image in the registry."""

import asyncio
import os
import re
import subprocess
from pathlib import Path
from uuid import uuid4

import aiodocker
import pytest
from tests.builder.conftest import BuildEngine, OpenBuilder, a_request, ended, log_of
from tests.builder.engine.steps import store_image

from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker.pipeline import LABEL
from mydocker_kit.contracts.builder.builds import BuildPhase


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


async def test_the_user_of_the_base_image_is_read_from_the_engine(
    on_engine: BuilderSettings, open_builder: OpenBuilder
) -> None:
    base, user = "mydocker-test/with-user:1", "FROM debian:12\nUSER games\n"
    await asyncio.to_thread(store_image, on_engine.build_engine_url, base, user)
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


def test_the_cache_is_pruned_by_age_and_by_size(build_engine: BuildEngine, tmp_path: Path) -> None:
    """As the engine understood its settings."""
    printed = subprocess.run(
        [build_engine.buildx, "inspect", "default"],
        env={**os.environ, "DOCKER_HOST": build_engine.url, "BUILDX_CONFIG": str(tmp_path)},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    by_age, by_size = printed.split("GC Policy rule#")[1:]
    assert "Keep Duration: 336h" in re.sub(r" +", " ", by_age)
    assert re.search(r"(Reserved Space|Keep Bytes): +20GiB", by_size), printed
