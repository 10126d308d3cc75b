"""A server that nobody may reach, and that records whoever does."""

import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from threading import Thread

Answer = Callable[[str], bytes]
"""From the path of a request to the whole answer."""
_SECONDS = 5.0
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi"


def answer_ok(_: str) -> bytes:
    return OK


@dataclass
class Canary:
    """A listening socket; `hits` are the first lines of what it was sent."""

    server: socket.socket
    answer: Answer = answer_ok
    hits: list[str] = field(default_factory=list)

    @property
    def port(self) -> int:
        return int(self.server.getsockname()[1])

    def serve(self) -> None:
        """Until the socket is closed."""
        while True:
            try:
                connection, _ = self.server.accept()
            except OSError:
                return
            Thread(target=self._one_request, args=(connection,), daemon=True).start()

    def _one_request(self, connection: socket.socket) -> None:
        at = len(self.hits)
        self.hits.append("connected")  # a connection counts, whatever it says
        with connection:
            connection.settimeout(_SECONDS)
            try:
                asked = connection.recv(65536).decode("latin-1")
                first = asked.partition("\r\n")[0]
                self.hits[at] = first
                words = first.split()
                connection.sendall(self.answer(words[1] if len(words) > 1 else "/"))
            except OSError:
                return


@contextmanager
def canary(address: str = "", port: int = 0, answer: Answer = answer_ok) -> Iterator[Canary]:
    """A canary on one address, or on all of this network namespace."""
    family = socket.AF_INET6 if not address or ":" in address else socket.AF_INET
    server = socket.create_server(
        (address, port), family=family, backlog=256, dualstack_ipv6=not address
    )
    made = Canary(server, answer)
    thread = Thread(target=made.serve, daemon=True)
    thread.start()
    try:
        yield made
    finally:
        server.shutdown(socket.SHUT_RDWR)
        server.close()
        thread.join(_SECONDS)
