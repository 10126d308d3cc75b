"""The orchestrator and engines of other versions: Docker 29's floor, an upgrade, a relic."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from aiohttp import web
from structlog.testing import capture_logs
from tests.orchestrator.specs import a_spec

from mydocker_kit.docker.errors import EngineIncompatible, EngineUnavailable
from mydocker_kit.docker.versions import ApiVersion
from mydocker_orchestrator.swarm.engine import DockerSwarm
from mydocker_orchestrator.swarm.specs import ServiceDefaults

MODERN = {"Version": "29.0.1", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}
DEBIAN_12 = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}
NODE = {
    "ID": "n1",
    "Spec": {"Availability": "active", "Labels": {"mydocker.ready": "yes"}},
    "Status": {"State": "ready", "Addr": "10.0.0.4"},
    "Description": {"Hostname": "manager", "Engine": {"EngineVersion": "29.0.1"}},
}


class OldOrNew:
    """An engine that refuses other versions as Docker does, and notes what is asked of it."""

    def __init__(self) -> None:
        self.version: dict[str, str] = MODERN
        self.asked: list[str] = []
        self.created: list[dict[str, Any]] = []

    async def answer(self, request: web.BaseRequest) -> web.StreamResponse:
        self.asked.append(request.path)
        if request.path == "/version":
            return web.json_response(self.version)
        _, spoken, path = request.path.split("/", 2)
        api = ApiVersion.parse(spoken.removeprefix("v"))
        if api < ApiVersion.parse(self.version["MinAPIVersion"]):
            oldest = self.version["MinAPIVersion"]
            return _refused(f"{api} is too old. Minimum supported API version is {oldest}")
        if api > ApiVersion.parse(self.version["ApiVersion"]):
            newest = self.version["ApiVersion"]
            return _refused(f"{api} is too new. Maximum supported API version is {newest}")
        if path == "events":
            return web.Response(text="")  # ends at once, as when the engine does
        if path == "services/create":
            self.created.append(await request.json())
        known: dict[str, Any] = {"info": {"Swarm": {"NodeID": "n1"}}, "nodes": [NODE]}
        return web.json_response(known.get(path, [] if request.method == "GET" else {}))


def _refused(why: str) -> web.Response:
    return web.json_response({"message": f"client version {why}"}, status=400)


@pytest.fixture
async def engine(tmp_path: Path) -> AsyncIterator[OldOrNew]:
    engine = OldOrNew()
    runner = web.ServerRunner(web.Server(engine.answer))
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "docker.sock")).start()
    yield engine
    await runner.cleanup()


@pytest.fixture
async def swarm(engine: OldOrNew, tmp_path: Path) -> AsyncIterator[DockerSwarm]:
    swarm = DockerSwarm(
        f"unix://{tmp_path}/docker.sock", ServiceDefaults("campus", "mydocker-open"), ""
    )
    yield swarm
    await swarm.aclose()


def container_of(created: dict[str, Any]) -> dict[str, Any]:
    spec: dict[str, Any] = created["TaskTemplate"]["ContainerSpec"]
    return spec


async def test_an_engine_with_the_floor_of_docker_29_is_spoken_to_and_confines_by_itself(
    engine: OldOrNew, swarm: DockerSwarm
) -> None:
    with capture_logs() as logs:
        await swarm.create(uuid4(), a_spec())
        await swarm.observe()
    assert container_of(engine.created[0])["Privileges"] == {
        "NoNewPrivileges": True,
        "Seccomp": {"Mode": "default"},
        "AppArmor": {"Mode": "default"},
    }
    assert engine.asked.count("/version") == 1, "once per connection"
    assert {path.split("/")[1] for path in engine.asked} == {"version", "v1.51"}
    [connected] = [entry for entry in logs if entry["event"] == "engine.connected"]
    assert (connected["engine"], connected["api"]) == ("29.0.1", "1.51")


async def test_an_engine_before_25_gets_no_field_that_it_would_drop(
    engine: OldOrNew, swarm: DockerSwarm
) -> None:
    engine.version = DEBIAN_12
    await swarm.create(uuid4(), a_spec())
    assert "Privileges" not in container_of(engine.created[0])
    assert "mydocker.confined" not in engine.created[0]["Labels"]
    assert "/v1.41/services/create" in engine.asked


async def test_machines_say_engine_and_the_version_spoken_with_it(
    engine: OldOrNew, swarm: DockerSwarm
) -> None:
    [node] = await swarm.nodes()
    assert (node.engine_version, node.api_version) == ("29.0.1", "1.51")


async def test_an_upgrade_is_noticed_by_the_first_refusal_and_spoken_to_right_after(
    engine: OldOrNew, swarm: DockerSwarm
) -> None:
    engine.version = DEBIAN_12
    await swarm.nodes()
    engine.version = MODERN
    with pytest.raises(EngineUnavailable, match="too old"):
        await swarm.nodes()
    [node] = await swarm.nodes()
    assert node.api_version == "1.51"


async def test_the_end_of_the_event_stream_makes_the_next_call_negotiate(
    engine: OldOrNew, swarm: DockerSwarm
) -> None:
    engine.version = DEBIAN_12
    await swarm.nodes()
    engine.version = {**MODERN, "MinAPIVersion": "1.12"}  # it would still bear the old one
    with pytest.raises(EngineUnavailable):
        await anext(swarm.events())
    [node] = await swarm.nodes()
    assert node.api_version == "1.51"


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ({"ApiVersion": "1.40", "MinAPIVersion": "1.12"}, "install Docker 20.10 or newer"),
        ({"ApiVersion": "1.90", "MinAPIVersion": "1.80"}, "update MyDocker"),
    ],
)
async def test_an_engine_without_a_version_of_ours_is_said_once_and_asked_again(
    engine: OldOrNew, swarm: DockerSwarm, version: dict[str, str], sentence: str
) -> None:
    engine.version = version
    with capture_logs() as logs:
        for _ in range(3):
            with pytest.raises(EngineIncompatible, match=sentence):
                await swarm.nodes()
    assert [entry["event"] for entry in logs] == ["engine.unusable"]
    assert sentence in logs[0]["error"]
    assert all(path == "/version" for path in engine.asked), "nothing is tried on it"
    engine.version = MODERN
    assert await swarm.nodes()


@pytest.mark.parametrize("body", ["", "<html>", "[]", '{"ApiVersion": 7}'])
async def test_garbage_instead_of_a_version_is_an_engine_that_is_away(
    engine: OldOrNew, swarm: DockerSwarm, body: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web, "json_response", _always(body))
    with pytest.raises(EngineIncompatible, match="does not say which API versions"):
        await swarm.nodes()


def _always(body: str) -> Callable[..., web.Response]:
    return lambda *_, **__: web.Response(text=body, content_type="application/json")
