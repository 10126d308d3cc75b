"""A container that tries what an environment must not be able to do, and says how it went."""

import contextlib
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.node.busybox import root_of
from mydocker_kit.docker.errors import EngineError

IMAGE = "mydocker-probe:2"
"""Busybox and a few applets; each machine makes it for its own checks."""
LISTENS_ON = 7070
_REFUSED = ("Connection refused", "No route to host")
"""What a program gets when the guard refuses."""
_SECONDS = 30.0
_TRY = """#!/bin/sh
# Tries each host:port that it is given, then shows how it is held.
try() {
    if said=$(nc -w 3 "${1%:*}" "${1#*:}" -e true 2>&1); then said=reached; fi
    echo "try $1 ${said##*: }"
}
for there in "$@"; do try "$there" & done
wait
cat /proc/self/status /proc/self/limits /proc/self/uid_map
echo "root $(touch /tmp/here 2>/dev/null && echo writable || echo read-only)"
"""
_APPLETS = ("sh", "nc", "cat", "true", "touch", "echo", "sleep")


@dataclass(frozen=True)
class Seen:
    """What a probe found from inside."""

    tries: Mapping[str, str]
    """For each host:port: `reached`, or what the system said."""
    status: Mapping[str, str]
    """Of /proc/self/status."""
    text: str

    @property
    def users(self) -> str:
        """Whom its users are outside; empty: it did not say."""
        return users_of(self.text)

    def passed(self) -> list[str]:
        """What it reached, or might have: a guard refuses, only silence tells nothing."""
        return [f"{to} ({said})" for to, said in self.tries.items() if said not in _REFUSED]


def ready_image(docker: Docker) -> None:
    """Busybox and the script; made here, so that a node needs no registry to be checked."""
    if docker.exists(f"/images/{IMAGE}/json"):
        return
    root = root_of(_APPLETS, {"bin/probe": _TRY.encode()})
    name, tag = IMAGE.split(":")
    for _ in docker.follow(
        "/images/create", root, fromSrc="-", repo=name, tag=tag, changes=["ENV PATH=/bin"]
    ):
        pass


def remove_image(docker: Docker) -> None:
    with contextlib.suppress(EngineError):
        docker.call("DELETE", f"/images/{IMAGE}", force="true")


@contextmanager
def bridge(docker: Docker, name: str) -> Iterator[str]:
    """A network for a moment whose bridge is called so; its id."""
    options = {
        "com.docker.network.bridge.name": name,
        "com.docker.network.bridge.enable_icc": "false",
        "com.docker.network.bridge.host_binding_ipv4": "127.0.0.1",
    }
    body = {
        "Name": f"mydocker-check-{name}",
        "Options": options,
        "CheckDuplicate": True,
        "EnableIPv6": False,
    }
    made = docker.call("POST", "/networks/create", body)["Id"]
    try:
        yield made
    finally:
        docker.call("DELETE", f"/networks/{made}")


@contextmanager
def container(
    docker: Docker, network: str, command: Sequence[str], *, is_confined: bool = False
) -> Iterator[str]:
    """A container held as an environment of the strict profile; its id. `is_confined`: with what
    the fields of a service make of it on engines that honour them."""
    body = {
        "Image": IMAGE,
        "Cmd": list(command),
        "User": "1000:1000",
        "Labels": {"mydocker.probe": "yes"},
        "HostConfig": {
            "NetworkMode": network,
            "CapDrop": ["ALL"],
            "ReadonlyRootfs": True,
            "SecurityOpt": ["no-new-privileges=true"] if is_confined else [],
            "PidsLimit": 128,
            "Memory": 32 * 1024 * 1024,
            "Ulimits": [
                {"Name": "nofile", "Soft": 4096, "Hard": 4096},
                {"Name": "core", "Soft": 0, "Hard": 0},
            ],
        },
    }
    id = docker.call("POST", "/containers/create", body)["Id"]
    try:
        docker.call("POST", f"/containers/{id}/start")
        yield id
    finally:
        docker.call("DELETE", f"/containers/{id}", force="true", v="true")


def listener(docker: Docker, network: str) -> contextlib.AbstractContextManager[str]:
    """A neighbour that answers on `LISTENS_ON`."""
    return container(docker, network, ["nc", "-ll", "-p", str(LISTENS_ON), "-e", "true"])


def look(docker: Docker, network: str, tries: Sequence[str], *, is_confined: bool = False) -> Seen:
    """Try these addresses from inside, and see how the container is held."""
    command = ["/bin/probe", *tries]
    with container(docker, network, command, is_confined=is_confined) as id:
        _await_end(docker, id)
        return read(_output(docker, id))


def users_of(text: str) -> str:
    """The first line of a `uid_map` in this text: root's number outside, and how many follow."""
    match = re.search(r"^\s*0\s+(\d+)\s+(\d+)\s*$", text, re.MULTILINE)
    return " ".join(match.groups()) if match else ""


def read(text: str) -> Seen:
    """What the script printed."""
    lines = text.splitlines()
    tries = [line.split(" ", 2) for line in lines if line.startswith("try ")]
    pairs = [line.split(":", 1) for line in lines if ":\t" in line]
    status = {name: value.strip() for name, value in pairs}
    return Seen({to: said for _, to, said in tries}, status, text)


def address_of(docker: Docker, id: str) -> str:
    """Of a container on its only network."""
    networks = docker.get(f"/containers/{id}/json")["NetworkSettings"]["Networks"]
    return str(next(iter(networks.values()))["IPAddress"])


def gateway_of(docker: Docker, network: str) -> str:
    config: Mapping[str, Any] = docker.get(f"/networks/{network}")["IPAM"]["Config"][0]
    return str(config["Gateway"]).split("/")[0]


def _await_end(docker: Docker, id: str) -> None:
    deadline = time.monotonic() + _SECONDS
    while docker.get(f"/containers/{id}/json")["State"]["Running"]:
        if time.monotonic() > deadline:
            raise CannotStart("the probe of this node does not end.")
        time.sleep(0.05)


def _output(docker: Docker, id: str) -> str:
    """Its frames, stripped of the eight bytes before each."""
    raw = docker.raw(f"/containers/{id}/logs", stdout="1", stderr="1")
    parts, at = [], 0
    while at + 8 <= len(raw):
        size = int.from_bytes(raw[at + 4 : at + 8], "big")
        parts.append(raw[at + 8 : at + 8 + size])
        at += 8 + size
    return b"".join(parts).decode(errors="replace")
