"""docs/glossary.md names every value of the enums that people see; their words: a page test."""

import importlib
import re
from enum import StrEnum
from pathlib import Path

import pytest

GLOSSARY = Path(__file__).parents[2] / "docs/glossary.md"
_CODE = re.compile(r"^Code: `([\w.]+)\.(\w+)`", re.MULTILINE)
_VALUE = re.compile(r"^\| `(\w+)` \|", re.MULTILINE)


def sections() -> list[str]:
    values = GLOSSARY.read_text("utf-8").split("## Values", 1)[1]
    return values.split("\n### ")[1:]


@pytest.mark.parametrize("section", sections(), ids=lambda section: section.splitlines()[0])
def test_the_glossary_names_every_value(section: str) -> None:
    named = _CODE.search(section)
    assert named, "a section says where its values are in the code"
    module, name = named.groups()
    kind: type[StrEnum] = getattr(importlib.import_module(module), name)
    assert _VALUE.findall(section) == [str(member.value) for member in kind]
