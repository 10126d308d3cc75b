"""Every dependency's licence lets this project be distributed under Apache-2.0."""

import importlib.metadata
import json
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PERMISSIVE = (
    "MIT",
    "MIT-0",
    "MIT License",
    "BSD",
    "BSD License",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "0BSD",
    "ISC",
    "Apache-2.0",
    "Apache 2.0",
    "Apache License Version 2.0",
    "Apache Software License",
    "PSF-2.0",
    "Python Software Foundation License",
    "Unlicense",
    "CC0-1.0",
    "OFL-1.1",
)
BY_FILE = ("MPL-2.0", "Mozilla Public License 2.0 (MPL 2.0)")
"""Binds the files of the dependency alone; we change none of them."""
DUAL = {"asyncssh": "EPL-2.0 or GPL-2.0-or-later: used as a library, unchanged, under EPL-2.0"}
BSD_DERIVED = {"supervisor": "a licence derived from BSD, with a notice on trademarks"}


def is_allowed(licence: str) -> bool:
    """An SPDX expression or a classifier; each part of an `AND`, one part of an `OR`."""
    return any(
        all(
            part.strip(" ()") in (*PERMISSIVE, *BY_FILE) or part.strip() in BY_FILE for part in both
        )
        for both in (re.split(r"\s+AND\s+|;\s*", choice) for choice in licence.split(" OR "))
    )


def of_package(metadata: importlib.metadata.PackageMetadata) -> str:
    expression = _field(metadata, "License-Expression")
    if expression:
        return expression
    classifiers = [
        text.split(" :: ")[-1]
        for text in metadata.get_all("Classifier") or []
        if text.startswith("License ::") and not text.endswith(("OSI Approved", "DFSG approved"))
    ]
    return "; ".join(classifiers) or _field(metadata, "License") or "unknown"


def _field(metadata: importlib.metadata.PackageMetadata, name: str) -> str:
    values = metadata.get_all(name) or [""]
    return str(values[0])


def test_python_packages_permit_it() -> None:
    locked = set(re.findall(r"^([a-z0-9][a-z0-9._-]*)==", _lock(), re.MULTILINE))
    known = DUAL.keys() | BSD_DERIVED.keys()
    refused = {
        str(distribution.metadata["Name"]): of_package(distribution.metadata)
        for distribution in importlib.metadata.distributions()
        if str(distribution.metadata["Name"]).lower().replace("_", "-") in locked - known
        and not is_allowed(of_package(distribution.metadata))
    }
    assert len(locked) > 50
    assert refused == {}


def test_packages_of_the_page_permit_it() -> None:
    lock = json.loads((ROOT / "frontend/package-lock.json").read_text(encoding="utf-8"))
    shipped = {
        name: entry.get("license", "unknown")
        for name, entry in lock["packages"].items()
        if name and not entry.get("dev")
    }
    refused = {name: said for name, said in shipped.items() if not is_allowed(said)}
    assert len(shipped) > 50
    assert refused == {}


def _lock() -> str:
    return (ROOT / "requirements/dev.txt").read_text(encoding="utf-8")
