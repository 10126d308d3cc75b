"""Up, stop, clean on an engine that was found: what was there stays, what came goes.

Runs beside an engine of the tests' own (`make engines`).
"""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.machine.docker import Docker
from deploy.machine.instance import ROOT
from deploy.machine.processes import processes_marked

ENGINE = os.environ.get("MYDOCKER_TEST_ENGINE", "")
pytestmark = [
    pytest.mark.skipif(not ENGINE, reason="needs an engine: make engines"),
    pytest.mark.timeout(400),
]
NAME = f"found{os.getpid()}"


@pytest.fixture(scope="module")
def state(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("found") / "state"
    yield folder
    _demo("clean", folder)


def _command(what: str, state: Path) -> list[str]:
    options = ["--state", str(state), "--name", NAME, "--ports", "9000", "--empty"]
    return [sys.executable, "-m", "deploy.demo", what, *options]


def _demo(what: str, state: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "DOCKER_HOST": ENGINE}
    command = _command(what, state)
    return subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=350
    )


def _machine() -> dict[str, list[str]]:
    """What an instance could leave behind."""
    with Docker(ENGINE) as docker:
        networks = [network["Name"] for network in docker.get("/networks")]
        services = [service["ID"] for service in docker.get("/services")]
    rules = subprocess.run(["iptables-save"], capture_output=True, text=True, check=True).stdout
    mounts = Path("/proc/self/mounts").read_text("utf-8").splitlines()
    return {
        "networks": sorted(networks),
        "services": sorted(services),
        # Not those of the rooms of other test runs (tests.support.netns), which come and go.
        "links": sorted(path.name for path in Path("/sys/class/net").glob("md[!t]*")),
        "rules": [line for line in rules.splitlines() if NAME in line],
        "mounts": [line for line in mounts if NAME in line],
        "run": [str(path) for path in Path("/run/mydocker").glob(NAME)],
    }


def test_an_interrupted_start_is_undone(state: Path) -> None:
    before = _machine()
    process = subprocess.Popen(
        _command("up", state),
        env={**os.environ, "DOCKER_HOST": ENGINE},
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert process.stdout is not None
    for line in process.stdout:
        if "✓ start the engine for builds" in line:
            process.send_signal(signal.SIGTERM)
            break
    said = process.stdout.read()
    process.stdout.close()
    assert process.wait(120) == 130
    assert "Interrupted" in said
    assert _machine() == before
    assert processes_marked(state) == []


def test_it_comes_up_again_in_seconds_and_goes_without_a_trace(state: Path) -> None:
    before = _machine()
    first = _demo("up", state)
    assert first.returncode == 0, first.stdout + first.stderr
    assert "http://127.0.0.1:9600" in first.stdout
    second = _demo("up", state)
    assert "Already running" in second.stdout
    assert _demo("stop", state).returncode == 0
    assert _machine() == before
    assert processes_marked(state) == []
    assert (state / "database/PG_VERSION").exists()
    assert _demo("stop", state).returncode == 0, "stopping twice is no error"


def test_clean_leaves_no_file_and_no_work_folder(state: Path) -> None:
    with Docker(ENGINE) as docker:
        for platform in (NAME, "another"):
            labels = {"mydocker.platform": platform}
            body = {"Name": f"work-{NAME}-of-{platform}", "Labels": labels}
            docker.call("POST", "/volumes/create", body)
        cleaned = _demo("clean", state)
        assert cleaned.returncode == 0, cleaned.stderr
        assert not state.exists()
        volumes = [volume["Name"] for volume in docker.get("/volumes")["Volumes"] or []]
        docker.call("DELETE", f"/volumes/work-{NAME}-of-another")
        assert [name for name in volumes if NAME in name] == [f"work-{NAME}-of-another"]
        assert docker.get("/info")["Swarm"]["LocalNodeState"] == "active", "not ours to leave"
