"""What an engine of ours leaves behind when it ends: mounts, bridges, rules. Exactly those."""

import contextlib
import os
import re
import shutil
import time
from pathlib import Path

from deploy.machine.commands import succeeds
from deploy.machine.instance import Instance
from deploy.machine.network.bridges import names
from deploy.machine.network.firewall import forget_engine

_GATEWAY_BRIDGE = "docker_gwbridge"


def sweep(instance: Instance, forward_policy: str) -> None:
    """Undo what our ended engines could not; for an engine that was found, nothing."""
    for folder in (instance.run, instance.state):
        _unmount_below(folder)
    _end_shims(instance)
    bridges = sorted(names(f"{instance.environment_bridge}-"))
    if not _another_engine_runs():
        bridges.append(_GATEWAY_BRIDGE)
        forget_engine(forward_policy, bridges)
    for bridge in bridges:
        succeeds(["ip", "link", "del", bridge])


def remove_run_folder(instance: Instance) -> None:
    _unmount_below(instance.run)
    shutil.rmtree(instance.run, ignore_errors=True)
    with contextlib.suppress(OSError):
        instance.run.parent.rmdir()


def remove_state(instance: Instance) -> None:
    """Remove the state folder, whatever engines left mounted in it."""
    _unmount_below(instance.state)
    shutil.rmtree(instance.state, ignore_errors=True)


def _unmount_below(folder: Path) -> None:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    # Blanks and the like are written as \040 there.
    points = [re.sub(r"\\(\d{3})", _octal, line.split()[1]) for line in mounts]
    for point in sorted(
        (point for point in points if point.startswith(f"{folder}/")), reverse=True
    ):
        succeeds(["umount", "-l", point])


def _octal(match: re.Match[str]) -> str:
    return chr(int(match[1], 8))


def _end_shims(instance: Instance) -> None:
    """Containers whose engine was killed have a parent of their own that outlives it."""
    ours = [f"mydocker-{instance.name}-{name}".encode() for name in ("engine", "build-engine")]
    for process, words in _command_lines():
        if words and b"containerd-shim" in words[0] and any(name in words for name in ours):
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, 9)
            time.sleep(0.05)


def _another_engine_runs() -> bool:
    """Whether an engine works in this network: then its rules are not ours to touch."""
    here = Path("/proc/self/ns/net").readlink()
    for process, words in _command_lines():
        with contextlib.suppress(OSError):
            is_engine = words and words[0].rsplit(b"/", 1)[-1] == b"dockerd"
            if is_engine and Path(f"/proc/{process}/ns/net").readlink() == here:
                return True
    return False


def _command_lines() -> list[tuple[int, list[bytes]]]:
    leftovers = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            leftovers.append((int(folder.name), (folder / "cmdline").read_bytes().split(b"\0")))
    return leftovers
