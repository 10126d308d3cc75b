"""Ports for programs that tests start: kept by the test from the choice to the end.

A port that is chosen, let go and bound later can be given to somebody else in between: to another
test, or as the near end of any connection. `reserved` keeps its sockets bound, but not listening,
as long as the block lasts. The kernel gives such a port to nobody by itself; a program that asks
for it by number, with SO_REUSEADDR as servers do, can listen on it, and again after a restart.
`listens` proves that the program that listens is the one that was started.
"""

import contextlib
import socket
from collections.abc import Iterator

from deploy.machine.network.ports import LOOPBACK, is_listener

__all__ = ["is_listener", "reserved"]


@contextlib.contextmanager
def reserved(count: int = 1) -> Iterator[tuple[int, ...]]:
    """So many ports of loopback, all different, that nobody else is given until the block ends."""
    with contextlib.ExitStack() as stack:
        ports = []
        for _ in range(count):
            holder = stack.enter_context(socket.socket())
            holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            holder.bind((LOOPBACK, 0))
            ports.append(int(holder.getsockname()[1]))
        yield tuple(ports)
