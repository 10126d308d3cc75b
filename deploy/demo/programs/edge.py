"""The edge of one machine: Caddy with the same configuration as in production."""

import sys
from pathlib import Path

from deploy.machine.instance import ROOT, Instance
from deploy.machine.network.ports import LOOPBACK, has_ipv6_loopback
from deploy.machine.processes import Program, Supervisor

PROGRAM = "edge"
_CONFIG = ROOT / "deploy/edge/Caddyfile"
_OPEN_SECONDS = 300.0


def program(instance: Instance) -> Program:
    caddy = Path(sys.executable).with_name("caddy")
    command = [str(caddy), "run", "--config", str(_CONFIG), "--adapter", "caddyfile"]
    return Program(PROGRAM, command, _environment(instance), stop_seconds=10)


def await_open(instance: Instance, supervisor: Supervisor) -> None:
    supervisor.await_listening(PROGRAM, instance.ports.edge, _OPEN_SECONDS)


def _environment(instance: Instance) -> dict[str, str]:
    ports = instance.ports
    environments = instance.user_content_origin.replace("://", "://*.")
    home = instance.state / "edge"
    return {
        "MYDOCKER_EDGE_APP": instance.app_origin,
        "MYDOCKER_EDGE_CONTENT": environments,
        "MYDOCKER_EDGE_BIND": f"{LOOPBACK} ::1" if has_ipv6_loopback() else LOOPBACK,
        "MYDOCKER_EDGE_AUTO_HTTPS": "off",
        "MYDOCKER_EDGE_GATEWAY": f"{LOOPBACK}:{ports.gateway}",
        "MYDOCKER_EDGE_API": f"{LOOPBACK}:{ports.api}",
        "MYDOCKER_EDGE_ACCESS": f"{LOOPBACK}:{ports.access}",
        "MYDOCKER_EDGE_DESKTOP": f"{LOOPBACK}:{ports.desktop}",
        "MYDOCKER_EDGE_STREAM": f"{LOOPBACK}:{ports.stream}",
        "MYDOCKER_EDGE_SPA": str(ROOT / "frontend/dist"),
        "MYDOCKER_EDGE_FORMS": f"{instance.lms_origin} {environments}",
        "HOME": str(home),
        "XDG_DATA_HOME": str(home),
        "XDG_CONFIG_HOME": str(home),
    }
