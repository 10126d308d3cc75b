"""`python -m deploy.node.volumes`: serve volumes of this node to its engine, until it is ended."""

import argparse
import signal
import sys
import threading
from collections.abc import Sequence
from pathlib import Path

from deploy.machine.failures import guarded

from .activation import keep_active
from .ext4_images import Ext4Images
from .protocol import Protocol
from .server import Server, log
from .volumes import Volumes

DRIVER = "mydocker"
ROOT = "/var/lib/mydocker/volumes"
PLUGINS = "/run/docker/plugins"


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    return guarded("deploy.node.volumes", lambda: _serve(asked))


def _serve(asked: argparse.Namespace) -> int:
    backend = Ext4Images(sparse=asked.sparse)
    volumes = Volumes(Path(asked.root), {backend.name: backend}, backend.name)
    path = Path(asked.socket or f"{PLUGINS}/{asked.driver}.sock")
    server = Server(path, Protocol(volumes))
    # Threads end with the process: a call that is cut off here is repeated by the engine.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    engine = asked.engine.removeprefix("unix://")
    threading.Thread(target=keep_active, args=(engine, asked.driver), daemon=True).start()
    log("volume_plugin.started", driver=asked.driver, root=asked.root, socket=str(path))
    server.serve_forever(poll_interval=5)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.node.volumes", description=__doc__)
    parser.add_argument("--root", default=ROOT, help="folder of the volumes")
    parser.add_argument("--driver", default=DRIVER, help="name of the driver")
    parser.add_argument("--socket", default="", help=f"default: {PLUGINS}/DRIVER.sock")
    parser.add_argument("--engine", default="unix:///var/run/docker.sock")
    parser.add_argument(
        "--sparse",
        action="store_true",
        help="take blocks as they are written: the disk may be promised twice",
    )
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
