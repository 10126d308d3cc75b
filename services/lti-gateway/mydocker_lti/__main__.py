"""`python -m mydocker_lti serve|migrate`."""

from pathlib import Path

from mydocker_kit.runtime.cli import main

from .main import build
from .settings import SERVICE, GatewaySettings

main(SERVICE, GatewaySettings, build, Path(__file__).parents[1] / "migrations")
