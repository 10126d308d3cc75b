"""`python -m mydocker_api serve|migrate|openapi`."""

import sys
from functools import partial
from pathlib import Path

import mydocker_kit.observability.shared_metrics  # noqa: F401 - before anything that makes a metric
from mydocker_kit.runtime import cli

from .limits.rates import SharedLimits
from .main import build, build_edge
from .openapi import openapi_json
from .settings import Settings

MIGRATIONS = Path(__file__).parent.parent / "migrations"


def parts(settings: Settings) -> list[cli.Part]:
    """The processes at the api's port, and the one that the edge asks about environments."""
    own, beside, shared = settings.of_process(), settings.of_access(), SharedLimits()
    serving = [
        cli.Part(f"api-{number}", settings.listen_port, partial(build, own, shared=shared))
        for number in range(1, settings.processes + 1)
    ]
    return [*serving, cli.Part("access", settings.access_port, partial(build_edge, beside))]


if sys.argv[1:] == ["openapi"]:
    sys.stdout.write(openapi_json())
else:
    cli.main("api", Settings, build, MIGRATIONS, parts)
