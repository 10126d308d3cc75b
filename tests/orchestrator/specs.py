"""One maker of specs: `a_spec(attempt=2, arguments=("ssh:22",))`."""

from typing import Any
from uuid import UUID

from pydantic import SecretStr

from mydocker_kit.contracts.orchestrator.environments import (
    Credentials,
    EnvironmentSpec,
    Port,
    PortKind,
    Resources,
)
from mydocker_orchestrator.swarm.specs import service_json

NO_IMAGE = "127.0.0.1:5000/nothing@sha256:" + "0" * 64


def a_port(kind: PortKind = PortKind.SSH, number: int = 22, required: bool = True) -> Port:
    return Port(title=kind.value, kind=kind, number=number, required=required)


def a_spec(**given: Any) -> EnvironmentSpec:
    """A small environment with one SSH port, whose build may run as root anywhere."""
    values: dict[str, Any] = {
        "owner_id": UUID(int=1),
        "course_id": UUID(int=2),
        "attempt": 1,
        "image": NO_IMAGE,
        "ports": (a_port(),),
        "resources": Resources(cpu=0.25, memory_mib=128),
        "credentials": Credentials(username="ada", password=SecretStr("correct-horse")),
    }
    values |= given
    values.setdefault("root_approved_for", values["image"].rpartition("@")[2])
    return EnvironmentSpec(**values)


def read_only_volume(name: str) -> dict[str, Any]:
    """A volume, as the engine makes it, in which nobody can change anything: root neither."""
    options = {"type": "tmpfs", "device": "tmpfs", "o": "ro,mode=755"}
    return {"Name": name, "Driver": "local", "DriverOpts": options}


def without_controls(*arguments: Any) -> dict[str, Any]:
    """A service as an engine understands it that silently drops what it does not know: Docker
    20.10 drops these of a body in version 1.40 of its API, later ones those of the node before."""
    body = service_json(*arguments)
    task = body["TaskTemplate"]
    for name in ("CapabilityDrop", "Ulimits", "Privileges"):
        task["ContainerSpec"].pop(name, None)
    del task["Resources"]["Limits"]["Pids"]
    return body
