"""Which Swarms the demo takes, and its sentence for the others. An engine with fixed answers."""

import json
import threading
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingUnixStreamServer
from typing import Any

import pytest
from deploy.demo import engine
from deploy.demo.docker import Docker
from deploy.demo.errors import CannotStart
from deploy.demo.instance import Instance
from deploy.demo.ports import Ports
from deploy.demo.record import RecordFile
from deploy.demo.report import Report
from deploy.node import labels

Answers = dict[str, Any]
Serve = Callable[[Answers], Docker]
READY = [{"Status": {"State": "ready"}, "Spec": {"Availability": "active"}}]


@pytest.fixture
def serve(tmp_path: Path) -> Iterator[Serve]:
    servers: list[ThreadingUnixStreamServer] = []

    def start(answers: Answers) -> Docker:
        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                path = self.path.split("?")[0].removeprefix("/v1.41")
                body = json.dumps(answers.get(path, {"message": "none"})).encode()
                self.send_response(200 if path in answers else 404)
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
        engine.ready_swarm(docker, RecordFile(tmp_path))


@pytest.mark.parametrize("state", ["error", "locked"])
def test_a_broken_swarm_is_refused(serve: Serve, tmp_path: Path, state: str) -> None:
    with serve(_info(state)) as docker, pytest.raises(CannotStart, match=state):
        engine.ready_swarm(docker, RecordFile(tmp_path))


def test_a_swarm_that_is_there_is_used_and_never_left(serve: Serve, tmp_path: Path) -> None:
    record = RecordFile(tmp_path)
    with serve({**_info("active", ControlAvailable=True), "/nodes": READY}) as docker:
        engine.ready_swarm(docker, record)
    assert not record.read().swarm_made


def test_a_node_that_its_checks_closed_is_there_to_be_checked_again(
    serve: Serve, tmp_path: Path
) -> None:
    closed = {"Availability": "pause", "Labels": {labels.READY: labels.NO}}
    nodes = [{"Status": {"State": "ready"}, "Spec": closed}]
    with serve({**_info("active", ControlAvailable=True), "/nodes": nodes}) as docker:
        engine.ready_swarm(docker, RecordFile(tmp_path))


def test_a_swarm_we_make_is_remembered_before_it_is_made(serve: Serve, tmp_path: Path) -> None:
    record = RecordFile(tmp_path)
    answers = {**_info("inactive"), "/nodes": READY, "/swarm/init": "node"}
    with serve(answers) as docker:
        engine.ready_swarm(docker, record)
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
