"""`python -m mydocker_orchestrator serve|migrate`."""

from pathlib import Path

from mydocker_kit.runtime.cli import main

from .main import SERVICE, build
from .settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"

if __name__ == "__main__":
    main(SERVICE, Settings, build, MIGRATIONS)
