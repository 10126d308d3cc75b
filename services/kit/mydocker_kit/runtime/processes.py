"""Several processes of one program, over shared listening sockets.

The parent binds each address once, forks, and watches: a process that ends is started again, a
signal to end goes to all of them. Every process accepts from the same socket, so whoever is free
takes the next connection and nothing is refused while one of them restarts. What has been imported
before the fork is shared memory. A process dies with its parent: an orphan would keep the port.
"""

import ctypes
import os
import signal
import socket
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from types import FrameType
from typing import Any

import structlog
from prometheus_client import multiprocess

from ..observability.logging import get_logger

log = get_logger()
_DIE_WITH_PARENT = 1
"""`PR_SET_PDEATHSIG` of prctl(2)."""
_RESTART_SECONDS = 1.0
_BACKLOG = 2048


@dataclass(frozen=True)
class Process:
    """One process: its name in the log, where it listens, and what it does there until it ends."""

    name: str
    host: str
    port: int
    serve: Callable[[socket.socket], None]


def run_all(processes: Sequence[Process]) -> int:
    """Run them until a signal ends all; the exit status of the program."""
    addresses = {(process.host, process.port) for process in processes}
    sockets = {address: _listening(*address) for address in sorted(addresses)}
    running: dict[int, Process] = {}
    ending = False

    def end(number: int, _: FrameType | None) -> None:
        nonlocal ending
        ending = True
        for pid in running:
            os.kill(pid, signal.SIGTERM)

    def start(process: Process) -> None:
        # A signal between the fork and the note of its id would miss the child.
        signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS)
        running[_forked(process, sockets[process.host, process.port])] = process
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)

    for number in _ENDS:
        signal.signal(number, end)
    for process in processes:
        start(process)
    status = 0
    while running:
        pid, how = os.waitpid(-1, 0)
        process = running.pop(pid)
        multiprocess.mark_process_dead(pid)  # type: ignore[no-untyped-call]
        if ending:
            continue
        status = os.waitstatus_to_exitcode(how)
        log.error("process.ended", process=process.name, status=status)
        time.sleep(_RESTART_SECONDS)
        if not ending:
            start(process)
    return 0


_ENDS = (signal.SIGTERM, signal.SIGINT)


def _listening(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        raise SystemExit(f"cannot listen on {host}:{port}: {error.strerror}") from None
    bound.listen(_BACKLOG)
    bound.setblocking(False)
    return bound


def _forked(process: Process, listening: socket.socket) -> int:
    parent = os.getpid()
    pid = os.fork()
    if pid:
        return pid
    status = 1
    try:
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
        if os.getppid() != parent:  # it ended before the line above
            os._exit(status)
        for number in _ENDS:
            signal.signal(number, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, _ENDS)
        structlog.contextvars.bind_contextvars(process=process.name)
        process.serve(listening)
        status = 0
    except SystemExit as asked:
        status = asked.code if isinstance(asked.code, int) else 1
    except BaseException:
        log.exception("process.failed")
    finally:
        _flush(sys.stdout, sys.stderr)
        os._exit(status)
    return 0


def _flush(*files: Any) -> None:
    for file in files:
        file.flush()
