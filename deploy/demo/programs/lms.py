"""The demo LMS as a process, and its registration with our gateway."""

import os
import sys

from deploy.machine.commands import run
from deploy.machine.instance import ROOT, Instance
from deploy.machine.processes import Program, Supervisor

from . import services

PROGRAM = "lms"
_PACKAGES = ROOT / "tools"
_CLIENT = "mydocker-demo"
_DEPLOYMENT = "1"


def program(instance: Instance) -> Program:
    command = [
        *(sys.executable, "-m", "demo_lms"),
        *("--port", str(instance.ports.lms)),
        *("--tool-origin", instance.app_origin),
        *("--state", str(instance.state / "lms")),
    ]
    return Program(PROGRAM, command, {"PYTHONPATH": str(_PACKAGES)})


def await_ready(instance: Instance, supervisor: Supervisor) -> None:
    services.await_success(supervisor, PROGRAM, instance.ports.lms, "/")


def register(instance: Instance, engine_url: str) -> None:
    """Tell the gateway of the demo LMS, as an operator tells it of a real one."""
    run(
        [
            sys.executable,
            "-m",
            "mydocker_lti.commands",
            "platforms",
            "add",
            *registration(instance),
        ],
        why="the demo LMS could not be registered",
        environment={**os.environ, **services.environment(instance, "lti-gateway", engine_url)},
    )


def registration(instance: Instance) -> list[str]:
    """What an operator says of the demo LMS."""
    origin = instance.lms_origin
    return [
        *("--name", "Demo LMS", "--issuer", origin, "--client-id", _CLIENT),
        *("--authorization-url", f"{origin}/auth"),
        *("--token-url", f"{origin}/token"),
        *("--jwks-url", f"{origin}/jwks"),
        *("--deployment", _DEPLOYMENT, "--allow-http"),
    ]
