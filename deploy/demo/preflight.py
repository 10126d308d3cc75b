"""What must be true before anything is started; each refusal is a sentence that says what to do."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.machine.commands import program
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.network.ports import has_ipv6_loopback, holder, is_free
from deploy.machine.processes import Supervisor

_DISK_BYTES = 6 * 1024**3
_MEMORY_BYTES = 2 * 1024**3
_NODE = 20
_GIB = 1024**3


def check(instance: Instance, supervisor: Supervisor) -> None:
    """Refuse with one sentence, before anything has changed."""
    _rights()
    _memory()
    for folder in (instance.state, instance.cache):
        check_disk(folder)
    if not supervisor.is_up():
        _ports(instance)


def _rights() -> None:
    if os.geteuid() != 0:
        raise CannotStart("engines need root rights: run this as root, or install sudo.")
    if not Path("/proc/sys/net").exists() or not os.access("/run", os.W_OK):
        raise CannotStart("this root may not set up networks (a container?): use a whole machine.")


def _memory() -> None:
    text = Path("/proc/meminfo").read_text(encoding="ascii")
    match = re.search(r"MemAvailable:\s+(\d+) kB", text)
    available = int(match[1]) * 1024 if match else _MEMORY_BYTES
    if available < _MEMORY_BYTES:
        raise CannotStart(
            f"only {available / _GIB:.1f} GiB of memory are free and the demo needs"
            f" {_MEMORY_BYTES / _GIB:.0f}: close some programs first."
        )


def check_disk(folder: Path) -> None:
    """Room for images and builds where they will lie."""
    existing = next(path for path in (folder, *folder.parents) if path.exists())
    free = shutil.disk_usage(existing).free
    if free < _DISK_BYTES:
        raise CannotStart(
            f"only {free / _GIB:.1f} GiB are free in {existing} and the demo needs"
            f" {_DISK_BYTES / _GIB:.0f}: make room there, or name another place"
            " (make demo STATE=/large/disk/demo)."
        )


def _ports(instance: Instance) -> None:
    for name, port in instance.ports.named().items():
        if not is_free(port):
            raise CannotStart(
                f"port {port} ({name}) is held by {holder(port)}: end it, or choose other ports"
                f" (make demo PORTS={instance.ports.base + 1000})."
            )
    if has_ipv6_loopback() and not is_free(instance.ports.edge, "::1"):
        raise CannotStart(
            f"port {instance.ports.edge} of ::1 is held by {holder(instance.ports.edge)}, and"
            " browsers would go there: end it, or choose other ports."
        )


def check_node() -> None:
    """Node builds the page."""
    try:
        text = subprocess.run(
            [program("node"), "--version"], capture_output=True, text=True, check=True, timeout=20
        ).stdout
    except (OSError, subprocess.SubprocessError) as error:
        raise CannotStart(
            f"Node {_NODE} or newer is needed to build the page: install it."
        ) from error
    version = int(text.strip().lstrip("v").split(".")[0])
    if version < _NODE:
        raise CannotStart(f"Node {version} is too old to build the page: install Node {_NODE}.")
