"""The version, and the files that repeat it.

`mydocker_kit/version.py` is the source. npm and the committed OpenAPI description cannot read it,
so they repeat it; `tests/architecture/test_version.py` compares them.
"""

import json
import re
from pathlib import Path

from deploy.machine.failures import CannotStart

SOURCE = Path("services/kit/mydocker_kit/version.py")
_DESCRIPTION = Path("services/api/openapi.json")
_RELEASED = Path("services/api/openapi.released.json")
"""What `deploy.compatibility` compares later descriptions with."""
_PACKAGE = Path("frontend/package.json")
_PACKAGE_LOCK = Path("frontend/package-lock.json")
_ASSIGNED = re.compile(r'^VERSION = "(.+)"$', re.MULTILINE)
_SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")

FILES = (SOURCE, _DESCRIPTION, _RELEASED, _PACKAGE, _PACKAGE_LOCK)


def parse(version: str) -> tuple[int, int, int]:
    """The three numbers of a Semantic Version without suffix; `CannotStart` for anything else."""
    match = _SEMANTIC.fullmatch(version)
    if match is None:
        raise CannotStart(f"'{version}' is no version: give three numbers such as 0.2.0.")
    major, minor, patch = match.groups()
    return int(major), int(minor), int(patch)


def current(root: Path) -> str:
    match = _ASSIGNED.search((root / SOURCE).read_text("utf-8"))
    if match is None:
        raise CannotStart(f'{SOURCE} has no line VERSION = "…".')
    return match[1]


def repeated(root: Path) -> dict[str, str]:
    """What each repeating file says, by the place in it."""
    lock = json.loads((root / _PACKAGE_LOCK).read_text("utf-8"))
    return {
        str(_DESCRIPTION): json.loads((root / _DESCRIPTION).read_text("utf-8"))["info"]["version"],
        str(_PACKAGE): json.loads((root / _PACKAGE).read_text("utf-8"))["version"],
        str(_PACKAGE_LOCK): lock["version"],
        f"{_PACKAGE_LOCK} packages": lock["packages"][""]["version"],
    }


def write(root: Path, version: str) -> None:
    """Change the source and every file that repeats it. Safe to repeat."""
    before = current(root)
    source = root / SOURCE
    source.write_text(_ASSIGNED.sub(f'VERSION = "{version}"', source.read_text("utf-8")), "utf-8")
    for path, times in ((_DESCRIPTION, 1), (_PACKAGE, 1), (_PACKAGE_LOCK, 2)):
        text = (root / path).read_text("utf-8")
        # The first occurrences are the project's own; packages of the same version come later.
        own = (f'"version": "{before}"', f'"version": "{version}"')
        if path == _DESCRIPTION:
            text = own[1].join(text.rsplit(own[0], times))
        else:
            text = text.replace(*own, times)
        (root / path).write_text(text, "utf-8")
    (root / _RELEASED).write_text((root / _DESCRIPTION).read_text("utf-8"), "utf-8")
    wrong = {file: said for file, said in repeated(root).items() if said != version}
    if wrong:
        raise CannotStart(f"these do not say {version}: {wrong}.")
