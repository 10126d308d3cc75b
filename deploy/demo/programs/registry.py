"""The registry of built images: Debian's package, on the loopback only."""

import json

from deploy.machine import packages
from deploy.machine.instance import Instance
from deploy.machine.network.ports import LOOPBACK
from deploy.machine.processes import Program

PROGRAM = "registry"


def program(instance: Instance) -> Program:
    config = instance.state / "registry.json"
    return Program(PROGRAM, [packages.path_of("docker-registry"), "serve", str(config)])


def address(instance: Instance) -> str:
    return f"{LOOPBACK}:{instance.ports.registry}"


def configure(instance: Instance) -> None:
    """Write its configuration; JSON is YAML too."""
    settings = {
        "version": "0.1",
        "log": {"level": "warn", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(instance.state / "registry")},
            "delete": {"enabled": True},
        },
        "http": {"addr": address(instance)},
    }
    path = instance.state / "registry.json"
    path.write_text(json.dumps(settings, indent=1), encoding="utf-8")
