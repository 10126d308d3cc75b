"""An engine only for builds, so that no build ever runs beside people's environments.

Builds need BuildKit of Docker 24 or newer, and its client buildx. Where the machine has both they
are used; else they are unpacked from Debian's packages beside the installed engine.
"""

import json
import os
import re
import shutil
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from deploy.machine import packages
from deploy.machine.commands import run
from deploy.machine.instance import ROOT, Instance
from deploy.machine.network.bridges import drop_build_bridge, raise_build_bridge
from deploy.machine.processes import Program, Supervisor
from deploy.node.network import resolvers_here

from . import engine, engine_packages

PROGRAM = "build-engine"
_OLDEST = 24
"""Docker's first version whose BuildKit reads all that current Dockerfiles use."""
_LIMITS = ROOT / "deploy/build-engine/limits.sh"
_REACH = ROOT / "deploy/build-engine/reach.sh"
_FIRST_GROUP = 1_900_000_000
_SETTINGS = ROOT / "deploy/build-engine/daemon.json"
"""The cgroupfs driver, because systemd's refuses the paths by which builds name their control
groups; and what of the cache is kept, by age and by size."""
_PLUGINS = (
    "/usr/local/lib/docker/cli-plugins",
    "/usr/local/libexec/docker/cli-plugins",
    "/usr/lib/docker/cli-plugins",
    "/usr/libexec/docker/cli-plugins",
)


@dataclass(frozen=True)
class Programs:
    """The engine and the client that builds use."""

    dockerd: str
    buildx: str


def programs() -> Programs:
    """The machine's own where they are new enough, else unpacked ones."""
    dockerd, buildx = packages.path_of("dockerd"), _installed_buildx()
    if buildx and _major_version(dockerd) >= _OLDEST:
        return Programs(dockerd, buildx)
    unpacked = engine_packages.ready()
    return Programs(str(unpacked / "dockerd"), str(unpacked / "docker-buildx"))


def _installed_buildx() -> str | None:
    in_path = shutil.which("docker-buildx")
    return in_path or shutil.which("docker-buildx", path=os.pathsep.join(_PLUGINS))


def _major_version(dockerd: str) -> int:
    printed = run([dockerd, "--version"], why="the version of dockerd")
    match = re.search(r"version (\d+)", printed)
    return int(match[1]) if match else 0


def url_of(instance: Instance) -> str:
    return f"unix://{engine.socket_of(instance, PROGRAM)}"


def client_of(instance: Instance) -> Path:
    """A link to buildx, BuildKit's client; `program` makes it."""
    return instance.state / "docker-buildx"


def cgroup_of(instance: Instance) -> str:
    """The parent of the control groups of builds."""
    return f"/mydocker-builds-{instance.name}"


def program(instance: Instance) -> Program:
    """It never touches the machine's firewall: its bridge and rules are ours."""
    chosen, client = programs(), client_of(instance)
    client.unlink(missing_ok=True)
    client.symlink_to(chosen.buildx)
    made = engine.dockerd(
        instance,
        PROGRAM,
        {
            "bridge": instance.build_bridge,
            "iptables": False,
            "ip6tables": False,
            "ip-masq": False,
            **settings(),
        },
        chosen.dockerd,
    )
    as_group = ("setpriv", "--regid", str(group_of(instance)), "--clear-groups", "--")
    return replace(made, command=[*as_group, *made.command])


def settings() -> dict[str, Any]:
    """The engine's settings, with how much of the cache is kept and for how long."""
    hours = int(os.environ.get("MYDOCKER_BUILD_CACHE_DAYS", "14")) * 24
    text = _SETTINGS.read_text(encoding="utf-8").replace("CACHE_HOURS", str(hours))
    engine_settings = json.loads(
        text.replace("CACHE_GB", os.environ.get("MYDOCKER_BUILD_CACHE_GB", "20"))
    )
    return dict(engine_settings)


def group_of(instance: Instance) -> int:
    """The group by which the firewall knows the connections of this instance's build engine."""
    return _FIRST_GROUP + int(instance.tag or "0", 16)


def start(instance: Instance, supervisor: Supervisor, registry: str) -> None:
    """Start it; `registry` is where it pushes, as host and port."""
    private = os.environ.get("MYDOCKER_BUILD_PRIVATE", "")
    raise_build_bridge(instance, resolvers_here(), [part for part in private.split(",") if part])
    limit_reach("lay", instance, registry)
    limit_builds("lay", cgroup_of(instance))
    engine.start_own(instance, supervisor, PROGRAM)


def drop(instance: Instance) -> None:
    """Remove the bridge and the control groups of an engine that has ended."""
    drop_build_bridge(instance)
    limit_reach("remove", instance)
    limit_builds("remove", cgroup_of(instance))


def limit_builds(action: str, cgroup: str, **limits: str) -> None:
    """Make or remove the control groups below `cgroup`; `limits` replace environment variables."""
    command = ["sh", str(_LIMITS), action, cgroup]
    run(command, why="the limits of builds", environment={**os.environ, **limits})


def limit_reach(action: str, instance: Instance, *registry: str) -> None:
    """Lay or remove the rules for what the engine itself connects to."""
    chain = f"{instance.build_bridge.upper()}-ENGINE"
    command = ["sh", str(_REACH), action, str(group_of(instance)), chain, instance.mark, *registry]
    run(command, why="the reach of the build engine")
