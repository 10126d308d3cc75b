"""What a step of a build reaches. Each refusal has its control: without the rules the same try gets
through. Builds run beside environments on one machine in the demo and in docker-compose.yml.
"""

import json
import os
import re
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from deploy.demo.engines import apt_sources
from deploy.machine.commands import run
from deploy.machine.docker import Docker

from tests.isolation.inside import Inside
from tests.isolation.test_reach import addresses
from tests.isolation.world import INTERNET, METADATA, PORT, without

OUTSIDE = [f"{host}:{PORT}" for host in (METADATA, INTERNET)]
_STEP = """FROM debian:12
RUN for to in {targets}; do \\
      timeout 3 bash -c "exec 3<>/dev/tcp/${{to%:*}}/${{to#*:}}" 2> /dev/null \\
      && echo "reached $to"; \\
    done; true
"""


@pytest.fixture(scope="module")
def engine() -> str:
    url = os.environ.get("MYDOCKER_TEST_BUILD_ENGINE")
    if not url:
        pytest.skip("MYDOCKER_TEST_BUILD_ENGINE names no engine to build on (make engines)")
    return url


@pytest.fixture(scope="module")
def bridge(engine: str) -> str:
    """Of builds: the default network of their engine."""
    with Docker(engine) as docker:
        options = docker.get("/networks/bridge")["Options"]
    return str(options["com.docker.network.bridge.name"])


def gateway_of(bridge: str) -> str:
    [link] = json.loads(run(["ip", "-4", "-json", "addr", "show", "dev", bridge], why="addresses"))
    return str(link["addr_info"][0]["local"])


def reached(engine: str, *targets: str) -> list[str]:
    """Those of host:port that a step of a build opened a connection to."""
    with tempfile.TemporaryDirectory() as folder:
        dockerfile = Path(folder) / "Dockerfile"
        dockerfile.write_text(_STEP.format(targets=" ".join(targets)), encoding="utf-8")
        buildx = os.environ.get("MYDOCKER_TEST_BUILDX", "docker-buildx")
        done = subprocess.run(
            [buildx, "build", "--no-cache", "--progress=plain", folder],
            env={**os.environ, "DOCKER_HOST": engine, "BUILDX_CONFIG": folder},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert done.returncode == 0, done.stderr
    return re.findall(r"^#\d+ \d+\.\d+ reached (\S+)$", done.stderr, re.M)


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """A service of the machine itself, on all of its addresses."""
    with closing(socket.create_server(("0.0.0.0", 0), backlog=64)) as server:  # noqa: S104
        yield server


def test_a_build_reaches_no_environment(engine: str, bridge: str, neighbour: Inside) -> None:
    page = f"{neighbour.address}:8080"
    directly = [page, f"{neighbour.address}:22"]
    published = [f"{host}:{neighbour.host_port}" for host in addresses()]
    assert reached(engine, *directly, *published) == []
    rule = ["PREROUTING", "-i", bridge, "-j", "ACCEPT"]
    # From Docker 28 on the engine has a wall of its own there.
    run(["iptables", "-w", "-t", "raw", "-I", *rule], why="the control")
    try:
        assert reached(engine, *directly) == []
        with without("DOCKER-USER", "-i", bridge):
            assert reached(engine, *directly) == [page]
    finally:
        run(["iptables", "-w", "-t", "raw", "-D", *rule], why="the control")


def test_a_build_reaches_no_environment_where_either_wall_is_down(
    engine: str, bridge: str, neighbour: Inside
) -> None:
    """The environments' guard, and the rules of builds: each holds alone."""
    page = f"{neighbour.address}:8080"
    rule = ["PREROUTING", "-i", bridge, "-j", "ACCEPT"]
    run(["iptables", "-w", "-t", "raw", "-I", *rule], why="the control")
    try:
        # Past the environments' guard: builds' own rules decide.
        with skipped(guard_chain(), "-i", bridge):
            assert reached(engine, page) == []
            with skipped(f"{bridge.upper()}-OUT"):
                assert reached(engine, page) == [page], "the control"
        # Past the rules of builds: the environments' guard decides.
        with skipped(f"{bridge.upper()}-OUT"):
            assert reached(engine, page) == []
    finally:
        run(["iptables", "-w", "-t", "raw", "-D", *rule], why="the control")


def guard_chain() -> str:
    """The chain of the guard for what is sent to environments."""
    rules = run(["iptables", "-w", "-S", "DOCKER-USER"], why="the guard's chain")
    [chain] = re.findall(r"-o mdenv\S* .*-j (\S+-IN)$", rules, re.M)
    return str(chain)


@contextmanager
def skipped(chain: str, *match: str) -> Iterator[None]:
    """The control: one wall is down, because its chain returns before it decides."""
    rule = [chain, *match, "-j", "RETURN"]
    run(["iptables", "-w", "-I", *rule], why="the control")
    try:
        yield
    finally:
        run(["iptables", "-w", "-D", *rule], why="the control")


@pytest.mark.usefixtures("world")
def test_a_build_reaches_the_internet_and_no_metadata(engine: str, bridge: str) -> None:
    assert reached(engine, *OUTSIDE) == OUTSIDE[1:]
    with without(f"{bridge.upper()}-OUT"):
        assert reached(engine, *OUTSIDE) == OUTSIDE


def test_a_build_reaches_no_service_of_the_machine(
    engine: str, bridge: str, listener: socket.socket
) -> None:
    port = listener.getsockname()[1]
    ours = [f"{host}:{port}" for host in addresses()]
    assert f"{gateway_of(bridge)}:{port}" in ours
    listening = set(re.findall(r":(\d+)\s", run(["ss", "-Htln"], why="sockets")))
    at_gateway = [f"{gateway_of(bridge)}:{number}" for number in listening]
    assert reached(engine, *ours, *at_gateway) == []
    with without("INPUT", "-i", bridge):
        assert reached(engine, *ours) == ours


def test_a_build_asks_for_names_and_installs_packages(engine: str) -> None:
    """What builds are for: nothing that they need is refused."""
    mirror = urlsplit(apt_sources.mirror(apt_sources.of_machine()))
    port = mirror.port or {"http": 80, "https": 443}[mirror.scheme]
    assert reached(engine, f"{mirror.hostname}:{port}") == [f"{mirror.hostname}:{port}"]
