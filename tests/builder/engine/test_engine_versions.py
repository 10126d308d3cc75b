"""The builder and build engines of other versions; no engine is started for it."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from aiohttp import web

from mydocker_builder.worker.engine import BuildSetup, Engine
from mydocker_kit.docker.errors import EngineUnavailable


class Versions:
    """Answers every call, and notes in which version it was asked."""

    def __init__(self) -> None:
        self.version = {"Version": "29.0.1", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}
        self.asked: list[str] = []

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.path)
        return web.json_response(self.version if request.path == "/version" else {})


@pytest.fixture
async def versions(tmp_path: Path) -> AsyncIterator[Versions]:
    versions = Versions()
    runner = web.ServerRunner(web.Server(versions.answer))
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "docker.sock")).start()
    yield versions
    await runner.cleanup()


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return Engine(f"unix://{tmp_path}/docker.sock", BuildSetup("true", "{}", "/builds"), None)


@pytest.mark.parametrize(
    ("newest", "oldest", "spoken"),
    [("1.52", "1.44", "v1.51"), ("1.51", "1.44", "v1.51"), ("1.41", "1.12", "v1.41")],
)
async def test_a_build_engine_is_spoken_to_in_a_version_that_was_tested(
    versions: Versions, engine: Engine, newest: str, oldest: str, spoken: str
) -> None:
    versions.version |= {"ApiVersion": newest, "MinAPIVersion": oldest}
    await engine.ping()
    assert versions.asked == ["/version", f"/{spoken}/_ping"]


@pytest.mark.parametrize(
    ("newest", "oldest", "sentence"),
    [
        ("1.40", "1.12", "install Docker 20.10 or newer"),
        ("1.90", "1.60", "update MyDocker"),
        ("new", "1.12", "check that a Docker engine listens there"),
    ],
)
async def test_a_build_engine_without_a_version_of_ours_says_what_to_do(
    versions: Versions, engine: Engine, newest: str, oldest: str, sentence: str
) -> None:
    versions.version |= {"ApiVersion": newest, "MinAPIVersion": oldest}
    with pytest.raises(EngineUnavailable, match=sentence):
        await engine.ping()
    assert versions.asked == ["/version"]
