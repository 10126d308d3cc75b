"""Makes the engine know its plugin after each of the engine's starts.

An engine looks for a plugin when somebody first names it; until then the Swarm sees a node without
it, and tasks that need it wait (`missing plugin on 1 node`). So this names it as soon as the engine
answers, then follows the engine's events, whose end is the engine's end.
"""

import http.client
import json
import socket
import time
from urllib.parse import quote

from .server import log

_RETRY_SECONDS = 0.2
_ANSWER_SECONDS = 30.0
_ABSENT = "there-is-no-such-event"


def keep_active(engine_socket: str, driver: str) -> None:
    """Activate the plugin at every start of the engine, for ever."""
    while True:
        try:
            _activate(engine_socket, driver)
            log("volume_plugin.activated", driver=driver)
            _await_end(engine_socket)
        except (OSError, http.client.HTTPException, ValueError):
            time.sleep(_RETRY_SECONDS)


def _activate(engine_socket: str, driver: str) -> None:
    """Ask for the driver's volumes: the engine then asks the plugin."""
    filters = quote(json.dumps({"driver": [driver]}))
    connection = _Connection(engine_socket, _ANSWER_SECONDS)
    connection.request("GET", f"/volumes?filters={filters}")
    response = connection.getresponse()
    content = response.read()
    connection.close()
    if response.status != http.client.OK:
        raise ValueError(f"the engine answers {response.status}: {content[:200]!r}")


def _await_end(engine_socket: str) -> None:
    """Return when the engine has ended: its stream of events, filtered to none, closes."""
    filters = quote(json.dumps({"event": [_ABSENT]}))
    connection = _Connection(engine_socket, None)
    connection.request("GET", f"/events?filters={filters}")
    response = connection.getresponse()
    if response.status != http.client.OK:
        raise ValueError(f"the engine answers {response.status}")
    while response.read(1):
        pass


class _Connection(http.client.HTTPConnection):
    """To a unix socket."""

    def __init__(self, path: str, seconds: float | None) -> None:
        super().__init__("engine", timeout=seconds)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
