"""Which Swarms the demo takes, and its sentence for the others. An engine with fixed answers."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

import pytest
from deploy.demo.engines import engine
from deploy.demo.report import Report
from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.network.ports import Ports
from deploy.machine.record import RecordFile
from deploy.node.findings import Finding
from deploy.node.settings import NodeSettings

from deploy.node import __main__ as node
from deploy.node import checks, labels, single_node
from mydocker_kit.docker.versions import ApiVersion

Answers = dict[str, Any]
Serve = Callable[[Answers], Docker]
READY = [{"Status": {"State": "ready"}, "Spec": {"Availability": "active"}}]


VERSION = {"Version": "28.5.2", "ApiVersion": "1.51", "MinAPIVersion": "1.44"}
"""Of an engine with the floor of Docker 29."""


def _answer(path: str, answers: Answers) -> tuple[int, Any]:
    """As an engine answers: `/version` at any path, all else in a version that it speaks."""
    if path == "/version":
        return 200, answers.get("/version", VERSION)
    if path == "/_ping":
        return 200, "OK"
    _, spoken, rest = path.split("/", 2)
    range_ = answers.get("/version", VERSION)
    oldest, newest = (ApiVersion.parse(range_[key]) for key in ("MinAPIVersion", "ApiVersion"))
    if not oldest <= ApiVersion.parse(spoken.removeprefix("v")) <= newest:
        return 400, {"message": f"client version {spoken[1:]} is too old"}
    body = answers.get(f"/{rest}")
    return (404, {"message": "none"}) if body is None else (200, body)


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    servers: list[ThreadingUnixStreamServer] = []

    def start(answers: Answers) -> Docker:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                status, answer = _answer(self.path.split("?")[0], answers)
                body = json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            do_POST = do_GET  # noqa: N815 - the name http.server calls

            def address_string(self) -> str:
                return "engine"

            def log_message(self, *_: object) -> None:
                return

        server = ThreadingUnixStreamServer(str(tmp_path / "docker.sock"), Handler)
        servers.append(server)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        return Docker(f"unix://{tmp_path}/docker.sock")

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def _info(state: str, **more: object) -> Answers:
    return {"/info": {"Swarm": {"LocalNodeState": state, **more}}}


def test_a_worker_of_another_swarm_is_refused(serve: Serve, tmp_path: Path) -> None:
    refused = pytest.raises(CannotStart, match=r"worker.*docker swarm leave")
    with serve(_info("active", ControlAvailable=False)) as docker, refused:
        single_node.ready_swarm(docker, RecordFile(tmp_path))


@pytest.mark.parametrize("state", ["error", "locked"])
def test_a_broken_swarm_is_refused(serve: Serve, tmp_path: Path, state: str) -> None:
    with serve(_info(state)) as docker, pytest.raises(CannotStart, match=state):
        single_node.ready_swarm(docker, RecordFile(tmp_path))


def test_a_swarm_that_is_there_is_used_and_never_left(serve: Serve, tmp_path: Path) -> None:
    record = RecordFile(tmp_path)
    with serve({**_info("active", ControlAvailable=True), "/nodes": READY}) as docker:
        single_node.ready_swarm(docker, record)
    assert not record.read().swarm_made


def test_a_node_that_its_checks_closed_is_there_to_be_checked_again(
    serve: Serve, tmp_path: Path
) -> None:
    closed = {"Availability": "pause", "Labels": {labels.READY: labels.NO}}
    nodes = [{"Status": {"State": "ready"}, "Spec": closed}]
    with serve({**_info("active", ControlAvailable=True), "/nodes": nodes}) as docker:
        single_node.ready_swarm(docker, RecordFile(tmp_path))


def test_a_swarm_we_make_is_remembered_before_it_is_made(serve: Serve, tmp_path: Path) -> None:
    record = RecordFile(tmp_path)
    answers = {**_info("inactive"), "/nodes": READY, "/swarm/init": "node"}
    with serve(answers) as docker:
        single_node.ready_swarm(docker, record)
    assert record.read().swarm_made
    assert record.read().gateway_made


def test_an_engine_elsewhere_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://192.0.2.9:2375")
    instance = Instance("t", tmp_path, Ports())
    with pytest.raises(CannotStart, match="on this machine"):
        engine.choose(instance, RecordFile(tmp_path), Report(quiet=True))


def test_a_named_engine_that_is_dead_is_an_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    instance = Instance("t", tmp_path, Ports())
    with pytest.raises(CannotStart, match="start it or unset it"):
        engine.choose(instance, RecordFile(tmp_path), Report(quiet=True))


def test_a_rootless_engine_is_left_alone(
    serve: Serve, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/docker.sock")
    instance = Instance("t", tmp_path / "state", Ports())
    with serve({"/_ping": "OK", "/info": {"SecurityOptions": ["name=rootless"]}}):
        monkeypatch.setattr(Docker, "answers", lambda _: True)
        url = engine.choose(instance, RecordFile(instance.state), Report(quiet=True))
    assert url == f"unix://{instance.run}/engine.sock"


def test_an_engine_that_refuses_old_clients_is_spoken_to_in_its_own_version(serve: Serve) -> None:
    with serve({"/info": {"ID": "e"}}) as docker:
        assert docker.get("/info") == {"ID": "e"}
        assert checks.engine(docker) == Finding("engine", True, "Docker 28.5.2, API 1.51")


def test_an_engine_of_debian_12_is_spoken_to_in_the_oldest_version(serve: Serve) -> None:
    old = {"Version": "20.10.24", "ApiVersion": "1.41", "MinAPIVersion": "1.12"}
    with serve({"/version": old, "/info": {"ID": "e"}}) as docker:
        assert docker.get("/info") == {"ID": "e"}
        assert str(docker.agreed.api) == "1.41"


@pytest.mark.parametrize(
    ("version", "sentence"),
    [
        ({"ApiVersion": "1.40", "MinAPIVersion": "1.12"}, "install Docker 20.10 or newer"),
        ({"ApiVersion": "1.70", "MinAPIVersion": "1.60"}, "update MyDocker"),
        ({"podman": True}, "check that a Docker engine listens there"),
    ],
)
def test_an_engine_without_a_version_of_ours_ends_a_command_with_what_to_do(
    serve: Serve, capsys: pytest.CaptureFixture[str], version: Answers, sentence: str
) -> None:
    with serve({"/version": version}) as docker:
        assert node.main(["--engine", docker.url, "invite"]) == 1
        [finding] = checks.of_settings(
            docker, NodeSettings(platform="p", network="n", bridge_prefix="m-", address="127.0.0.1")
        )
    assert sentence in capsys.readouterr().err
    assert (finding.name, finding.passed) == ("engine", False)
    assert sentence in finding.words


def test_an_engine_that_went_away_is_asked_anew_when_it_is_back(serve: Serve) -> None:
    answers: Answers = {"/info": {"ID": "e"}}
    with serve(answers) as docker:
        assert str(docker.agreed.api) == "1.51"
        path = Path(docker.url.removeprefix("unix://"))
        gone = path.rename(path.with_name("away.sock"))
        assert not docker.answers()
        gone.rename(path)
        answers["/version"] = {"Version": "29.1", "ApiVersion": "1.52", "MinAPIVersion": "1.44"}
        assert docker.answers()
        assert docker.agreed.engine == "29.1"
