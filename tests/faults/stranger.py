"""Somebody outside: no machine of the cluster, no edge; one line leads them to the lab."""

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.machine.commands import run, succeeds

_WHY = "somebody outside"
_TRY = """
import json, socket, sys
heard = {}
for place in sys.argv[1:]:
    host, _, port = place.rpartition(":")
    try:
        with socket.create_connection((host, int(port)), timeout=3) as line:
            line.settimeout(3)
            line.sendall(b"GET / HTTP/1.0\\r\\n\\r\\n")
            heard[place] = line.recv(7).decode()
    except OSError:
        pass
print(json.dumps(heard))
"""


class Stranger:
    """A person's computer, in a namespace of its own."""

    def __init__(self) -> None:
        self.name, self.link = f"mdstranger-{os.getpid()}", "mdstranger"

    def heard(self, *endpoints: str) -> dict[str, str]:
        """The first words of each `host:port` that answers."""
        inside = ["nsenter", f"--net=/run/netns/{self.name}"]
        words = run([*inside, sys.executable, "-c", _TRY, *endpoints], why=_WHY)
        return dict(json.loads(words))

    def _plug(self) -> None:
        inner = ["ip", "-n", self.name]
        for command in (
            ["ip", "netns", "add", self.name],
            ["ip", "link", "add", self.link, "type", "veth", "peer", "eth0", "netns", self.name],
            ["ip", "addr", "add", "192.0.2.9/30", "dev", self.link],
            ["ip", "link", "set", self.link, "up"],
            [*inner, "link", "set", "lo", "up"],
            [*inner, "addr", "add", "192.0.2.10/30", "dev", "eth0"],
            [*inner, "link", "set", "eth0", "up"],
            [*inner, "route", "add", "default", "via", "192.0.2.9"],
            ["sysctl", "-qw", "net.ipv4.ip_forward=1"],
        ):
            run(command, why=_WHY)

    def _unplug(self) -> None:
        if Path(f"/run/netns/{self.name}").exists():
            succeeds(["ip", "link", "del", self.link])
            succeeds(["ip", "netns", "del", self.name])


@contextmanager
def stranger() -> Iterator[Stranger]:
    client = Stranger()
    try:
        client._plug()
        yield client
    finally:
        client._unplug()


@contextmanager
def routed(network: str, machine: str) -> Iterator[None]:
    """The lab's gateway sends what is meant for containers of that machine there."""
    run(["ip", "route", "add", network, "via", machine], why=_WHY)
    try:
        yield
    finally:
        succeeds(["ip", "route", "del", network, "via", machine])
