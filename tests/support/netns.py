"""Run a command in a network of its own: `python -m tests.support.netns -- pytest tests/system`.

Engines, Swarms and fixed ports in there meet nothing of the machine; the way out is through NAT.
With `--just-booted` before the `--`, the command also gets a time namespace in which the monotonic
clocks count from a few seconds ago, as on a machine that has just started. Everything is undone at
the end, however the command ends; what a killed run left is swept by the next one. Which Docker
engine is started in there: tests.support.engines.engine_kind.
"""

import contextlib
import fcntl
import ipaddress
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from types import FrameType

from deploy.demo.engines import authorities
from deploy.machine.commands import run, succeeds
from deploy.machine.failures import doing, guarded
from deploy.machine.network.firewall import forget_marked
from deploy.machine.network.subnets import free_subnet, used_here
from deploy.machine.rights import as_root

from .engines import engine_kind
from .engines.machines import inside, machines_in

_PREFIX = "mdtest"
_POOL = "198.18.0.0/15"  # set aside for tests between networks (RFC 2544)
_LOCK = Path("/run/mydocker-netns.lock")
_WHY = "the tests' own network"
_JUST_BOOTED = "--just-booted"
_UPTIME = 5
"""Seconds: what the clocks of a machine that has just booted say."""


@dataclass(frozen=True)
class Room:
    """A network namespace with one line out."""

    number: int

    @property
    def name(self) -> str:
        return f"{_PREFIX}-{self.number}"

    @property
    def link(self) -> str:
        """The outer end of the line; names of interfaces hold fifteen characters."""
        return f"mdt{self.number}"

    def enter(self, command: Sequence[str]) -> list[str]:
        # Not `ip netns exec`: that one mounts a fresh /sys and hides the control groups.
        return ["nsenter", f"--net=/run/netns/{self.name}", *command]

    def build(self) -> None:
        with _locked():
            subnet = free_subnet(_POOL, 30, used_here())
            self._make_link(subnet)
        outer = ["-m", "comment", "--comment", self.name]
        rules = (
            ("nat", "POSTROUTING", ["-s", str(subnet), "!", "-o", self.link, *outer], "MASQUERADE"),
            ("filter", "FORWARD", ["-i", self.link, *outer], "ACCEPT"),
            ("filter", "FORWARD", ["-o", self.link, *outer], "ACCEPT"),
        )
        run(["sysctl", "-qw", "net.ipv4.ip_forward=1"], why=_WHY)
        for table, chain, match, target in rules:
            run(["iptables", "-w", "-t", table, "-I", chain, "1", *match, "-j", target], why=_WHY)

    def _make_link(self, subnet: ipaddress.IPv4Network) -> None:
        outside, inside = list(subnet.hosts())
        inner = ["ip", "-n", self.name]
        for command in (
            ["ip", "netns", "add", self.name],
            ["ip", "link", "add", self.link, "type", "veth", "peer", "eth0", "netns", self.name],
            ["ip", "addr", "add", f"{outside}/30", "dev", self.link],
            ["ip", "link", "set", self.link, "up"],
            [*inner, "link", "set", "lo", "up"],
            [*inner, "addr", "add", f"{inside}/30", "dev", "eth0"],
            [*inner, "link", "set", "eth0", "up"],
            [*inner, "route", "add", "default", "via", str(outside)],
        ):
            run(command, why=_WHY)

    def clear(self) -> None:
        """End whoever is still inside, then take the room down."""
        for order in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + 10
            for process in self._inside():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, order)
            while self._inside() and time.monotonic() < deadline:
                time.sleep(0.1)
        forget_marked(self.name)
        succeeds(["ip", "link", "del", self.link])
        for name in self._namespaces():
            succeeds(["ip", "netns", "del", name])

    def _inside(self) -> list[int]:
        return [process for name in self._namespaces() for process in inside(name)]

    def _namespaces(self) -> list[str]:
        """Its own, and those of machines in it (tests.support.engines.machines)."""
        return [self.name, *machines_in(self.name)]


@contextlib.contextmanager
def _locked() -> Iterator[None]:
    """Two rooms never choose the same addresses."""
    with _LOCK.open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _sweep() -> None:
    """Take down rooms whose process was killed."""
    for path in Path("/run/netns").glob(f"{_PREFIX}-*"):
        number = int(path.name.rsplit("-", 1)[1])
        if not Path(f"/proc/{number}").exists():
            Room(number).clear()


def just_booted(command: Sequence[str]) -> list[str]:
    """The command in a time namespace whose monotonic clocks have only begun to count."""
    if not Path("/proc/self/ns/time").exists():
        print("This kernel has no time namespaces: the clocks stay as they are.", file=sys.stderr)
        return list(command)
    options = []
    for name, clock in (("monotonic", time.CLOCK_MONOTONIC), ("boottime", time.CLOCK_BOOTTIME)):
        back = max(0, int(time.clock_gettime(clock)) - _UPTIME)
        options += [f"--{name}", str(-back)]
    return ["unshare", "--time", *options, "--", *command]


def _run_inside(room: Room, command: Sequence[str], environment: Mapping[str, str]) -> int:
    entered = room.enter(command)
    child = subprocess.Popen(entered, stdin=subprocess.DEVNULL, env=dict(environment))

    def pass_on(number: int, _: FrameType | None) -> None:
        with contextlib.suppress(ProcessLookupError):
            child.send_signal(number)

    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, pass_on)
    status = child.wait()
    return status if status >= 0 else 128 - status


def main(arguments: Sequence[str]) -> int:
    asked = list(arguments)
    fresh = asked[:1] == [_JUST_BOOTED]
    rest = asked[1:] if fresh else asked
    command = rest[1:] if rest[:1] == ["--"] else rest
    if not command:
        print(__doc__, file=sys.stderr)
        return 2
    if os.geteuid() != 0:
        again = as_root("tests.support.netns", asked)
        return subprocess.run(again, check=False).returncode if again else 1
    return guarded("tests.support.netns", partial(_in_a_room, command, fresh=fresh))


def _in_a_room(command: Sequence[str], *, fresh: bool) -> int:
    authorities.trust_here()
    room = Room(os.getpid())
    try:
        with doing("look for the engine of the tests"):
            environment = engine_kind.environment_for_tests()
        with doing("make the tests' own network"):
            _sweep()
            room.build()
        with doing("run the command in it"):
            return _run_inside(room, just_booted(command) if fresh else command, environment)
    finally:
        with doing("take the tests' own network down"):
            room.clear()


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
