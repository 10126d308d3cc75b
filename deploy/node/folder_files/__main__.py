"""`python -m deploy.node.folder_files`: serve files of work folders to the services beside it.

On the machine of the services, where no agent runs: over a unix socket, with the same signatures.
"""

import argparse
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import uvicorn
from fastapi import FastAPI

from deploy.machine.failures import guarded
from deploy.node.settings import AUDIENCE, ORCHESTRATOR
from mydocker_kit.clock import utc_now
from mydocker_kit.observability.logging import configure_logging
from mydocker_kit.tokens import ServiceTrust
from mydocker_kit.web.app import create_app

from .access import VolumeAccess
from .endpoints import FolderFiles, router
from .snapshots import SnapshotStore

STORE = "/var/lib/mydocker/snapshots"
SOCKET = "/run/mydocker/folders.sock"


def main(arguments: Sequence[str] | None = None) -> int:
    asked = _parser().parse_args(arguments)
    return guarded("deploy.node.folder_files", lambda: _serve(asked))


def build(engine: str, store: Path, trusted: Path) -> FastAPI:
    """The application of this machine's work folders."""

    async def ready() -> None:
        return

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        yield

    title = "MyDocker work folders"
    app = create_app("folders", title, lifespan=lifespan, routers=[router], ready=ready)
    keys = ServiceTrust.load(AUDIENCE, trusted).keys
    only = {name: key for name, key in keys.items() if name == ORCHESTRATOR}
    app.state.clock, app.state.trust = utc_now, ServiceTrust(AUDIENCE, only)
    access = VolumeAccess(engine)
    app.state.folder_files = FolderFiles(lambda: access, SnapshotStore(store))
    return app


def _serve(asked: argparse.Namespace) -> int:
    app = build(asked.engine, Path(asked.store), Path(asked.trusted))
    configure_logging("folders")
    socket = Path(asked.socket)
    socket.parent.mkdir(parents=True, exist_ok=True)
    socket.unlink(missing_ok=True)
    uvicorn.run(app, uds=str(socket), log_config=None, access_log=False)
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m deploy.node.folder_files", description=__doc__)
    parser.add_argument("--engine", default="unix:///var/run/docker.sock")
    parser.add_argument("--store", default=STORE, help="folder of the snapshots")
    parser.add_argument("--socket", default=SOCKET)
    parser.add_argument("--trusted", required=True, help="folder with the orchestrator's key")
    return parser


if __name__ == "__main__":
    raise SystemExit(main())
