"""How long our builds take against BuildKit alone.

Each round builds one Dockerfile cold (its first step is new) and again from the cache, once by
buildx alone and once through the whole builder: queue, build, log in the database, push. The push
is shown apart, because BuildKit alone does not push. Printed are medians and ratios; nothing is
asserted. It needs the engines of `tests.support.engines.lab`: `make bench` runs it there.
"""

import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from uuid import uuid4

import pytest

from mydocker_builder.settings import BuilderSettings
from mydocker_kit.contracts.builder.builds import BuildPhase
from tests.builder.conftest import BuildEngine, OpenBuilder, a_request, ended, reaches

ROUNDS = 5
BEFORE_PUSH = (BuildPhase.QUEUED, BuildPhase.BUILDING)
DOCKERFILE = """FROM debian:12
RUN echo {id}; i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done
RUN head -c 50M /dev/urandom > /data
RUN seq 20000
CMD ["true"]
"""


def _alone(engine: BuildEngine, dockerfile: str) -> float:
    """Seconds of `buildx build` as a person types it."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "Dockerfile").write_text(dockerfile, encoding="utf-8")
        command = [engine.buildx, "build", "--provenance=false", "--tag=bench:1", folder]
        environment = {**os.environ, "DOCKER_HOST": engine.url, "BUILDX_CONFIG": folder}
        began = time.monotonic()
        subprocess.run(command, env=environment, capture_output=True, check=True)
        return time.monotonic() - began


async def _ours(open_builder: OpenBuilder, settings: BuilderSettings, text: str) -> list[float]:
    """Seconds to the first line of the log, to the push, and in all; cold, then cached."""
    image, seconds = uuid4(), []
    async with open_builder(settings) as builder:
        for number in (1, 2):
            id, began = uuid4(), time.monotonic()
            await builder.put(id, a_request(text, image_id=image, number=number))
            await reaches(builder, id, lambda status: status.log_lines > 0)
            first = time.monotonic() - began
            await reaches(builder, id, lambda status: status.phase not in BEFORE_PUSH)
            built = time.monotonic() - began
            status = await ended(builder, id)
            assert status.phase == BuildPhase.SUCCEEDED, status.message
            seconds += [first, built, time.monotonic() - began]
    return seconds


async def test_builds(
    build_engine: BuildEngine, settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    here = {
        "build_engine_url": build_engine.url,
        "registry": build_engine.registry,
        "buildx": build_engine.buildx,
        "build_group": build_engine.group,
        "build_cgroup": os.environ.get("MYDOCKER_TEST_BUILD_CGROUP", settings.build_cgroup),
    }
    ours = settings.model_copy(update=here)
    rows: list[list[float]] = []
    for _ in range(ROUNDS):
        text = DOCKERFILE.format(id=uuid4())
        alone = [await asyncio.to_thread(_alone, build_engine, text) for _ in range(2)]
        text = DOCKERFILE.format(id=uuid4())
        rows.append([*alone, *await _ours(open_builder, ours, text)])
    cold, cached, first, built, done, first2, built2, done2 = (
        statistics.median(column) for column in zip(*rows, strict=True)
    )
    print(f"\nmedians of {ROUNDS} rounds, in seconds")
    print("            BuildKit   ours   ratio   first log line   with push")
    for name, bare, line, whole, pushed in (
        ("cold", cold, first, built, done),
        ("cached", cached, first2, built2, done2),
    ):
        print(f"{name:10}{bare:10.2f}{whole:7.2f}{whole / bare:8.2f}{line:17.2f}{pushed:12.2f}")


if __name__ == "__main__":
    sys.exit(pytest.main(["-q", "-s", "-p", "tests.builder.conftest", __file__]))
