"""Ports of programs that tests start: nobody else gets them, and who listens is known."""

import socket
import struct
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from tests.support.ports import is_listener, reserved

_IP_LOCAL_PORT_RANGE = 51
_SERVE = """
import socket, sys, time
server = socket.create_server(("127.0.0.1", int(sys.argv[1])))
print("listens", flush=True)
sys.stdin.read()
"""


@contextmanager
def _serving(port: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-c", _SERVE, str(port)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == "listens\n"
        yield process
        process.communicate()


def _only(socket_: socket.socket, port: int) -> None:
    """Let the kernel choose this socket's near port from this number alone."""
    try:
        socket_.setsockopt(
            socket.IPPROTO_IP, _IP_LOCAL_PORT_RANGE, struct.pack("I", port | port << 16)
        )
    except OSError:
        pytest.skip("this kernel is older than 6.3")


def test_the_kernel_gives_it_to_nobody_else() -> None:
    with reserved() as (port,), socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        _only(other, port)
        with pytest.raises(OSError, match="in use"):
            other.bind(("127.0.0.1", 0))


def test_no_connection_begins_at_it() -> None:
    """A program that asks its own port whether it is open may otherwise connect to itself."""
    server = socket.create_server(("127.0.0.1", 0))
    with reserved() as (port,), server, socket.socket() as other:
        _only(other, port)
        with pytest.raises(OSError, match=r"assign|in use"):
            other.connect(server.getsockname())


def test_a_program_listens_on_it_again_and_again() -> None:
    with reserved(2) as (port, silent):
        for _ in range(2):
            with _serving(port) as process:
                assert is_listener(process.pid, port)
                assert not is_listener(process.pid, silent)
            assert not is_listener(process.pid, port)


def test_who_answers_is_not_taken_for_ours() -> None:
    with reserved() as (port,), _serving(port):
        other = subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE)
        assert not is_listener(other.pid, port)
        other.communicate(b"\n")


def test_a_process_that_was_forked_counts() -> None:
    """Servers of several processes listen in their children."""
    with reserved() as (port,):
        parent = [sys.executable, "-c", "import subprocess, sys; subprocess.run(sys.argv[1:])"]
        child = [sys.executable, "-c", _SERVE, str(port)]
        pipe = subprocess.PIPE
        with subprocess.Popen([*parent, *child], stdin=pipe, stdout=pipe, text=True) as process:
            assert process.stdout
            assert process.stdout.readline() == "listens\n"
            assert is_listener(process.pid, port)
            process.communicate()
