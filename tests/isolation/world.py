"""A world around the node for probes: metadata, a private network, the Internet, all our own.

A namespace with a line to the lab's; nothing that is tried here leaves the tests' own network.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.machine.commands import run, succeeds

METADATA, PRIVATE, INTERNET = "169.254.169.254", "10.77.0.1", "203.0.113.10"
PORT = 8099
MAIL = (25, 465, 587)
_WHY = "the world around the probes"
_SERVE = f"""
import socket
from threading import Thread
import selectors
selector = selectors.DefaultSelector()
for port in {(PORT, *MAIL)}:
    selector.register(socket.create_server(("0.0.0.0", port), backlog=4096), selectors.EVENT_READ)
print("listening", flush=True)
kept = []
while True:
    kept += [key.fileobj.accept()[0] for key, _ in selector.select()]
"""


@contextmanager
def world() -> Iterator[None]:
    """While it is there, each of the three answers at all ports, and is reached from the node."""
    room, link = f"mdworld-{os.getpid()}", "mdworld"
    inner = ["ip", "-n", room]
    run(["ip", "netns", "add", room], why=_WHY)
    process: subprocess.Popen[str] | None = None
    try:
        for command in (
            ["ip", "link", "add", link, "type", "veth", "peer", "eth0", "netns", room],
            ["ip", "addr", "add", "192.0.2.5/30", "dev", link],
            ["ip", "link", "set", link, "up"],
            [*inner, "link", "set", "lo", "up"],
            [*inner, "addr", "add", "192.0.2.6/30", "dev", "eth0"],
            [*inner, "link", "set", "eth0", "up"],
            [*inner, "route", "add", "default", "via", "192.0.2.5"],
        ):
            run(command, why=_WHY)
        for address in (METADATA, PRIVATE, INTERNET):
            run([*inner, "addr", "add", f"{address}/32", "dev", "lo"], why=_WHY)
            run(["ip", "route", "replace", address, "via", "192.0.2.6"], why=_WHY)
        process = subprocess.Popen(
            ["nsenter", f"--net=/run/netns/{room}", sys.executable, "-c", _SERVE],
            stdout=subprocess.PIPE,
            text=True,
        )
        assert process.stdout is not None
        assert process.stdout.readline() == "listening\n"
        yield
    finally:
        if process is not None:
            process.kill()
            process.wait()
            assert process.stdout is not None
            process.stdout.close()
        if Path(f"/run/netns/{room}").exists():
            succeeds(["ip", "link", "del", link])
            succeeds(["ip", "netns", "del", room])


@contextmanager
def without(chain: str, *rule: str) -> Iterator[None]:
    """The control: a guard is out of force, by a rule that lets everything pass before it."""
    run(["iptables", "-w", "-I", chain, "1", *rule, "-j", "ACCEPT"], why=_WHY)
    try:
        yield
    finally:
        run(["iptables", "-w", "-D", chain, *rule, "-j", "ACCEPT"], why=_WHY)
