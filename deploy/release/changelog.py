"""Sections of `CHANGELOG.md`: what is unreleased becomes the section of a version."""

import re
from datetime import date

UNRELEASED = "## Unreleased"
_SECTION = re.compile(r"^## .*$", re.MULTILINE)


def section(text: str, title: str) -> str | None:
    """What the section with this heading says, empty or not; None where there is none.

    `title` is `Unreleased` or a version; a released section has its date behind the version.
    """
    heading = re.search(rf"^## {re.escape(title)}(?: \(.*\))?$", text, re.MULTILINE)
    if heading is None:
        return None
    following = _SECTION.search(text, heading.end())
    return text[heading.end() : following.start() if following else len(text)].strip()


def with_release(text: str, version: str, day: date) -> str:
    """The changelog in which everything unreleased is the section of `version`."""
    return text.replace(UNRELEASED, f"{UNRELEASED}\n\n## {version} ({day.isoformat()})", 1)
