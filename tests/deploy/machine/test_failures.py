"""What the command-line programs of deploy say when something unexpected happens."""

import ast
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn

import httpx
import pytest
from deploy.compose import __main__ as compose
from deploy.demo.report import Report
from deploy.machine.failures import CannotStart, doing, guarded
from deploy.machine.instance import ROOT
from deploy.node.folder_files import __main__ as folders
from deploy.node.volumes import __main__ as volumes
from deploy.release import __main__ as release
from tests.support import netns, packages
from tests.support.dev import __main__ as dev
from tests.support.engines import engine_kind, lab, nodes
from tests.support.university import __main__ as seed

from deploy import compatibility, contract
from deploy.demo import __main__ as demo
from deploy.machine import failures
from deploy.node import __main__ as node
from mydocker_kit.docker.errors import EngineError

_OF_PYTHON = re.compile(r"Traceback|Error\b|Exception|Errno|b'|<[\w.]+ object")
"""What a person must never read."""
_BUSY = OSError(98, "Address already in use")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where logs of failures go that have no folder of their own."""
    folder = tmp_path / "temporary"
    monkeypatch.setattr("tempfile.gettempdir", lambda: str(folder))
    return folder


def fails(error: Exception, logs: Path | None = None) -> int:
    def work() -> int:
        with doing("start the services"), doing("asking the database"):
            raise error

    return guarded("The demo", work, logs=logs)


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyError("Node"), "a fault of MyDocker itself"),
        (ValueError("Illegal header value b'Bearer '"), "a fault of MyDocker itself"),
        (AssertionError(), "a fault of MyDocker itself"),
        (httpx.LocalProtocolError("Illegal header value b'Bearer '"), "broke off"),
        (httpx.ReadTimeout("timed out"), "had no answer in time"),
        (httpx.ConnectError("[Errno 111] Connection refused"), "nobody answers"),
        (subprocess.CalledProcessError(1, ["npm"]), "a fault of MyDocker itself"),
        (EngineError("no space left on device.", 500), "engine refused: no space left on device."),
        (OSError(28, "No space left on device", "/disk/x"), "/disk/x: No space left on device."),
        (_BUSY, "Address already in use."),
    ],
)
def test_an_error_becomes_a_sentence_and_a_log(
    error: Exception, words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fails(error, tmp_path / "logs") == 1
    said = capsys.readouterr().err
    assert "The demo failed at the step “start the services”, while asking the database" in said
    assert words in said
    assert not _OF_PYTHON.search(said)
    (log,) = (tmp_path / "logs").glob("failure-*.log")
    assert str(log) in said
    assert log.stat().st_mode & 0o077 == 0
    story = log.read_text("utf-8")
    assert "Traceback" in story
    assert type(error).__name__ in story


def test_the_log_holds_no_invitation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    code = "aW52aXRhdGlvbiB3aXRoIGEgdG9rZW4" * 8
    monkeypatch.setattr("sys.argv", ["node", "join", "--address", "10.0.0.2", code])
    assert fails(KeyError("Node"), tmp_path) == 1
    (log,) = tmp_path.glob("failure-*.log")
    story = log.read_text("utf-8")
    assert '"join", "--address", "10.0.0.2"' in story
    assert code not in story
    assert code[20:60] not in story


def test_a_request_says_what_was_asked_but_no_query(capsys: pytest.CaptureFixture[str]) -> None:
    request = httpx.Request("GET", "http://127.0.0.1:8102/api/me?secret=word")
    fails(httpx.ConnectError("", request=request))
    engine = httpx.Request("POST", "http://engine/v1.41/networks/create")
    fails(httpx.ReadTimeout("", request=engine))
    said = capsys.readouterr().err
    assert "nobody answers GET http://127.0.0.1:8102/api/me." in said
    assert "the Docker engine for POST /v1.41/networks/create had no answer" in said
    assert "word" not in said


def test_a_folder_that_takes_no_log_is_replaced(
    tmp_path: Path, temporary: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "file"
    file.touch()
    assert fails(KeyError("x"), file / "logs") == 1
    (log,) = temporary.glob("failure-*.log")
    assert str(log) in capsys.readouterr().err


def test_a_sentence_of_ours_is_printed_as_it_is(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert fails(CannotStart("port 8000 is held by nginx."), tmp_path / "logs") == 1
    assert capsys.readouterr().err == "\nport 8000 is held by nginx.\n"
    assert not (tmp_path / "logs").exists()


def test_the_steps_of_a_report_are_in_the_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    def work() -> int:
        with Report(quiet=True).step("start registry and database"):
            raise KeyError("pid")

    assert guarded("The demo (up)", work) == 1
    assert "failed at the step “start registry and database”" in capsys.readouterr().err


def _broken(*_: Any, **__: Any) -> NoReturn:
    raise KeyError("Descriptor")


_PROGRAMS: dict[str, tuple[str, Callable[[], int]]] = {
    "demo": ("deploy.demo.__main__._instance", lambda: demo.main(["status"])),
    "node": ("deploy.node.__main__.Docker", lambda: node.main(["refuse", "machine-1"])),
    "compose": (
        "deploy.compose.__main__.Keys",
        lambda: compose.main(
            ["init", "--app-origin", "https://a.test", "--content-origin", "https://b.test"]
        ),
    ),
    "lab": ("tests.support.engines.lab.Lab", lambda: lab.main(["--", "true"])),
    "nodes": ("tests.support.engines.nodes.NodeLab", lambda: nodes.main(["--", "true"])),
    "netns": ("tests.support.netns.Room", lambda: netns.main(["--", "true"])),
    "dev": ("tests.support.dev.__main__.DevPlatform", lambda: dev.main(["--once"])),
    "packages": ("tests.support.packages.packages.ensure", packages.main),
    "engine": ("tests.support.engines.engine_kind.kind", engine_kind.main),
    "volumes": ("deploy.node.volumes.__main__.Ext4Images", lambda: volumes.main([])),
    "seed": ("tests.support.university.__main__.dev_instance", seed.main),
    "compatibility": ("deploy.compatibility.json.loads", compatibility.main),
    "folders": (
        "deploy.node.folder_files.__main__.build",
        lambda: folders.main(["--trusted", "keys"]),
    ),
    "contract": ("deploy.contract.api.openapi_json", contract.main),
    "release": ("deploy.release.__main__.Repository", lambda: release.main(["0.2.0"])),
}


@pytest.mark.parametrize("program", _PROGRAMS)
def test_every_program_fails_with_a_sentence(
    program: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    broken, main = _PROGRAMS[program]
    monkeypatch.setattr(broken, _broken)
    monkeypatch.setattr("os.geteuid", lambda: 0)
    monkeypatch.setattr("sys.argv", ["program"])
    monkeypatch.setattr("deploy.demo.engines.authorities.trust_here", lambda: None)
    monkeypatch.chdir(tmp_path)
    assert main() == 1
    said = capsys.readouterr().err
    assert "failed" in said
    assert "failure-" in said
    assert not _OF_PYTHON.search(said)


def test_no_program_is_left_out() -> None:
    """Every module that can be run by its name goes through `guarded`."""
    programs = {
        path.relative_to(ROOT).as_posix()
        for folder in ("deploy", "tests/support")
        for path in (ROOT / folder).rglob("*.py")
        if 'if __name__ == "__main__"' in path.read_text("utf-8")
    }
    calls = {
        program
        for program in programs
        for node in ast.walk(ast.parse((ROOT / program).read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == failures.guarded.__name__
    }
    assert programs - calls == set()
    assert len(programs) == len(_PROGRAMS)
