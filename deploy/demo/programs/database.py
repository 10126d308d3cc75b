"""An embedded PostgreSQL, kept by the supervisor: cluster, database, roles of the services."""

import os
import time
from pathlib import Path

from deploy.machine.commands import run, succeeds
from deploy.machine.failures import CannotStart
from deploy.machine.instance import ROOT, Instance
from deploy.machine.keys import DATABASE, ROLES, Keys
from deploy.machine.network.ports import LOOPBACK
from deploy.machine.processes import Program, Supervisor

from .postgresql import as_owner, binary, make_folder

PROGRAM = "database"
LOG_SETTINGS = {
    "log_min_messages": "warning",
    "log_error_verbosity": "terse",
    "log_min_error_statement": "panic",
}
"""Neither rows (DETAIL) nor statements, of which one sets a password; as in
deploy/postgres/entrypoint.sh."""
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "200",
    "shared_buffers": "128MB",
    "max_wal_size": "256MB",
    "jit": "off",
    "timezone": "UTC",
    **LOG_SETTINGS,
}
_READY_SECONDS = 300.0
_ROLES_FILE = ROOT / "deploy/postgres/roles.sql"


def program(instance: Instance) -> Program:
    settings = {**_SETTINGS, "port": str(instance.ports.database)}
    options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
    command = [*as_owner(), binary("postgres"), "-D", str(_folder(instance)), *options]
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
    return [binary("psql"), "-X", *where, "-d"]


def _initialise(instance: Instance, keys: Keys) -> None:
    folder = _folder(instance)
    if (folder / "PG_VERSION").exists():
        return
    make_folder(folder)
    run(
        [
            *as_owner(),
            binary("initdb"),
            *("-D", str(folder), "-U", "postgres", "--auth=scram-sha-256"),
            *("--encoding=UTF8", "--locale=C.UTF-8", "--data-checksums"),
            f"--pwfile={keys.file('postgres-password')}",
        ],
        why="the database could not be made",
        folder=Path("/"),
    )


def _await(instance: Instance, supervisor: Supervisor) -> None:
    port = instance.ports.database
    asked = [binary("pg_isready"), "-q", "-h", LOOPBACK, "-p", str(port)]
    deadline = time.monotonic() + _READY_SECONDS
    while time.monotonic() < deadline and not supervisor.gave_up(PROGRAM):
        if supervisor.listens(PROGRAM, port) and succeeds(asked):
            return
        time.sleep(0.05)
    raise CannotStart(supervisor.why(PROGRAM))


def _folder(instance: Instance) -> Path:
    return instance.state / "database"
