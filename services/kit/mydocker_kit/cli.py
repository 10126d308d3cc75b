"""The commands of a service: `serve`, and `migrate` where it keeps state."""

import argparse
import gc
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import uvicorn
from fastapi import FastAPI
from pydantic import ValidationError

from . import migrations
from .logging import configure_logging, log_uncaught
from .settings import ProgramSettings, ServiceSettings

S = TypeVar("S", bound=ProgramSettings)


def main(
    service: str,
    settings_type: type[S],
    build: Callable[[S], FastAPI],
    folder: Path | None,
) -> None:
    """Entry point of `python -m mydocker_<service>`; `folder` holds its migrations, if any."""
    parser = argparse.ArgumentParser(prog=f"mydocker-{service}")
    commands = ["serve"] if folder is None else ["serve", "migrate"]
    parser.add_argument("command", choices=commands, nargs="?", default="serve")
    arguments = parser.parse_args()
    settings = load(settings_type)
    configure_logging(service, settings.log_level)
    log_uncaught()
    if arguments.command == "migrate" and folder and isinstance(settings, ServiceSettings):
        migrations.upgrade(folder, settings.database_url.get_secret_value())
        return
    app = build(settings)
    # What is loaded by now stays: looking through it all again takes 0.2 s, and everybody waits.
    gc.collect()
    gc.freeze()
    uvicorn.run(
        app,
        host=settings.listen_host,
        port=settings.listen_port,
        log_config=None,
        access_log=False,  # paths may hold ids of people; the request metrics say what is needed
        proxy_headers=True,
        forwarded_allow_ips=settings.trusted_proxies,
        timeout_graceful_shutdown=5,
    )


def load(settings_type: type[S]) -> S:
    """The settings, or an end with one line per setting that is wrong."""
    try:
        return settings_type()
    except ValidationError as error:
        for item in error.errors():
            name = "_".join(str(part) for part in item["loc"]).upper()
            print(f"setting MYDOCKER_{name}: {item['msg']}", file=sys.stderr)
        raise SystemExit(2) from None
