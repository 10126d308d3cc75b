"""A PostgreSQL of a test's or a benchmark's own: on a socket in its folder, gone with it."""

import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from deploy.demo.programs.postgresql import as_owner, binary, make_folder

from tests.support.waiting import eventually

START_SECONDS = 60
# What a crash of the machine would cost matters to nobody here, and waiting for a disk does.
CARELESS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}


@dataclass
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


@dataclass
class StoppableDatabase(Database):
    """A server that a test stops and starts again."""

    settings: dict[str, str]
    running: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        """Return when it answers."""
        self.running = _start(self.folder, self.settings)
        _awaited(self, self.running)

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """SIGINT ends every connection (PostgreSQL's "fast"); SIGQUIT is as a crash."""
        if self.running:
            self.running.send_signal(how)
            self.running.wait(START_SECONDS)
            self.running = None


@contextmanager
def server(folder: Path, settings: dict[str, str] | None = None) -> Iterator[StoppableDatabase]:
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
        database = StoppableDatabase(folder, settings or {})
        try:
            database.start()
            yield database
        finally:
            database.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _start(folder: Path, settings: dict[str, str]) -> subprocess.Popen[bytes]:
    known = {"listen_addresses": "", "unix_socket_directories": str(folder), **settings}
    options = [part for name, value in known.items() for part in ("-c", f"{name}={value}")]
    command = [binary("postgres"), "-D", str(folder), *options]
    with (folder / "log").open("ab") as log:
        # It ends also with a run that is killed: INT is PostgreSQL's fast end.
        return subprocess.Popen(
            [*(as_owner() or ["/usr/bin/setpriv"]), "--pdeathsig=INT", *command],
            stdout=log,
            stderr=log,
            cwd="/",
        )


def _awaited(database: Database, running: subprocess.Popen[bytes]) -> None:
    asking = [binary("pg_isready"), "-q", "-h", str(database.folder)]

    def answers() -> bool:
        if running.poll() is not None:
            raise RuntimeError((database.folder / "log").read_text(errors="replace")[-2000:])
        return subprocess.run(asking, check=False, timeout=START_SECONDS).returncode == 0

    eventually(answers, f"PostgreSQL answers in {database.folder}", START_SECONDS, pause=0.05)
