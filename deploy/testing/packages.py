"""Debian packages of the tests: `python -m deploy.testing.packages`."""

import sys

from deploy.demo import packages
from deploy.demo.errors import CannotStart


def main() -> int:
    try:
        packages.ensure(packages.FOR_TESTS)
    except CannotStart as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
