"""Asking ports until they answer, with as little noise as possible."""

import socket
import time
from contextlib import suppress

_PAUSE = 0.01
_REACHED_WITHIN = 0.1
_SAID_WITHIN = 5.0
"""A share of a core so small that a class fits one machine takes its time for the first words."""


def await_ports(ports: dict[str, int], seconds: float) -> None:
    """Return when each port (`ssh` or `web`) on the loopback has answered in its protocol."""
    deadline, left = time.perf_counter() + seconds, dict(ports)
    while left:
        if time.perf_counter() > deadline:
            raise TimeoutError(f"silent: {left}")
        for kind, port in list(left.items()):
            if _answers(kind, port):
                del left[kind]
        if left:
            time.sleep(_PAUSE)


def _answers(kind: str, port: int) -> bool:
    with (
        suppress(OSError),
        socket.create_connection(("127.0.0.1", port), _REACHED_WITHIN) as connection,
    ):
        connection.settimeout(_SAID_WITHIN)
        if kind == "web":
            connection.sendall(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        return connection.recv(4).startswith(b"SSH-" if kind == "ssh" else b"HTTP")
    return False
