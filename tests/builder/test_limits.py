"""Limits of a build that need no engine: its image, its log, its processes."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path
from uuid import uuid4

import pytest
from tests.builder.conftest import OpenBuilder, a_request, ended, log_of
from tests.builder.scripted import Part, ScriptedEngine

from mydocker_builder.domain.buildkit import BuildKitEvent
from mydocker_builder.settings import BuilderSettings
from mydocker_builder.worker import processes
from mydocker_builder.worker.engine import ImageSize
from mydocker_builder.worker.processes import ProcessExcess, TooManyProcesses, ended_by
from mydocker_kit.contracts.builder.builds import BuildFailure, BuildPhase

GIB = 1024**3


@pytest.mark.parametrize(
    ("size", "failure"),
    [
        (ImageSize(8 * GIB, 100), None),
        (ImageSize(8 * GIB + 2**20, 100), BuildFailure.IMAGE_TOO_LARGE),
        (ImageSize(8 * GIB, 101), BuildFailure.TOO_MANY_LAYERS),
    ],
)
async def test_an_image_over_its_limit_is_not_pushed(
    settings: BuilderSettings,
    open_builder: OpenBuilder,
    size: ImageSize,
    failure: BuildFailure | None,
) -> None:
    id, engine = uuid4(), ScriptedEngine(image_size=size)
    async with open_builder(settings, engine) as builder:
        await builder.put(id, a_request())
        status = await ended(builder, id)
    assert status.failure == failure
    assert bool(engine.registry) == (failure is None)


async def test_the_end_of_a_log_over_its_limit_is_stored(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    id, text = uuid4(), "x" * 1023 + "\n"
    script: list[Part] = ["[1/1] FROM debian:12\n", text * 3000, "the reason\n"]
    small = settings.model_copy(update={"build_log_mib": 1})
    async with open_builder(small, ScriptedEngine(script=script)) as builder:
        await builder.put(id, a_request())
        assert (await ended(builder, id)).phase == BuildPhase.SUCCEEDED
        log = await log_of(builder, id)
    assert "The log is longer than allowed" in log
    assert "the reason" in log
    assert "lines are left out" in log
    assert 1000 < log.count("x" * 1023) < 2100, "a MiB, and the last thousand lines"


async def test_a_build_without_cache_says_so_to_the_engine(
    settings: BuilderSettings, open_builder: OpenBuilder
) -> None:
    engine = ScriptedEngine()
    async with open_builder(settings, engine) as builder:
        for use_cache in (True, False):
            id = uuid4()
            await builder.put(id, a_request(use_cache=use_cache))
            await ended(builder, id)
    assert [sources.use_cache for sources in engine.contexts] == [True, False]


async def _silence() -> AsyncGenerator[BuildKitEvent, None]:
    await asyncio.Event().wait()
    yield  # type: ignore[misc]


@pytest.mark.parametrize("folder", ["pids/builds/1", "builds/1"], ids=["v1", "v2"])
async def test_a_build_that_stays_at_its_limit_of_processes_is_ended(
    folder: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_INTERVAL", 0.0)
    group = tmp_path / folder
    group.mkdir(parents=True)
    (group / "pids.max").write_text("512\n")
    (group / "pids.current").write_text("512\n")
    with pytest.raises(TooManyProcesses) as excess:
        async for _ in ended_by(ProcessExcess("/builds/1", tmp_path), _silence()):
            pass
    assert excess.value.limit == 512


@pytest.mark.parametrize("files", [{}, {"pids.max": "max", "pids.current": "9"}])
async def test_a_build_below_its_limit_goes_on(
    files: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(processes, "_INTERVAL", 0.0)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    watching = asyncio.create_task(ProcessExcess("/", tmp_path).limit())
    for _ in range(1000):
        await asyncio.sleep(0)
    assert not watching.done()
    watching.cancel()
