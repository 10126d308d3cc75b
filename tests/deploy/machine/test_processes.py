"""The supervisor: what dies comes back, what is stopped stays away, nothing is left."""

import os
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from deploy.demo.engines.leftovers import remove_run_folder
from deploy.machine.failures import CannotStart
from deploy.machine.instance import Instance
from deploy.machine.network.ports import Ports
from deploy.machine.processes import Program, Supervisor, processes_marked
from tests.support.ports import reserved
from tests.support.waiting import eventually

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="the run folder belongs to root")
SLEEPS = [sys.executable, "-c", "import time; time.sleep(600)"]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    made = Instance(f"p{os.getpid()}", tmp_path, Ports())
    made.run.mkdir(parents=True)
    yield made
    Supervisor(made).shutdown()
    remove_run_folder(made)


def _sleepers(instance: Instance) -> list[int]:
    def words(process: int) -> bytes:
        path = Path(f"/proc/{process}/cmdline")
        return path.read_bytes() if path.exists() else b""

    return [
        process
        for process in processes_marked(instance.state)
        if b"time.sleep(600)" in words(process)
    ]


def test_what_dies_comes_back(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    supervisor.configure([Program("one", SLEEPS)])
    supervisor.start("one")
    first = _sleepers(instance)[0]
    os.kill(first, signal.SIGKILL)
    eventually(lambda: set(_sleepers(instance)) - {first}, "the program is started again")


def test_a_program_that_ends_at_once_is_explained_by_its_log(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    command = [sys.executable, "-c", "print('the disk is 100% full'); raise SystemExit(3)"]
    supervisor.configure([Program("broken", command)])
    with pytest.raises(CannotStart, match="the disk is 100% full"):
        supervisor.start("broken")


def test_a_program_that_ends_for_good_is_not_waited_for(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    command = [sys.executable, "-c", "print('no such setting'); raise SystemExit(3)"]
    supervisor.configure([Program("broken", command)])
    supervisor.start_together(["broken"])
    with reserved() as (port,), pytest.raises(CannotStart, match="no such setting"):
        supervisor.await_listening("broken", port, seconds=3600)


def test_another_program_at_its_port_is_not_taken_for_it(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    supervisor.configure([Program("one", SLEEPS)])
    supervisor.start("one")
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = int(other.getsockname()[1])
        assert not supervisor.listens("one", port)
        with pytest.raises(CannotStart, match="one did not start"):
            supervisor.await_listening("one", port, seconds=0)


def test_values_reach_a_program_as_they_are(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    value = "a 'quoted' 100%, with, commas; and = signs, http://*.test:1"
    command = [sys.executable, "-c", "import os, time; print(os.environ['X'], flush=True)"]
    command[-1] += "; time.sleep(600)"
    supervisor.configure([Program("told", command, {"X": value})])
    supervisor.start("told")
    log = supervisor.log_of("told")
    eventually(lambda: value in log.read_text(), "the value in the log")


def test_a_changed_program_is_stopped_until_it_is_started_anew(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    supervisor.configure([Program("one", SLEEPS), Program("two", SLEEPS)])
    supervisor.start("one")
    supervisor.start("two")
    supervisor.configure([Program("one", SLEEPS, {"A": "1"}), Program("two", SLEEPS)])
    assert supervisor.states() == {"one": "STOPPED", "two": "RUNNING"}


def test_nothing_is_left_even_of_a_killed_supervisor(instance: Instance) -> None:
    supervisor = Supervisor(instance)
    supervisor.configure([Program("one", SLEEPS)])
    supervisor.start("one")
    os.kill(int((instance.run / "supervisor.pid").read_text()), signal.SIGKILL)
    assert _sleepers(instance)
    supervisor.shutdown()
    assert processes_marked(instance.state) == []
