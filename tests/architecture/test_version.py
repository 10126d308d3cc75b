"""The version has one place; what cannot read it there says the same."""

import re
from pathlib import Path

from deploy.release import changelog, versions

from mydocker_kit.version import VERSION

ROOT = Path(__file__).parents[2]


def test_what_repeats_the_version_agrees_with_it() -> None:
    assert versions.current(ROOT) == VERSION
    assert set(versions.repeated(ROOT).values()) == {VERSION}


def test_no_package_has_a_version_of_its_own() -> None:
    static = [
        str(path.relative_to(ROOT))
        for path in (ROOT / "pyproject.toml", *ROOT.glob("services/*/pyproject.toml"))
        if re.search(r"^version = ", path.read_text("utf-8"), re.MULTILINE)
    ]
    assert static == []


def test_the_changelog_has_room_for_the_next_release() -> None:
    assert changelog.section((ROOT / "CHANGELOG.md").read_text("utf-8"), "Unreleased") is not None
