"""A PostgreSQL of a test's or a benchmark's own: on a socket in its folder, gone with it."""

import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.postgresql import as_owner, binary, make_folder

START_SECONDS = 60
# What a crash of the machine would cost matters to nobody here, and waiting for a disk does.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass(frozen=True)
class Database:
    """The server whose socket is in `folder`; `url(name)` is an asyncpg URL of a database on it."""

    folder: Path

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    def run(self, statement: str) -> None:
        """One statement, as the owner of all; its words when it fails."""
        command = [binary("psql"), "-XqAt", "-v", "ON_ERROR_STOP=1", "-h", str(self.folder)]
        done = subprocess.run(
            [*command, "-U", "postgres", "-c", statement],
            capture_output=True,
            text=True,
            check=False,
            timeout=START_SECONDS,
        )
        assert done.returncode == 0, done.stderr


@contextmanager
def server(folder: Path, settings: dict[str, str] | None = None) -> Iterator[Database]:
    """A server with a new cluster in that folder; both are gone afterwards."""
    make_folder(folder)
    try:
        making = [binary("initdb"), "-D", str(folder), "-U", "postgres", "--auth=trust"]
        subprocess.run(
            [*as_owner(), *making, "--no-sync", "--encoding=UTF8", "--locale=C.UTF-8"],
            check=True,
            stdout=subprocess.DEVNULL,
            cwd="/",
            timeout=START_SECONDS,
        )
        running = _start(folder, settings or {})
        try:
            yield _awaited(Database(folder), running)
        finally:
            running.send_signal(signal.SIGINT)
            running.wait(START_SECONDS)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    known = {"listen_addresses": "", "unix_socket_directories": str(folder), **settings}
    options = [word for name, value in known.items() for word in ("-c", f"{name}={value}")]
    command = [binary("postgres"), "-D", str(folder), *options]
    with (folder / "log").open("wb") as log:
        # It ends also with a run that is killed: INT is PostgreSQL's fast end.
        return subprocess.Popen(
            [*(as_owner() or ["/usr/bin/setpriv"]), "--pdeathsig=INT", *command],
            stdout=log,
            stderr=log,
            cwd="/",
        )


def _awaited(database: Database, running: subprocess.Popen[bytes]) -> Database:
    asking = [binary("pg_isready"), "-q", "-h", str(database.folder)]
    deadline = time.monotonic() + START_SECONDS
    while subprocess.run(asking, check=False, timeout=START_SECONDS).returncode != 0:
        if running.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError((database.folder / "log").read_text(errors="replace")[-2000:])
        time.sleep(0.05)
    return database
