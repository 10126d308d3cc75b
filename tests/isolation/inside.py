"""An environment as the orchestrator makes it, and what a person does from inside of it."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from deploy.machine.commands import program
from deploy.machine.docker import Docker

from mydocker_kit.contracts.orchestrator.environments import PortKind, Profile, Resources
from mydocker_kit.contracts.orchestrator.pools import Egress
from mydocker_orchestrator.domain.placement.gpus import Placement
from mydocker_orchestrator.swarm.specs import STUDENT, ServiceDefaults, service_json, service_name
from tests.orchestrator.specs import a_port, a_spec
from tests.support.waiting import eventually

SECONDS = 60.0
CONNECT = """
use IO::Socket::INET;
for my $place (@ARGV) {
    my $s = IO::Socket::INET->new(PeerAddr => $place, Proto => 'tcp', Timeout => 3);
    print $s ? "$place reached\\n" : "$place refused: $!\\n";
}
"""

SEND = """
use IO::Socket::INET;
my $s = IO::Socket::INET->new(PeerAddr => $ARGV[0], Proto => 'udp'); $s->send('probe');
"""


@dataclass(frozen=True)
class Ground4Probes:
    """The engine of the lab, its network, an image with Perl on it."""

    url: str
    network: str
    image: str

    def docker(self) -> Docker:
        return Docker(self.url)


@dataclass(frozen=True)
class Inside:
    """One running container."""

    url: str
    id: str
    address: str
    gateway: str
    host_port: int

    def run(self, *command: str, seconds: float = SECONDS) -> subprocess.CompletedProcess[str]:
        """What the person types."""
        words = [program("docker"), "-H", self.url, "exec", self.id, *command]
        return subprocess.run(words, capture_output=True, text=True, timeout=seconds, check=False)

    def says(self, *command: str) -> str:
        done = self.run(*command)
        return done.stdout + done.stderr

    def perl(self, script: str, *arguments: str, seconds: float = SECONDS) -> str:
        done = self.run("perl", "-e", script, *arguments, seconds=seconds)
        return done.stdout + done.stderr

    def reached(self, *endpoints: str) -> list[str]:
        """Those of these `host:port` that answer it."""
        lines = self.perl(CONNECT, *endpoints).splitlines()
        assert len(lines) == len(endpoints), lines
        return [line.split()[0] for line in lines if line.endswith(" reached")]

    def answer(self, endpoint: str) -> str:
        """`reached`, or `refused: ` and what the system said; a drop is a time-out."""
        return self.perl(CONNECT, endpoint).strip().removeprefix(endpoint).strip()

    def sends(self, host: str, port: int) -> None:
        """A datagram, whether or not it arrives."""
        self.perl(SEND, f"{host}:{port}")


@contextmanager
def environment(
    ground: Ground4Probes,
    profile: Profile = Profile.STRICT,
    egress: Egress = Egress.OPEN,
    resources: Resources | None = None,
    *,
    approved: bool = True,
) -> Iterator[Inside]:
    """A service of the orchestrator's making, and its container."""
    id, platform = uuid4(), f"probe-{uuid4().hex[:8]}"
    spec = a_spec(
        image=ground.image,
        arguments=("web:8080",),
        ports=(a_port(PortKind.WEB, 8080),),
        profile=profile,
        resources=resources or Resources(cpu=0.25, memory_mib=128),
    )
    if not approved:
        spec = spec.model_copy(update={"root_approved_for": None})
    where = ServiceDefaults(platform, ground.network)
    with ground.docker() as docker:
        body = service_json(id, spec, where, Placement(egress=egress), docker.agreed.api)
        docker.call("POST", "/services/create", body)
        try:
            yield _running(docker, ground.url, id)
        finally:
            docker.call("DELETE", f"/services/{service_name(id)}")


@contextmanager
def loose(ground: Ground4Probes, user: str = STUDENT, **host: Any) -> Iterator[Inside]:
    """The control: a container without our guards, held by `host` alone."""
    body = {
        "Image": ground.image,
        "Cmd": ["web:8080"],
        "User": user,
        "HostConfig": {"NetworkMode": "none", **host},
    }
    with ground.docker() as docker:
        made = docker.call("POST", "/containers/create", body)["Id"]
        try:
            docker.call("POST", f"/containers/{made}/start")
            yield Inside(ground.url, made, "", "", 0)
        finally:
            docker.call("DELETE", f"/containers/{made}", force="true", v="true")


def _running(docker: Docker, url: str, id: UUID) -> Inside:
    ours = json.dumps({"label": [f"mydocker.environment={id}"]})

    def running_task() -> dict[str, Any] | None:
        tasks = docker.get("/tasks", filters=json.dumps({"service": [service_name(id)]}))
        states.extend(task["Status"] for task in tasks)
        return dict(tasks[0]) if tasks and tasks[0]["Status"]["State"] == "running" else None

    states: list[dict[str, Any]] = []
    try:
        task = eventually(running_task, "a running task", SECONDS, pause=0.05)
    except AssertionError as error:
        raise AssertionError(f"{error}: {states[-1:]}") from None
    [listed] = docker.get("/containers/json", filters=ours)
    [network] = listed["NetworkSettings"]["Networks"].values()
    port = task["Status"]["PortStatus"]["Ports"][0]["PublishedPort"]
    return Inside(url, listed["Id"], network["IPAddress"], network["Gateway"], port)
