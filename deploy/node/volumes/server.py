"""HTTP over a unix socket, one thread per connection."""

import json
import os
import socket
import socketserver
import sys
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

from .protocol import Protocol

_TYPE = "application/vnd.docker.plugins.v1.1+json"
_LIMIT = 1024 * 1024
_FIRST_PASSED = 3
"""The descriptor by which systemd passes a socket (sd_listen_fds(3))."""
_QUIET = frozenset({"/MyDocker.Usage", "/VolumeDriver.Get", "/VolumeDriver.List"})


class Server(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Serves `protocol` until it is ended."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, path: Path, protocol: Protocol) -> None:
        super().__init__(str(path), _Handler, bind_and_activate=False)
        self.protocol = protocol
        if os.environ.get("LISTEN_PID") == str(os.getpid()):
            self.socket.close()
            self.socket = socket.socket(fileno=_FIRST_PASSED)
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        self.server_bind()
        path.chmod(0o600)
        self.server_activate()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Server

    def do_POST(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        if length > _LIMIT:
            self.send_error(413)
            return
        body = self.rfile.read(length)
        answer = self.server.protocol.answer(self.path, body)
        if answer["Err"] or self.path not in _QUIET:
            log("volume_plugin.call", call=self.path, error=answer["Err"], **_subject(body))
        content = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header("Content-Type", _TYPE)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def address_string(self) -> str:
        return "unix"

    def log_message(self, format: str, *arguments: Any) -> None:
        """Calls are logged by `do_POST`."""


def _subject(body: bytes) -> dict[str, str]:
    try:
        given = json.loads(body or b"{}")
        return {"volume": str(given.get("Name") or given.get("name") or "")}
    except (ValueError, AttributeError):
        return {}


def log(event: str, **fields: object) -> None:
    """One JSON object per line, as the services log."""
    entry = {"event": event, "service": "volume-plugin", **fields}
    entry["timestamp"] = datetime.now(UTC).isoformat()
    print(json.dumps(entry, default=str), file=sys.stdout, flush=True)
