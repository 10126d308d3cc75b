"""A campus of a run's own, started by the same command as `make demo`, and removed after it."""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.machine.instance import ROOT, Instance, cache_folder
from deploy.machine.network.ports import Ports

from tests.system.campus import Campus

DISK_MIB = 512
UP_SECONDS = 2400
SOONER = {
    "MYDOCKER_READY_SECONDS": "30",
    "MYDOCKER_DISK_ROOT_MIB": str(DISK_MIB),
    "MYDOCKER_CATALOGUE_BUILDS": "openssl,jupyterlab",
    "MYDOCKER_PRIVATE_WEBHOOKS": "127.0.0.1/32",
}
"""Nobody has two minutes to watch a port stay silent, nor five gigabytes to fill a disk; and the
images that no journey opens are not built beside them. The guide's receiver of webhooks is here."""


@contextmanager
def own_campus(state: Path) -> Iterator[Campus]:
    """With engines of its own; its ports are free because it has a network namespace to itself."""
    name = f"t{os.getpid()}"
    options = ["--state", str(state), "--name", name, "--own-engine"]
    command = [sys.executable, "-m", "deploy.demo"]
    instance = Instance(name, state, Ports(), own_engine=True, cache=cache_folder())
    try:
        settings = {**os.environ, **SOONER}
        up = [*command, "up", *options]
        subprocess.run(up, check=True, cwd=ROOT, timeout=UP_SECONDS, env=settings)
        yield Campus(instance)
    finally:
        _keep_logs(instance)
        subprocess.run([*command, "clean", *options, "--quiet"], check=True, cwd=ROOT, timeout=300)


def _keep_logs(instance: Instance) -> None:
    logs = ROOT / ".state" / "system-logs"
    logs.mkdir(parents=True, exist_ok=True)
    for log in instance.logs.glob("*.log"):
        (logs / log.name).write_bytes(log.read_bytes()[-2_000_000:])
