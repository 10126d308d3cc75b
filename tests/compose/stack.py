"""The composed platform, run as an operator runs it: from an unpacked bundle, by its commands."""

import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from deploy.demo.engines import base_image, engine
from deploy.demo.examples import seed
from deploy.demo.examples.campus_user import CampusUser
from deploy.demo.programs import lms
from deploy.demo.report import Report
from deploy.machine.docker import Docker
from deploy.machine.instance import ROOT, Instance
from deploy.machine.record import RecordFile
from deploy.release import bundle, images

from tests.support.waiting import eventually

VERSION = "9.8.7"
DISK_MIB = 256


@dataclass(frozen=True)
class Stack:
    """The platform on an engine of the tests' own; `folder` is the unpacked bundle."""

    instance: Instance
    docker: Docker
    environment: dict[str, str]
    folder: Path

    def compose(self, *words: str, seconds: float = 900) -> str:
        return self.run([self.environment["COMPOSE"], *words], seconds)

    def run(self, command: Sequence[str], seconds: float = 300) -> str:
        """What a command of the operator prints, from the bundle's folder."""
        done = subprocess.run(
            command,
            env=self.environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=seconds,
        )
        assert done.returncode == 0, f"{command}: {done.stdout[-3000:]}{done.stderr[-3000:]}"
        return done.stdout

    def init(self) -> None:
        """What an operator does before the first start."""
        instance = self.instance
        self.run(
            [
                *(".venv/bin/python", "-m", "deploy.compose", "init", "--name", instance.name),
                *("--app-origin", instance.app_origin),
                *("--content-origin", instance.user_content_origin),
                *("--socket", str(engine.socket_of(instance, "engine"))),
            ]
        )

    def up(self) -> None:
        self.compose("up", "--detach", "--wait", "--wait-timeout", "300")

    def command(self, service: str, *words: str) -> str:
        return self.compose("exec", "-T", service, *words)


def build(instance: Instance, docker: Docker) -> Stack:
    """Images and bundle of a release of the working tree, unpacked and with its `.venv`."""
    environment = {
        **os.environ,
        "DOCKER_HOST": f"unix://{engine.socket_of(instance, 'engine')}",
        "DOCKER_BUILDKIT": "0",
        "COMPOSE": str(Path(sys.executable).with_name("docker-compose")),
        "COMPOSE_PARALLEL_LIMIT": "1",  # one after the other, the images share their first layers
        "COMPOSE_PROJECT_NAME": instance.name,
        "MYDOCKER_PRIVATE_PLATFORMS": urlsplit(instance.lms_origin).netloc,
        "MYDOCKER_DISK_ROOT_MIB": str(DISK_MIB),
        "MYDOCKER_BASE": base_image.IMAGE,
        "MYDOCKER_CATALOGUE_BUILDS": "openssl",
        "MYDOCKER_BUILD_NETWORK": "host",  # the tests' engine has no bridge of its own
        "MYDOCKER_RUN": str(instance.run / "build"),
    }
    images.build(ROOT, VERSION, _revision(), datetime.now(UTC), environment)
    packed = instance.state / "bundle.tar.gz"
    bundle.write(ROOT, _revision(), VERSION, packed)
    with tarfile.open(packed) as archive:
        archive.extractall(instance.state, filter="data")
    stack = Stack(instance, docker, environment, instance.state / f"mydocker-{VERSION}")
    stack.run(["deploy/setup/operator.sh"], 900)
    return stack


def _revision() -> str:
    """A commit of the working tree as it is, files that Git does not know yet aside."""
    command = ["git", "stash", "create"]
    made = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return made.stdout.strip() or "HEAD"


def plant_campus(stack: Stack) -> None:
    """The demo's LMS as a platform, an operator, and one course with its image."""
    commands = ("python", "-m", "mydocker_lti.commands")
    registration = lms.registration(stack.instance)
    stack.command("lti-gateway", *commands, "platforms", "add", *registration)

    def operator_link() -> str:
        made = stack.command(
            *("lti-gateway", "mydocker", "admin", "--json", "create"),
            *("--name", "Operator", "--issuer", "urn:test", "--subject", "1"),
        )
        return str(json.loads(made.splitlines()[-1])["link"])

    record = RecordFile(stack.instance.state)
    seed.plant(stack.instance, record, Report(), plans=seed.PLANS[:1], operator_link=operator_link)


def await_state(student: CampusUser, course: str, state: str) -> dict[str, Any]:
    """The student's window of the course, once it says `state`."""

    def reached() -> dict[str, Any] | None:
        window = dict(student.api("GET", f"/api/courses/{course}/window"))
        assert window["state"] == state or window["state"] != "failed", window
        return window if window["state"] == state else None

    return eventually(reached, f"the environment is {state}", 90)
