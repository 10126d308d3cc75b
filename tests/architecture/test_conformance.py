"""Each row of the LTI list is a test named by its id, or docs/lti/conformance.md says why not."""

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = {
    "LI": 14, "BP": 28, "VL": 17, "CK": 12, "DL": 11, "NR": 7, "AG": 11, "TK": 4, "DR": 8, "KY": 6,
    "MT": 5,
}  # fmt: skip
"""How many rows each section of the checklist has."""
IDS = [f"{section}-{row:02}" for section, last in ROWS.items() for row in range(1, last + 1)]
_ID = re.compile(r"(?<![a-z0-9])(" + "|".join(ROWS).lower() + r")_(\d\d)(?!\d)")
_TABLE_ROW = re.compile(r"^\| ([A-Z]{2}-\d\d) \|.*\| (.*) \|$", re.MULTILINE)
_TEST = re.compile(r"`([^`]+)`")
_MOODLE = re.compile(r"^\| Moodle: (.*) \| (.*) \|$", re.MULTILINE)


def names_in(path: Path) -> set[str]:
    """Functions that are tests, and the ids of their parameters; of vitest, the suites."""
    text = path.read_text("utf-8")
    if path.suffix == ".ts":
        return set(re.findall(r'(?:describe|it)\("([^"]+)"', text))
    tree = ast.parse(text)
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    tests = {
        node.name
        for node in ast.walk(tree)
        if isinstance(node, kinds) and node.name.startswith("test_")
    }
    ids = {
        keyword.value.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        for keyword in node.keywords
        if keyword.arg == "id" and isinstance(keyword.value, ast.Constant)
    }
    return tests | {name for name in ids if isinstance(name, str)}


def all_names() -> set[str]:
    paths = [*ROOT.glob("tests/**/test_*.py"), *ROOT.glob("frontend/src/**/*.test.ts")]
    return {name for path in paths for name in names_in(path)}


def ids_of(name: str) -> set[str]:
    """`test_li_01_li_02_login` is about LI-01 and LI-02; a suite says `CK-10 copying`."""
    return {f"{section.upper()}-{row}" for section, row in _ID.findall(name)} | {
        id for id in IDS if name.startswith(f"{id} ")
    }


def documented() -> dict[str, str]:
    return dict(_TABLE_ROW.findall((ROOT / "docs/lti/conformance.md").read_text("utf-8")))


def test_every_row_is_written_down_once() -> None:
    text = (ROOT / "docs/lti/conformance.md").read_text("utf-8")
    assert [id for id, _ in _TABLE_ROW.findall(text)] == IDS


def test_every_row_names_tests_that_exist_or_a_reason() -> None:
    known = all_names()
    for id, said in documented().items():
        tests = _TEST.findall(said)
        if tests:
            assert set(tests) <= known, (id, set(tests) - known)
            assert any(id in ids_of(test) for test in tests), id
        else:
            assert len(said) > 20, f"{id} has neither test nor reason"


def test_every_fact_about_moodle_names_tests_that_exist() -> None:
    facts = _MOODLE.findall((ROOT / "docs/lti/conformance.md").read_text("utf-8"))
    known = all_names()
    assert len(facts) >= 14
    for fact, said in facts:
        tests = set(_TEST.findall(said))
        assert tests, fact
        assert tests <= known, (fact, tests - known)
