"""Machines for tests of several nodes: a network namespace and an engine of its own each."""

import contextlib
import json
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from deploy.demo.engines import engine
from deploy.machine.commands import run, succeeds
from deploy.machine.docker import Docker
from deploy.machine.failures import CannotStart
from deploy.node.network import FORGET

from deploy.machine import packages

from .mount_namespaces import MountNamespace

_WHY = "a machine of the tests"
_ANSWER_SECONDS = 60.0
FIRST_USER = 300_000
"""Whom root of a container is outside, on a machine that remaps users."""
_REMAPPED_TO = "daemon"
"""Whose range it is: a user that every system has, for the engine takes no other name."""


@dataclass(frozen=True)
class Plan:
    """What a machine is to be."""

    name: str
    pool: str = ""
    """Empty: environments are not put on it."""
    gpus: tuple[str, ...] = ()
    direct: str = ""
    """Numbers at which its firewall lets everybody in."""
    remaps_users: bool = False
    """Root of its containers is nobody outside. The machine's own table of users stays as it is."""
    volumes: bool = False
    """It runs the volume plugin, and has mounts and `/run/docker/plugins` of its own."""


@dataclass
class Machine:
    """A namespace `room-name` on the lab's switch, and a Docker engine in it."""

    plan: Plan
    room: str
    number: int
    address: str
    gateway: str
    folder: Path
    registry: str
    _process: subprocess.Popen[bytes] | None = field(default=None, repr=False)
    _mounts: MountNamespace | None = field(default=None, repr=False)

    @property
    def namespace(self) -> str:
        return f"{_prefix(self.room)}{self.plan.name}"

    @property
    def port(self) -> str:
        """Its end on the switch; names of interfaces hold fifteen characters."""
        return f"mdport{self.number}"

    @property
    def url(self) -> str:
        return f"unix://{self.folder}/docker.sock"

    @property
    def is_on(self) -> bool:
        return self._process is not None

    def docker(self) -> Docker:
        return Docker(self.url)

    def wire(self, switch: str) -> None:
        """Make its namespace and plug it in."""
        inner = ["ip", "-n", self.namespace]
        for command in (
            ["ip", "netns", "add", self.namespace],
            [
                "ip",
                "link",
                "add",
                self.port,
                "type",
                "veth",
                "peer",
                "eth0",
                "netns",
                self.namespace,
            ],
            ["ip", "link", "set", self.port, "master", switch, "up"],
            [*inner, "link", "set", "lo", "up"],
            [*inner, "addr", "add", f"{self.address}/24", "dev", "eth0"],
            [*inner, "link", "set", "eth0", "up"],
            [*inner, "route", "add", "default", "via", self.gateway],
        ):
            run(command, why=_WHY)

    def enter(self, command: Sequence[str]) -> list[str]:
        # Not `ip netns exec`: that one mounts a fresh /sys and hides the control groups.
        mounts = self._mounts.flags() if self._mounts else []
        return ["nsenter", f"--net=/run/netns/{self.namespace}", *mounts, *command]

    def start(self) -> None:
        """Start its engine, perhaps again, and await its answer."""
        self.folder.mkdir(parents=True, exist_ok=True)
        self.open_mounts()
        (self.folder / "daemon.json").write_text(json.dumps(self._settings()), encoding="utf-8")
        named = ["sh", "-c", f'{self._users()}hostname "$0"; exec "$@"', self.plan.name]
        forget = ["sh", str(FORGET), f"{self.folder}/data", f"{self.folder}/exec", "dockerd"]
        kept_apart = f"{self.namespace}"
        flags = [
            f"--config-file={self.folder}/daemon.json",
            f"--containerd-namespace={kept_apart}",
            f"--containerd-plugins-namespace={kept_apart}-plugins",
        ]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                self.enter(["unshare", *self._apart(), *named, *forget, *flags]),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
                env={**os.environ, "PATH": f"{os.environ['PATH']}:/usr/sbin:/sbin"},
            )
        with self.docker() as docker:
            if not docker.await_answer(_ANSWER_SECONDS):
                said = (self.folder / "log").read_text(errors="replace")[-800:]
                raise CannotStart(f"the engine of {self.namespace} does not answer: {said}")

    def open_mounts(self) -> None:
        """Give it mounts of its own, where its plan wants them. Idempotent."""
        if self.plan.volumes and self._mounts is None:
            self._mounts = MountNamespace(self.namespace, self.folder)

    def stop(self) -> None:
        """End its engine in good order; its containers end with it."""
        if self._process:
            self._process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(timeout=20)
        self.cut_power()

    def kill_engine(self) -> None:
        """Kill the engine alone: its containers live on."""
        if self._process:
            self._process.kill()
            self._process.wait()
            self._process = None
        # Its containerd ends with it, but nobody reaps it here: the next engine would wait for it.
        (self.folder / "exec/containerd/containerd.pid").unlink(missing_ok=True)

    def cut_power(self) -> None:
        """End everything of this machine at once: engine, containers, all."""
        self.kill_engine()
        deadline = time.monotonic() + 15
        while (left := inside(self.namespace)) and time.monotonic() < deadline:
            for process in left:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, signal.SIGKILL)
            time.sleep(0.05)
        if self._mounts:
            self._mounts.end()
            self._mounts = None
        # What sits in /run elsewhere and is empty after a boot: a stale pid of containerd keeps
        # the next engine waiting for it.
        unmount_below(self.folder / "exec")
        shutil.rmtree(self.folder / "exec", ignore_errors=True)

    def cut(self) -> None:
        """Pull the plug of its network."""
        run(["ip", "link", "set", self.port, "down"], why=_WHY)

    def heal(self) -> None:
        run(["ip", "link", "set", self.port, "up"], why=_WHY)

    def clear(self) -> None:
        """End it and remove what it had."""
        self.cut_power()
        unmount_below(self.folder)
        succeeds(["ip", "link", "del", self.port])
        succeeds(["ip", "netns", "del", self.namespace])
        shutil.rmtree(self.folder, ignore_errors=True)

    def _apart(self) -> list[str]:
        return ["--uts", "--mount"] if self.plan.remaps_users else ["--uts"]

    def _users(self) -> str:
        """Ranges of users for this engine alone: in its own view of the files."""
        if not self.plan.remaps_users:
            return ""
        for folder in (self.folder.parent, self.folder):
            folder.chmod(0o711)  # the engine looks through them as that user
        ranges = self.folder / "ranges"
        ranges.write_text(f"{_REMAPPED_TO}:{FIRST_USER}:65536\n", encoding="utf-8")
        named = ("/etc/subuid", "/etc/subgid")
        return "".join(f"mount --bind {ranges} {path} && " for path in named)

    def _settings(self) -> dict[str, object]:
        return {
            "data-root": f"{self.folder}/data",
            "exec-root": f"{self.folder}/exec",
            "pidfile": f"{self.folder}/pid",
            "hosts": [self.url],
            "insecure-registries": [self.registry],
            "storage-driver": "overlay2",
            "bridge": "none",
            "log-level": "warn",
            **engine.confining(),
            **({"userns-remap": _REMAPPED_TO} if self.plan.remaps_users else {}),
            "node-generic-resources": [f"NVIDIA-GPU={name}" for name in self.plan.gpus],
        }


def machines_in(room: str) -> list[str]:
    """The namespaces of machines in this room of the tests."""
    return [path.name for path in Path("/run/netns").glob(f"{_prefix(room)}*")]


def _prefix(room: str) -> str:
    return f"mdnode-{room.rsplit('-', 1)[-1]}-"


def inside(namespace: str) -> list[int]:
    """Processes in a network namespace, and all they started: containers sit in others."""
    if not Path(f"/run/netns/{namespace}").exists():
        return []
    words = run(["ip", "netns", "pids", namespace], why=_WHY).split()
    numbers = {int(part) for part in words}
    children = dict(_parents())
    grew = True
    while grew:
        more = {child for child, parent in children.items() if parent in numbers} - numbers
        numbers |= more
        grew = bool(more)
    return sorted(numbers)


def _parents() -> Iterator[tuple[int, int]]:
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError, IndexError):
            rest = stat.read_text(errors="replace").rpartition(")")[2].split()
            yield int(stat.parent.name), int(rest[1])


def unmount_below(folder: Path) -> None:
    mounts = Path("/proc/self/mounts").read_text(encoding="utf-8").splitlines()
    points = [line.split()[1] for line in mounts]
    for point in sorted((path for path in points if path.startswith(f"{folder}/")), reverse=True):
        succeeds(["umount", "-l", point])


def needed() -> None:
    packages.ensure(packages.FOR_NODES)
