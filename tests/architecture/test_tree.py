"""How files look: rules for all of them."""

import ast
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
_NAMELESS = {"utils.py", "helpers.py", "common.py", "misc.py", "manager.py"}
_LONGEST, _LONGEST_TESTS = 400, 500
"""Lines a file may have before it must be split by noun."""


def _tracked(pattern: str) -> list[Path]:
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", pattern],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for line in listed.stdout.splitlines() if (path := ROOT / line).exists()]


def _modules() -> list[Path]:
    return [path for path in _tracked("*.py") if "versions" not in path.parts]


def test_every_module_opens_with_its_job() -> None:
    silent = [
        str(path.relative_to(ROOT))
        for path in _modules()
        if path.stat().st_size and ast.get_docstring(ast.parse(path.read_text("utf-8"))) is None
    ]
    assert silent == []


def test_no_module_is_a_drawer_for_everything() -> None:
    assert [path for path in _modules() if path.name in _NAMELESS] == []


def test_no_module_is_too_long() -> None:
    too_long = {}
    for path in _modules():
        length, name = len(path.read_text("utf-8").splitlines()), str(path.relative_to(ROOT))
        if length > (_LONGEST_TESTS if name.startswith("tests/") else _LONGEST):
            too_long[name] = length
    assert too_long == {}


@pytest.mark.parametrize("lock", ["runtime", "dev", "edge", "release"])
def test_every_pin_has_its_hashes(lock: str) -> None:
    text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
    pins = [line for line in text.splitlines() if line and line[0] not in " #"]
    assert pins
    unhashed = [line for line in pins if "==" not in line or not line.endswith("\\")]
    assert unhashed == []


def test_what_services_run_on_is_a_part_of_what_they_are_tested_with() -> None:
    def pins(lock: str) -> set[str]:
        text = (ROOT / "requirements" / f"{lock}.txt").read_text("utf-8")
        return {line.split(" ")[0] for line in text.splitlines() if "==" in line.split(" ")[0]}

    assert pins("runtime") <= pins("dev")


def test_nothing_names_this_machine_or_a_registry_of_packages() -> None:
    """Files move to other machines, and their mirrors are not ours."""
    names = ["pypi" + ".org", "registry.np" + "mjs.org", "files.python" + "hosted"]
    files = _tracked("*.txt") + _tracked("*package-lock.json") + _tracked("Makefile")
    files += [path for path in _tracked("deploy/*") if path.is_file()]
    guilty = [
        str(path.relative_to(ROOT))
        for path in files
        if any(name in path.read_text("utf-8", errors="replace") for name in names)
    ]
    assert guilty == []


def test_the_page_says_its_origin_and_never_a_path() -> None:
    """With `no-referrer` its forms come from `null`, and `/_mydocker/enter` lets nobody in."""
    page = (ROOT / "frontend/index.html").read_text("utf-8")
    [policy] = re.findall(r'<meta name="referrer" content="([^"]*)"', page)
    assert policy == "strict-origin"
