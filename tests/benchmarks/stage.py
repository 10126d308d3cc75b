"""The town of tests/edge with a database of its own, for benchmarks."""

import asyncio
import logging
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from cryptography.fernet import Fernet
from pydantic import SecretStr

from mydocker_kit.postgres import migrations
from tests.conftest import SERVICES, ServiceKeys, make_keys
from tests.edge.town import Town, town
from tests.support.postgresql import server

T = TypeVar("T")
ROOT = Path(__file__).parents[2]


@contextmanager
def database(folder: Path) -> Iterator[str]:
    """The URL of a migrated database on a server of its own, settings as they come."""
    with server(folder / "pg") as postgres:
        postgres.run("CREATE DATABASE bench")
        url = postgres.url("bench")
        for service in SERVICES:
            scripts = ROOT / "services" / service / "migrations"
            if (scripts / "env.py").exists():
                migrations.upgrade(scripts, url)
        yield url


@contextmanager
def room() -> Iterator[tuple[Path, str, ServiceKeys, SecretStr]]:
    """Folder, database, keys of services, key of secrets."""
    with tempfile.TemporaryDirectory(prefix="mydocker-bench-") as name:
        folder = Path(name)
        keys = make_keys(folder / "keys")
        with database(folder) as url:
            yield folder, url, keys, SecretStr(Fernet.generate_key().decode())


def on_stage(places: int, play: Callable[[Town], Awaitable[T]]) -> T:
    """Run `play` with edge and api at work, and this many places for environments."""
    logging.getLogger("uvicorn.error").disabled = True  # the played services end in midstream
    with room() as (folder, url, keys, vault):

        async def whole() -> T:
            async with town(folder, url, keys, vault, places) as running:
                return await play(running)

        return asyncio.run(whole())
