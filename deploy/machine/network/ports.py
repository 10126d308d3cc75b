"""The addresses of one instance on the loopback, and who else sits on them."""

import contextlib
import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
_LISTEN = "0A"
"""State of a listening socket in /proc/net/tcp."""


@dataclass(frozen=True)
class Ports:
    """One base number gives all the others."""

    base: int = 8000

    @property
    def edge(self) -> int:
        return self.base

    @property
    def gateway(self) -> int:
        return self.base + 101

    @property
    def api(self) -> int:
        return self.base + 102

    @property
    def orchestrator(self) -> int:
        return self.base + 103

    @property
    def builder(self) -> int:
        return self.base + 104

    @property
    def registry(self) -> int:
        return self.base + 105

    @property
    def database(self) -> int:
        return self.base + 106

    @property
    def bastion(self) -> int:
        """Its health and metrics."""
        return self.base + 107

    @property
    def desktop(self) -> int:
        """Where the edge brings the sockets of desktops."""
        return self.base + 109

    @property
    def access(self) -> int:
        """Where the edge asks who may pass to environments."""
        return self.base + 110

    @property
    def stream(self) -> int:
        """Where the edge brings WebSockets and event streams to environments."""
        return self.base + 111

    @property
    def ssh(self) -> int:
        return self.base + 22

    @property
    def lms(self) -> int:
        return self.base + 600

    def named(self) -> dict[str, int]:
        """Every port with the name of what listens there."""
        names = (
            "edge",
            "gateway",
            "api",
            "orchestrator",
            "builder",
            "registry",
            "database",
            "bastion",
            "ssh",
            "desktop",
            "access",
            "stream",
            "lms",
        )
        return {name: getattr(self, name) for name in names}


def is_free(port: int, address: str = LOOPBACK) -> bool:
    """Whether we could listen on this port of the loopback now."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
        except OSError:
            return False
    return True


def has_ipv6_loopback() -> bool:
    """Whether `localhost` may also mean ::1 here; browsers try that one first."""
    with contextlib.suppress(OSError), socket.socket(socket.AF_INET6) as probe:
        probe.bind(("::1", 0))
        return True
    return False


def holder(port: int) -> str:
    """Who listens on `port`, as well as we are allowed to know: `nginx (process 812)`."""
    for process in _listeners(port):
        with contextlib.suppress(OSError):
            name = Path(f"/proc/{process}/comm").read_text(encoding="utf-8").strip()
            return f"{name} (process {process})"
    return "another program"


def is_listener(process: int, port: int) -> bool:
    """Whether this process, or one that it started, listens on `port` of the loopback.

    That something answers there proves nothing: it may be a program of somebody else.
    """
    return bool(process) and any(_descends(listener, process) for listener in _listeners(port))


def _listeners(port: int) -> Iterator[int]:
    """The processes that hold a listening socket of this port, as far as we may look."""
    inodes = {f"socket:[{inode}]" for inode in _listening_inodes(port)}
    for process in Path("/proc").glob("[0-9]*") if inodes else ():
        with contextlib.suppress(OSError):
            if any(os.readlink(descriptor) in inodes for descriptor in (process / "fd").iterdir()):
                yield int(process.name)


def _descends(process: int, ancestor: int) -> bool:
    with contextlib.suppress(OSError):
        while process not in (0, ancestor):
            stat = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
            process = int(stat.rpartition(")")[2].split()[1])
    return process == ancestor


def _listening_inodes(port: int) -> Iterator[str]:
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        with contextlib.suppress(OSError):
            for line in Path(table).read_text(encoding="ascii").splitlines()[1:]:
                fields = line.split()
                if fields[3] == _LISTEN and int(fields[1].rsplit(":", 1)[1], 16) == port:
                    yield fields[9]
