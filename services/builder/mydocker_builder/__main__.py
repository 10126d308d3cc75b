"""`python -m mydocker_builder serve|migrate`."""

from pathlib import Path

from mydocker_kit.runtime.cli import main

from .main import build
from .settings import BuilderSettings

if __name__ == "__main__":
    main("builder", BuilderSettings, build, Path(__file__).parent.parent / "migrations")
