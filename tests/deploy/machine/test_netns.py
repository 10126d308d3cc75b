"""The tests' own network, and its clocks of a machine that has just booted."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from deploy.machine.instance import ROOT

_NETNS = [sys.executable, "-m", "tests.support.netns"]
_CLOCKS = "import time; print(time.monotonic(), time.clock_gettime(time.CLOCK_BOOTTIME))"
pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


def _said(*arguments: str) -> str:
    command = [*_NETNS, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=True, cwd=ROOT).stdout


@pytest.mark.skipif(not Path("/proc/self/ns/time").exists(), reason="no time namespaces here")
def test_the_clocks_inside_have_only_begun_to_count() -> None:
    clocks = _said("--just-booted", "--", sys.executable, "-c", _CLOCKS).split()
    assert all(0 < float(clock) < 480 for clock in clocks)


def test_a_failure_inside_is_the_failure_of_the_run() -> None:
    command = [*_NETNS, "--just-booted", "--", sys.executable, "-c", "raise SystemExit(7)"]
    assert subprocess.run(command, check=False, cwd=ROOT).returncode == 7
