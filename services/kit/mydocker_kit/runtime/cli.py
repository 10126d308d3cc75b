"""The commands of a service: `serve` and `migrate`."""

import argparse
import gc
import socket
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from ..observability.logging import configure_logging, log_uncaught
from ..postgres import migrations
from ..settings import ProgramSettings, ServiceSettings
from .processes import Process, run_all

STARTUP_FAILED = 3
S = TypeVar("S", bound=ProgramSettings)


@dataclass(frozen=True)
class Part:
    """One process of a service; parts with the same port share its socket."""

    name: str
    port: int
    build: Callable[[], FastAPI]


def main(
    service: str,
    settings_type: type[S],
    build: Callable[[S], FastAPI],
    folder: Path | None,
    parts: Callable[[S], Sequence[Part]] | None = None,
) -> None:
    """Entry point of `python -m mydocker_<service>`; `folder` holds its migrations, if any.

    `migrate` does nothing in a service without migrations, so that all are started alike.
    `parts` are the processes of a service that has several; it must import `shared_metrics` first.
    """
    parser = argparse.ArgumentParser(prog=f"mydocker-{service}")
    parser.add_argument("command", choices=["serve", "migrate"], nargs="?", default="serve")
    arguments = parser.parse_args()
    settings = load(settings_type)
    configure_logging(service, settings.log_level)
    log_uncaught()
    if arguments.command == "migrate":
        if folder and isinstance(settings, ServiceSettings):
            migrations.upgrade(folder, settings.database_url.get_secret_value())
        return
    if parts is not None:
        gc.collect()
        gc.freeze()  # and what was loaded stays shared: the collector writes to no page of it
        raise SystemExit(run_all([_process(settings, part) for part in parts(settings)]))
    _serve(settings, build(settings), None)


def _process(settings: ProgramSettings, part: Part) -> Process:
    def serve(listening: socket.socket) -> None:
        _serve(settings, part.build(), listening)

    return Process(part.name, settings.listen_host, part.port, serve)


def _serve(settings: ProgramSettings, app: FastAPI, listening: socket.socket | None) -> None:
    # What is loaded by now stays: looking through it all again takes 0.2 s, and everybody waits.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app,
        host=settings.listen_host,
        port=settings.listen_port,
        log_config=None,
        access_log=False,  # paths may hold ids of people; the request metrics say what is needed
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=5,
        # Longer than the edge (120 s) and our clients (5 s) keep an idle connection: whoever asks
        # closes it first, so that no request meets a connection that is being closed.
        timeout_keep_alive=150,
    )
    server = uvicorn.Server(config)
    server.run(sockets=[listening] if listening else None)
    if not server.started:
        raise SystemExit(STARTUP_FAILED)


def load(settings_type: type[S]) -> S:
    """The settings, or an end with one line per setting that is wrong."""
    try:
        return settings_type()
    except ValidationError as error:
        for item in error.errors():
            name = "_".join(str(part) for part in item["loc"]).upper()
            print(f"setting MYDOCKER_{name}: {item['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
