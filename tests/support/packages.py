"""Debian packages of the tests, and their Docker engine: `python -m tests.support.packages`."""

from deploy.machine.failures import doing, guarded

from deploy.machine import packages

from .engines import engine_kind


def main() -> int:
    return guarded("tests.support.packages", _ensure)


def _ensure() -> int:
    with doing("install the Debian packages of the tests"):
        packages.ensure(packages.FOR_TESTS)
        packages.ensure([packages.CLIENT])
        if engine_kind.kind() is engine_kind.Kind.CURRENT:
            engine_kind.ready()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
