"""`docker-compose.yml` is really used: built, brought up, one launch and one start go through.

Runs in a network of its own (`make system`), because everything in it has fixed ports.
"""

import contextlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest
from deploy.demo import page
from deploy.demo.engines import base_image, engine, leftovers
from deploy.demo.examples import seed
from deploy.demo.examples.visitor import Visitor
from deploy.demo.programs import lms as school
from deploy.demo.report import Report
from deploy.machine.commands import program
from deploy.machine.docker import Docker
from deploy.machine.instance import ROOT, Instance, cache_folder
from deploy.machine.ports import Ports
from deploy.machine.processes import Supervisor
from deploy.machine.record import RecordFile

from tests.support.waiting import eventually

pytestmark = pytest.mark.timeout(1500)
DISK_MIB = 256
_SERVICES = ("api", "orchestrator", "builder", "lti-gateway", "bastion")
_TOOLS = ("gcc", "make", "pip", "pip3", "apt-key", "git", "npm")


@dataclass(frozen=True)
class Stack:
    """The composed platform on an engine of the test's own."""

    instance: Instance
    docker: Docker
    environment: dict[str, str]

    def compose(self, *words: str, seconds: float = 900) -> str:
        command = [str(Path(sys.executable).with_name("docker-compose")), *words]
        return _run(command, self.environment, seconds)


def _run(command: Sequence[str], environment: dict[str, str], seconds: float) -> str:
    done = subprocess.run(
        command, env=environment, cwd=ROOT, capture_output=True, text=True, timeout=seconds
    )
    assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
    return done.stdout


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    state = tmp_path_factory.mktemp("compose")
    instance = Instance(f"c{os.getpid()}", state, Ports(), own_engine=True, cache=cache_folder())
    report, supervisor = Report(), Supervisor(instance)
    page.build(report)
    instance.run.mkdir(parents=True)
    with contextlib.ExitStack() as stack:
        stack.callback(leftovers.remove_state, instance)
        stack.callback(leftovers.remove_run_folder, instance)
        stack.callback(leftovers.sweep, instance, "ACCEPT")
        stack.callback(supervisor.shutdown)
        with report.step("start an engine"):
            supervisor.configure([engine.program(instance), school.program(instance)])
            engine.start_own(instance, supervisor)
            supervisor.start(school.PROGRAM)
        docker = stack.enter_context(Docker(f"unix://{engine.socket_of(instance, 'engine')}"))
        with report.step("provide the base image"):
            base_image.ready(instance, docker, report)
        running = Stack(instance, docker, _environment(instance))
        _prepare(running)
        stack.callback(running.compose, "down", "--volumes", "--timeout", "20")
        with report.step("build the images"):
            running.compose("build")
        with report.step("bring the stack up"):
            running.compose("up", "--detach", "--wait", "--wait-timeout", "180")
        builds = stack.enter_context(Docker(f"unix://{instance.run}/build/docker.sock"))
        with report.step("provide the base image for builds"):
            assert builds.await_answer(60)
            base_image.ready(instance, builds, report)
        yield running


def _environment(instance: Instance) -> dict[str, str]:
    return {
        **os.environ,
        "DOCKER_HOST": f"unix://{engine.socket_of(instance, 'engine')}",
        "DOCKER_BUILDKIT": "0",
        "COMPOSE_PARALLEL_LIMIT": "1",  # one after the other, the images share their first layers
        "COMPOSE_PROJECT_NAME": instance.name,
        "MYDOCKER_PRIVATE_PLATFORMS": urlsplit(instance.lms_origin).netloc,
        "COMPOSE_ENV_FILES": str(instance.state / "env"),
        "MYDOCKER_DISK_ROOT_MIB": str(DISK_MIB),
        "MYDOCKER_BASE": base_image.IMAGE,
        "MYDOCKER_BUILD_NETWORK": "host",  # the test's engine has no bridge of its own
        "MYDOCKER_RUN": str(instance.run / "build"),
    }


def _prepare(stack: Stack) -> None:
    """What an operator does before the first start."""
    instance = stack.instance
    command = [
        *(sys.executable, "-m", "deploy.compose", "init", "--name", instance.name),
        *("--app-origin", instance.app_origin),
        *("--content-origin", instance.user_content_origin),
        *("--socket", str(engine.socket_of(instance, "engine"))),
        *("--secrets", str(instance.state / "secrets")),
        *("--settings", str(instance.state / "env")),
    ]
    _run(command, stack.environment, 120)


def test_images_are_small_unprivileged_and_without_build_tools(stack: Stack) -> None:
    for service in _SERVICES:
        image = stack.docker.get(f"/images/mydocker/{service}/json")
        assert image["Config"]["User"] == "10001"
        assert image["Size"] < 450 * 1024**2, f"{service}: {image['Size'] / 1024**2:.0f} MiB"
        look = f"for tool in {' '.join(_TOOLS)}; do command -v $tool; done; true"
        found = stack.compose("exec", "-T", service, "sh", "-c", look).split()
        assert found == ["/usr/bin/apt-key"] or found == []
        assert stack.compose("exec", "-T", service, "id", "-u").strip() == "10001"


def test_one_launch_and_one_start_go_through(stack: Stack) -> None:
    instance = stack.instance
    stack.compose(
        *("exec", "-T", "lti-gateway", "python", "-m", "mydocker_lti.commands", "platforms", "add"),
        *school.registration(instance),
    )
    record = RecordFile(instance.state)
    made = stack.compose(
        *("exec", "-T", "lti-gateway", "python", "-m", "mydocker_lti.commands", "admin"),
        *("--json", "create", "--name", "Operator", "--issuer", "urn:test", "--subject", "1"),
    )
    link = json.loads(made.splitlines()[-1])["link"]
    seed.plant(instance, record, Report(), plans=seed.PLANS[:1], operator_link=link)
    with Visitor(instance, "amina-benali") as student:
        activity = re.findall(r'activities/(\d+)"', student.course_page())[0]
        course = student.enter_activity(activity)
        student.api("POST", f"/api/courses/{course}/environment/start")
        window = _awaited(student, course, "ready")
        web = next(one for one in window["connections"] if one["kind"] == "web")
        opening = f"/api/courses/{course}/environment/ports/{web['port']}/open"
        assert "OpenSSL" in _opened(student.api("POST", opening), instance.ports.edge)
        # The orchestrator, in a container itself, measures what others write.
        _fill_disk(stack)
        failed = _awaited(student, course, "failed")
        assert failed["reason"]["code"] == "disk_full"


def _fill_disk(stack: Stack) -> None:
    ours = json.dumps({"label": ["mydocker.environment"]})
    [container] = stack.docker.get("/containers/json", filters=ours)
    write = f"head -c {DISK_MIB + 64}M /dev/zero > /var/tmp/big"
    command = [program("docker"), "exec", "-u", "0", container["Id"], "sh", "-c", write]
    _run(command, stack.environment, 60)


def _awaited(student: Visitor, course: str, state: str) -> dict[str, Any]:
    def reached() -> dict[str, Any] | None:
        window = dict(student.api("GET", f"/api/courses/{course}/window"))
        assert window["state"] == state or window["state"] != "failed", window
        return window if window["state"] == state else None

    return eventually(reached, f"the environment is {state}", 90)


def _opened(opening: dict[str, str], port: int) -> str:
    """The environment's page, entered with the ticket as a browser does."""
    host = httpx.URL(opening["url"]).netloc.decode()
    with httpx.Client(
        base_url=f"http://127.0.0.1:{port}", headers={"Host": host}, trust_env=False
    ) as browser:
        entered = browser.post("/_mydocker/enter", data={"ticket": opening["ticket"]})
        assert entered.status_code == 303
        cookie = entered.headers["set-cookie"].split(";")[0]
        return browser.get("/", headers={"Cookie": cookie}).text
