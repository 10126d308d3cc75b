"""docs/glossary.md names every value of the enums that people see, and words that no screen uses.

The same for the texts of the page: `frontend/src/locales/glossary.test.ts`.
"""

import ast
import importlib
import re
from enum import StrEnum
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
GLOSSARY = ROOT / "docs/glossary.md"
_CODE = re.compile(r"^Code: `([\w.]+)\.(\w+)`", re.MULTILINE)
_UNUSED = re.compile(r"^\| (English|French) \| ([^|]+) \| [^|]+ \|$", re.MULTILINE)
_LANGUAGE = {
    "services/lti-gateway/mydocker_lti/web/sentences/english.py": ("English",),
    "services/lti-gateway/mydocker_lti/web/sentences/french.py": ("French",),
}
"""Files in one language; a word of the other is no fault there."""
_SCREENS = (
    *_LANGUAGE,
    "services/lti-gateway/mydocker_lti/domain/openid_configuration.py",
    "services/lti-gateway/mydocker_lti/platforms/texts.py",
    "services/lti-gateway/mydocker_lti/web/texts.py",
    "services/api/mydocker_api/access/pages.py",
    "services/bastion/mydocker_bastion/domain/notices.py",
)
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


@pytest.mark.parametrize("screen", _SCREENS)
def test_pages_of_services_use_the_words_of_the_glossary(screen: str) -> None:
    constants = [
        node.value
        for node in ast.walk(ast.parse((ROOT / screen).read_text("utf-8")))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    rows = _UNUSED.findall(GLOSSARY.read_text("utf-8"))
    assert rows
    words = [
        term
        for language, listed in rows
        if language in _LANGUAGE.get(screen, (language,))
        for term in listed.split(", ")
    ]
    pattern = re.compile(rf"\b({'|'.join(words)})\b", re.IGNORECASE)
    assert [text for text in constants if pattern.search(text)] == []
