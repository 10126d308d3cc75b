"""The supervisor: starts the parts as processes, starts them again when they die, stops them."""

import contextlib
import os
import resource
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from xmlrpc.client import Fault, ServerProxy

from supervisor.xmlrpc import SupervisorTransport

from .failures import CannotStart
from .instance import ROOT, Instance
from .network.ports import is_listener

MARK = "MYDOCKER_INSTANCE"
"""Every process we start inherits this variable; it is the proof that a process is ours."""
_STOP_SECONDS = 60.0


@dataclass(frozen=True)
class Program:
    """One process that should be running."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    user: str | None = None
    stop_signal: str = "TERM"
    stop_seconds: int = 15


class Supervisor:
    """The processes of one instance."""

    def __init__(self, instance: Instance) -> None:
        self._instance = instance
        self._config = instance.state / "supervisord.conf"
        self._socket = instance.run / "supervisor.sock"
        self._pid_file = instance.run / "supervisor.pid"

    def is_up(self) -> bool:
        """Whether our supervisor answers."""
        try:
            return bool(self._ask("getState")["statename"] == "RUNNING")
        except (OSError, Fault):  # a supervisor on its way out refuses every call
            return False

    def configure(self, programs: Sequence[Program]) -> None:
        """Make exactly these programs known; those whose definition changed are stopped."""
        self._write(programs)
        if not self.is_up():
            self._launch()
            return
        added, changed, removed = self._ask("reloadConfig")[0]
        for name in (*changed, *removed):
            self._ask("stopProcessGroup", name)
            self._ask("removeProcessGroup", name)
        for name in (*added, *changed):
            self._ask("addProcessGroup", name)

    def start(self, name: str) -> None:
        """Start one program unless it runs; `CannotStart` when it ends at once."""
        try:
            self._ask("startProcess", name, True)
        except Fault as fault:
            if "ALREADY_STARTED" not in fault.faultString:
                raise CannotStart(self.why(name)) from fault

    def start_together(self, names: Sequence[str]) -> None:
        """Start several programs at once; whether they can work is for the caller to see."""
        for name in names:
            with contextlib.suppress(Fault):
                self._ask("startProcess", name, False)

    def stop(self, name: str) -> None:
        """Stop one program; nothing happens where it, or the supervisor, does not run."""
        with contextlib.suppress(OSError, Fault):
            self._ask("stopProcess", name, True)

    def states(self) -> dict[str, str]:
        """Name → RUNNING, STOPPED, FATAL, …; nothing when no supervisor runs."""
        try:
            return {info["name"]: info["statename"] for info in self._ask("getAllProcessInfo")}
        except (OSError, Fault):
            return {}

    def pid(self, name: str) -> int:
        """The process id of one program; 0 while it does not run."""
        try:
            return int(self._ask("getProcessInfo", name)["pid"])
        except (OSError, Fault):
            return 0

    def gave_up(self, name: str) -> bool:
        """Whether this program ended too often to be started again."""
        return self.states().get(name) == "FATAL"

    def listens(self, name: str, port: int) -> bool:
        """Whether it is this program that listens on `port`, and no other."""
        return is_listener(self.pid(name), port)

    def await_listening(self, name: str, port: int, seconds: float) -> None:
        """Return when this program listens on `port`; `CannotStart` when it does not in time."""
        deadline = time.monotonic() + seconds
        while not self.listens(name, port):
            if time.monotonic() > deadline or self.gave_up(name):
                raise CannotStart(self.why(name))
            time.sleep(0.05)

    def log_of(self, name: str) -> Path:
        return self._instance.logs / f"{name}.log"

    def why(self, name: str) -> str:
        """One sentence about a program that does not run, with the end of its log."""
        log = self.log_of(name)
        lines = (
            log.read_text(encoding="utf-8", errors="replace").splitlines() if log.exists() else []
        )
        said = "\n    ".join(lines[-8:])
        return f"{name} did not start; its log ends so ({log}):\n    {said}"

    def shutdown(self) -> None:
        """Stop every program, then the supervisor, then whatever of ours is left."""
        with contextlib.suppress(OSError, Fault):
            self._ask("shutdown")
        deadline = time.monotonic() + _STOP_SECONDS
        while self._ours() and time.monotonic() < deadline:
            if not self.is_up() and not self._supervisor_runs():
                break
            time.sleep(0.1)
        self._end_leftovers()

    def _ask(self, call: str, *arguments: object) -> Any:
        """One call to the supervisor, on a connection of its own."""
        transport = SupervisorTransport(None, None, f"unix://{self._socket}")
        try:
            supervisor = ServerProxy("http://supervisor/RPC2", transport=transport).supervisor
            return getattr(supervisor, call)(*arguments)
        finally:
            if transport.connection is not None:
                transport.connection.close()

    def _launch(self) -> None:
        self._instance.logs.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "supervisor.supervisord", "-c", str(self._config)]
        environment = {**os.environ, MARK: str(self._instance.state)}
        done = subprocess.run(
            command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False
        )
        deadline = time.monotonic() + 10
        while done.returncode == 0 and time.monotonic() < deadline:
            if self.is_up():
                return
            time.sleep(0.05)
        raise CannotStart(f"the supervisor did not start: {done.stderr.strip()[-300:]}")

    def _write(self, programs: Sequence[Program]) -> None:
        self._config.parent.mkdir(parents=True, exist_ok=True)
        sections = [self._head(), *(self._section(program) for program in programs)]
        self._config.touch(mode=0o600)
        self._config.write_text("\n".join(sections), encoding="utf-8")

    def _head(self) -> str:
        return f"""[supervisord]
logfile={self._instance.logs}/supervisor.log
logfile_maxbytes=5MB
logfile_backups=1
pidfile={self._pid_file}
childlogdir={self._instance.logs}
directory={ROOT}
minfds={_open_files()}
nodaemon=false

[unix_http_server]
file={self._socket}
chmod=0700

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

    def _section(self, program: Program) -> str:
        pairs = ",".join(f"{name}={_quoted(value)}" for name, value in program.environment.items())
        user = f"user={program.user}\n" if program.user else ""
        return f"""[program:{program.name}]
command={_plain(shlex.join(program.command))}
environment={pairs}
{user}autostart=false
autorestart=true
startsecs=1
startretries=5
stopsignal={program.stop_signal}
stopwaitsecs={program.stop_seconds}
redirect_stderr=true
stdout_logfile={self.log_of(program.name)}
stdout_logfile_maxbytes=10MB
stdout_logfile_backups=1
"""

    def _supervisor_runs(self) -> bool:
        try:
            return int(self._pid_file.read_text(encoding="ascii")) in self._ours()
        except (OSError, ValueError):
            return False

    def _ours(self) -> list[int]:
        return processes_marked(self._instance.state)

    def _end_leftovers(self) -> None:
        for order in (signal.SIGTERM, signal.SIGKILL):
            deadline = time.monotonic() + 10
            for process in self._ours():
                with contextlib.suppress(ProcessLookupError):
                    os.kill(process, order)
            while self._ours() and time.monotonic() < deadline:
                time.sleep(0.1)


def _open_files() -> int:
    """As many open files as we may have, up to what engines like to have."""
    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65536)


def _plain(text: str) -> str:
    """Supervisor expands `%(name)s`."""
    return text.replace("%", "%%")


def _quoted(value: str) -> str:
    """A value of the environment; supervisor knows no way to write a quote inside quotes."""
    if '"' in value:
        raise ValueError("a setting with a double quote cannot be handed to a program")
    return f'"{_plain(value)}"'


def processes_marked(state: Path) -> list[int]:
    """Processes that inherited our mark, and so were started by us."""
    mark = f"{MARK}={state}".encode()
    processes = []
    for folder in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if mark in (folder / "environ").read_bytes().split(b"\0"):
                processes.append(int(folder.name))
    return processes
