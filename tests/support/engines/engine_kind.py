"""The Docker engine that tests start, named by the setting `MYDOCKER_TEST_ENGINE_KIND`.

`debian` is whatever `dockerd` is installed (20.10 on Debian 12). `current`, the default, is what
Debian's next release offers (deploy.demo.engines.engine_packages), configured to refuse the clients
that Docker 29 refuses. Its programs come first in PATH.

`python -m tests.support.engines.engine_kind` makes it ready and prints its version.
"""

import os
import sys
from collections.abc import Mapping
from enum import StrEnum
from pathlib import Path

from deploy.demo.engines import engine_packages
from deploy.machine.commands import run
from deploy.machine.failures import CannotStart, doing, guarded

SETTING = "MYDOCKER_TEST_ENGINE_KIND"
MINIMUM_API = "DOCKER_MIN_API_VERSION"
"""Read by `dockerd`: clients that speak an older version of its API are refused."""
FLOOR = "1.44"
"""Of Docker 29, which has it by itself."""


class Kind(StrEnum):
    """Which engine tests start."""

    CURRENT = "current"
    DEBIAN = "debian"


DEFAULT = Kind.CURRENT


def kind(environment: Mapping[str, str] = os.environ) -> Kind:
    """The kind that the setting names; `CannotStart` for an unknown one."""
    given = environment.get(SETTING) or DEFAULT
    try:
        return Kind(given)
    except ValueError:
        known = ", ".join(Kind)
        raise CannotStart(f"{SETTING} is {given}: set it to one of {known}.") from None


def environment_for_tests(environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """The environment in which every `dockerd` that is started is of the chosen kind."""
    if kind(environment) is Kind.DEBIAN:
        return dict(environment)
    programs = ready()
    path = f"{programs}:{environment.get('PATH', '')}"
    floor = environment.get(MINIMUM_API) or FLOOR
    return {**environment, SETTING: Kind.CURRENT, "PATH": path, MINIMUM_API: floor}


def ready() -> Path:
    """The folder with the current engine's programs; prints their version."""
    try:
        programs = engine_packages.ready()
    except CannotStart as error:
        instead = f"Or set {SETTING}=debian to test on the installed engine."
        raise CannotStart(f"{error} {instead}") from error
    version = run([str(programs / "dockerd"), "--version"], why="the current Docker engine")
    print(f"  · tests start {version.strip()} ({programs.parent.name})", file=sys.stderr)
    return programs


def main() -> int:
    return guarded("tests.support.engines.engine_kind", _make_ready)


def _make_ready() -> int:
    with doing("unpack the current Docker engine"):
        if kind() is Kind.CURRENT:
            ready()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
