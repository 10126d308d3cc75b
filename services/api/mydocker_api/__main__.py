"""`python -m mydocker_api serve|migrate|openapi`."""

import sys
from pathlib import Path

from mydocker_kit import cli

from .main import build
from .openapi import openapi_json
from .settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"


if sys.argv[1:] == ["openapi"]:
    sys.stdout.write(openapi_json())
else:
    cli.main("api", Settings, build, MIGRATIONS)
