"""Debian packages of the tests, and their Docker engine: `python -m deploy.testing.packages`."""

import sys

from deploy.demo import packages
from deploy.demo.errors import CannotStart

from . import engine_packages


def main() -> int:
    try:
        packages.ensure(packages.FOR_TESTS)
        if engine_packages.kind() is engine_packages.Kind.CURRENT:
            engine_packages.ready()
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
