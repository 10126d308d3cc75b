"""Missing root rights: one sentence that says what to do, before anything was installed."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

RIGHTS = Path(__file__).parents[3] / "deploy/setup/rights.sh"
Answer = Callable[[str | None], subprocess.CompletedProcess[str]]


@pytest.fixture
def ask(tmp_path: Path) -> Answer:
    """Runs the question as an ordinary user of a machine whose sudo is this script, or is none."""

    def asked(sudo: str | None) -> subprocess.CompletedProcess[str]:
        programs = {"id": 'case "$1" in -un) echo ada ;; *) echo 1000 ;; esac'}
        if sudo is not None:
            programs["sudo"] = sudo
        for name, text in programs.items():
            (tmp_path / name).write_text(f"#!/bin/sh\n{text}\n")
            (tmp_path / name).chmod(0o755)
        (tmp_path / "sh").symlink_to("/bin/sh")
        return subprocess.run(
            ["/bin/sh", str(RIGHTS)],
            env={**os.environ, "PATH": str(tmp_path)},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=False,
        )

    return asked


def test_sudo_that_asks_nothing_is_enough(ask: Answer) -> None:
    answer = ask("exit 0")
    assert (answer.returncode, answer.stderr) == (0, "")


def test_without_sudo_the_sentence_names_both_ways(ask: Answer) -> None:
    answer = ask(None)
    assert answer.returncode == 1
    assert "run this as root, or install sudo" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1


def test_a_sudo_that_refuses_is_not_asked_for_a_password_nobody_can_type(ask: Answer) -> None:
    answer = ask('[ "$1" = -n ] && exit 1; echo asked; exit 1')
    assert answer.returncode == 1
    assert answer.stdout == ""
    assert "sudo does not give them to ada here" in answer.stderr
    assert len(answer.stderr.splitlines()) == 1
